import type { JsonObject, JsonValue, Receipt } from '@andon/core/connector'
import * as z from 'zod'

export const receiptOf = (reference: string, proof: JsonObject, again: boolean): Receipt =>
  again ? { reference, proof, alreadyDone: true } : { reference, proof }

/** True when they agree in every field of the second. */
export const agrees = (state: JsonObject, wanted: JsonObject): boolean =>
  Object.entries(wanted).every(([name, value]) => state[name] === value)

const object = z.record(z.string(), z.json())

/** The object in a receipt's proof, or undefined when there is none. */
export const objectIn = (value: JsonValue | undefined): JsonObject | undefined => object.safeParse(value).data
