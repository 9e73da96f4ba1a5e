import type { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-production.js'
import { sapError } from '../../http/sap-error.js'
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
  readonly changed: readonly string[]
  /** Why the others were not; undefined when all were changed. */
  readonly error: AndonError | undefined
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
  const changed = (data?.success ?? []).map(({ sfc }) => sfc)
  const failed = data?.failed ?? []
  if (reply.status < 400 && failed.length === 0) return { changed, error: undefined }
  const [first] = failed
  const words = failed.flatMap((one) => one.message ?? one.code ?? []).join('; ')
  const said = { code: first?.code ?? code ?? '', message: words === '' ? (message ?? '') : words }
  // A 200 that says that it failed is a no like any other.
  const status = Math.max(400, reply.status)
  return { changed, error: sapError(dm.name, { ...reply, status, body: said }, dm.http.redactor) }
}
