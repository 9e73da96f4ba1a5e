import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-nonconformance.js'
import type { SapContext } from '../../http/sap-http.js'
import { allPages, ask, type Dm, queryOf, tell } from './dm.js'

type Schemas = components['schemas']

const nonconformanceSchema = z.object({
  id: z.string(),
  sfc: z.string(),
  state: z.string(),
  comments: z.string().nullish(),
  createdDateTime: z.string().nullish(),
  dataFields: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish(),
})
export type Nonconformance = z.infer<typeof nonconformanceSchema>

const pageSchema = z.object({ content: z.array(nonconformanceSchema), totalPages: z.number() })

/** All nonconformances of a unit. */
export const nonconformancesOf = (dm: Dm, sfc: string, context: SapContext) =>
  allPages(dm, (page) => {
    const path = `/nonconformance/v2/nonconformances${queryOf({ plant: dm.plant, sfc, page, size: 1_000 })}`
    return ask(dm, { method: 'GET', path }, pageSchema, context)
  })

const loggedSchema = z.object({
  ids: z.array(z.object({ sfc: z.string(), ids: z.array(z.string()).min(1) })),
})

export interface NonconformanceToLog {
  readonly code: string
  readonly sfcs: readonly string[]
  readonly dataFields: readonly { readonly key: string; readonly value: string }[]
  /** A text to be attached. */
  readonly attachment?: string | undefined
}

/** One for each unit; unit → its id. */
export async function logNonconformance(
  dm: Dm,
  { code, sfcs, dataFields, attachment }: NonconformanceToLog,
  context: SapContext,
): Promise<ReadonlyMap<string, string>> {
  const fileContent = attachment === undefined ? undefined : Buffer.from(attachment).toString('base64')
  const body: Schemas['LogNonConformanceRequest'] = {
    ...{ code, plant: dm.plant, sfcs, dataFields },
    // What customers say is no step of the work: the unit need not be at a machine.
    startSfcRequired: false,
    ...(fileContent !== undefined && {
      files: [{ fileName: 'andon-words.txt', fileMediaType: 'text/plain', fileContent }],
    }),
  }
  const call = { method: 'POST', path: '/nonconformance/v1/log', body: { ...body } } as const
  const { ids } = await ask(dm, call, loggedSchema, context)
  return new Map(ids.map(({ sfc, ids: [id = ''] }) => [sfc, id]))
}

export async function closeNonconformance(dm: Dm, id: string, comments: string, context: SapContext) {
  const body: Schemas['CloseNonConformanceRequest'] = { id, plant: dm.plant, comments }
  await tell(dm, { method: 'POST', path: '/nonconformance/v1/close', body: { ...body } }, context)
}
