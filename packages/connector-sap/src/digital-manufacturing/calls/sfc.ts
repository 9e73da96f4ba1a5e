import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-sfc.js'
import type { SapContext } from '../../http/sap-http.js'
import { inChunks } from '../in-parallel.js'
import { allPages, ask, type Dm, find, queryOf } from './dm.js'

type Schemas = components['schemas']

const named = z.object({ routing: z.string(), type: z.string(), version: z.string() })
const detailSchema = z.object({
  sfc: z.string(),
  defaultBatchId: z.string().nullish(),
  material: z.object({ material: z.string() }).nullish(),
  order: z.object({ order: z.string().nullish(), batchNumber: z.string().nullish() }).nullish(),
  routing: named,
  status: z.object({ code: z.string(), description: z.string().nullish() }),
  steps: z
    .array(
      z.object({
        operation: z.object({ operation: z.string() }).nullish(),
        plannedWorkCenter: z.string().nullish(),
      }),
    )
    .nullish(),
})
export type SfcDetail = z.infer<typeof detailSchema>

/** How a shop floor control stands; undefined when there is no such. */
export const sfcDetail = (dm: Dm, sfc: string, context: SapContext, steps = false) =>
  find(
    dm,
    {
      method: 'GET',
      path: `/sfc/v2/sfcdetail${queryOf({ plant: dm.plant, sfc, includeSfcSteps: steps || undefined })}`,
    },
    detailSchema,
    context,
  )

/** The shop floor controls of a serial number. */
export async function sfcsOfSerial(dm: Dm, serialNumber: string, context: SapContext) {
  const path = `/sfc/v1/sfcData${queryOf({ plant: dm.plant, serialNumber })}`
  const found = await find(dm, { method: 'GET', path }, z.array(z.object({ sfc: z.string() })), context)
  return (found ?? []).map(({ sfc }) => sfc)
}

const listSchema = z.object({
  content: z.array(z.object({ sfc: z.string() })),
  totalPages: z.number(),
})

/** The work list takes no more names at once. */
const mostNames = 5

/** Which of them are on hold, by the work list: its status `HOLD` is documented, the codes of `sfcdetail` are not. */
export async function heldOf(
  dm: Dm,
  sfcs: readonly string[],
  context: SapContext,
): Promise<ReadonlySet<string>> {
  const pages = await inChunks(sfcs, mostNames, (few) =>
    allPages(dm, (page) => {
      const asked = { plant: dm.plant, sfcs: few.join(','), sfcStatuses: 'HOLD', page, size: mostNames }
      return ask(dm, { method: 'GET', path: `/sfc/v2/worklist/sfcs${queryOf(asked)}` }, listSchema, context)
    }),
  )
  return new Set(pages.flat().map(({ sfc }) => sfc))
}

/** At most 500 at once. */
export async function holdSfcs(dm: Dm, sfcs: readonly string[], comments: string, context: SapContext) {
  const body: Schemas['PlaceHoldRequest'] = { plant: dm.plant, sfcs, comments }
  const call = { method: 'POST', path: '/sfc/v1/sfcs/hold', body: { ...body } } as const
  return ask(dm, call, z.object({ holdIds: z.array(z.string()).default([]) }), context)
}

/** At most 500 at once. */
export async function releaseSfcs(
  dm: Dm,
  sfcs: readonly string[],
  releaseComments: string,
  context: SapContext,
) {
  const body: Schemas['ReleaseHoldRequest'] = { plant: dm.plant, sfcs, releaseComments }
  const call = { method: 'POST', path: '/sfc/v1/sfcs/release', body: { ...body } } as const
  return ask(dm, call, z.object({ releasedSfcs: z.array(z.string()).default([]) }), context)
}
