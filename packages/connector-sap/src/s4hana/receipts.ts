import type { JsonObject, Receipt } from '@andon/core/connector'

export const receiptOf = (reference: string, proof: JsonObject, again: boolean): Receipt =>
  again ? { reference, proof, alreadyDone: true } : { reference, proof }

/** True when they agree in every field of the second. */
export const agrees = (state: JsonObject, wanted: JsonObject): boolean =>
  Object.entries(wanted).every(([name, value]) => state[name] === value)
