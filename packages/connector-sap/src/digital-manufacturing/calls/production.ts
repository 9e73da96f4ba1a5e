import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-production.js'
import type { SapContext } from '../../http/sap-http.js'
import { type Dm, read } from './dm.js'

type Schemas = components['schemas']
export type RoutingId = Schemas['RoutingId']

const failedSchema = z.object({ code: z.string().nullish(), message: z.string().nullish() })
const changedSchema = z.object({
  status: z.string().nullish(),
  data: z
    .object({
      success: z.array(z.object({ sfc: z.string() })).nullish(),
      failed: z.array(failedSchema).nullish(),
    })
    .nullish(),
  // What the gateway says itself has another shape.
  code: z.string().nullish(),
  message: z.string().nullish(),
})

/** What became of each unit: the answer may be a refusal although some were changed, and a 200 although some were not. */
export interface ProductionChange {
  readonly status: number
  readonly changed: readonly string[]
  /** What DM says of the others; empty when all were changed. */
  readonly problem: string
  readonly code: string
}

/** Sends units to the first step of another routing. */
export async function changeProduction(
  dm: Dm,
  sfcs: readonly string[],
  routing: RoutingId,
  context: SapContext,
): Promise<ProductionChange> {
  const body: Schemas['ChangeProductionRequest'] = {
    ...{ plant: dm.plant, sfcs: sfcs.map((sfc) => ({ sfc })), routing },
  }
  const path = '/production/v2/changeProduction'
  const reply = await dm.http.send({ method: 'POST', path, body: { ...body } }, context)
  const { data, code, message } = read(dm, changedSchema, reply.body ?? {})
  const failed = data?.failed ?? []
  const all = [...failed, ...(reply.status >= 400 && failed.length === 0 ? [{ code, message }] : [])]
  return {
    status: reply.status,
    changed: (data?.success ?? []).map(({ sfc }) => sfc),
    problem: all.map((one) => one.message ?? one.code ?? `HTTP ${reply.status}`).join('; '),
    code: all[0]?.code ?? '',
  }
}
