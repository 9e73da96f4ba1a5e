import * as z from 'zod'
import type { SapContext } from '../../http/sap-http.js'
import { type Dm, find, queryOf } from './dm.js'

const componentsSchema = z.array(
  z.object({
    component: z.string(),
    batchNumber: z.string().nullish(),
    serialNumber: z.string().nullish(),
  }),
)

/** What was built into a unit at an operation. */
export async function assembledAt(dm: Dm, sfc: string, operationActivity: string, context: SapContext) {
  const path = `/assembly/v1/assembledComponents${queryOf({ plant: dm.plant, sfc, operationActivity })}`
  return (await find(dm, { method: 'GET', path }, componentsSchema, context)) ?? []
}
