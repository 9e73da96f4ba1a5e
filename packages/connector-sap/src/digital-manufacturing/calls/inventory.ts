import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-inventory.js'
import { sapError } from '../../http/sap-error.js'
import type { SapContext } from '../../http/sap-http.js'
import { allPages, ask, type Dm, queryOf } from './dm.js'

type Schemas = components['schemas']
export type StockStatus = NonNullable<Schemas['UpdateInventoryRequest']['status']>

const stockSchema = z.object({
  inventoryId: z.string(),
  material: z.string(),
  materialVersion: z.string().nullish(),
  batchNumber: z.string().nullish(),
  status: z.enum(['UNRESTRICTED', 'RESTRICTED', 'QUALITY_INSPECTION', 'BLOCKED']),
  comments: z.string().nullish(),
  origin: z.string().nullish(),
  thirdPartyImported: z.boolean().nullish(),
  storageLocation: z.string().nullish(),
  modifiedDateTime: z.string(),
  quantityOnHand: z.object({ value: z.number() }).nullish(),
})
export type Stock = z.infer<typeof stockSchema>

const pageSchema = z.object({ content: z.array(stockSchema), totalPages: z.number() })

type Wanted = Pick<Schemas['QueryInventoryRequest'], 'batchNumber' | 'material' | 'inventoryIds'>

/** Sorted by id, so that the first one is the same every time. */
export const stocksOf = (dm: Dm, wanted: Wanted, context: SapContext) =>
  allPages(dm, (page) => {
    const body: Schemas['QueryInventoryRequest'] = {
      ...{ plant: dm.plant, ...wanted, page, size: 100 },
      sort: [{ fieldName: 'inventoryId' }],
    }
    const call = { method: 'POST', path: '/inventory/v2/inventories/query', body: { ...body } } as const
    return ask(dm, call, pageSchema, context)
  })

/** False when somebody else has changed it since it was read. */
export async function updateStock(
  dm: Dm,
  { inventoryId, modifiedDateTime }: Stock,
  to: { readonly status: StockStatus; readonly comments: string },
  context: SapContext,
): Promise<boolean> {
  const body: Schemas['UpdateInventoryRequest'] = { ...to, lastModifiedDateTime: modifiedDateTime }
  const path = `/inventory/v2/inventories/${encodeURIComponent(inventoryId)}${queryOf({ plant: dm.plant })}`
  const reply = await dm.http.send({ method: 'PATCH', path, body: { ...body } }, context)
  if (reply.status === 409) return false
  if (reply.status >= 400) throw sapError(dm.name, reply, dm.http.redactor)
  return true
}

const issuesSchema = z.object({
  content: z.array(z.object({ sfc: z.string().nullish(), postingStatus: z.string().nullish() })),
  totalPages: z.number(),
})

/** The units that a lot of this material went into, without what was cancelled. */
export async function unitsWithLot(
  dm: Dm,
  lot: { readonly material: string; readonly materialVersion: string; readonly batchNumber: string },
  context: SapContext,
): Promise<readonly string[]> {
  const issues = await allPages(dm, (page) => {
    const path = `/inventory/v2/inventory/goodsIssues${queryOf({ plant: dm.plant, ...lot, page, size: 500 })}`
    return ask(dm, { method: 'GET', path }, issuesSchema, context)
  })
  const sfcs = issues.flatMap(({ sfc, postingStatus }) =>
    typeof sfc !== 'string' || postingStatus?.startsWith('CANCELLATION_POSTED') === true ? [] : [sfc],
  )
  return [...new Set(sfcs)].sort()
}
