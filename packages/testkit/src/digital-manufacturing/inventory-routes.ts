import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { known, nothing, pageOf, type Route, requirePlant, route } from './route.js'
import type { DmStock } from './shop-floor.js'
import { stockStatuses } from './shop-floor-setup.js'

const plant = z.string().min(1).max(6)
const queryBody = z.strictObject({
  plant,
  batchNumber: z.string().max(412).optional(),
  material: z.string().max(40).optional(),
  inventoryIds: z.array(z.string().max(128)).max(50).optional(),
  page: z.int().min(0).default(0),
  size: z.int().min(1).max(100).default(20),
  sort: z
    .array(z.strictObject({ fieldName: z.literal('inventoryId'), order: z.enum(['ASC', 'DESC']).optional() }))
    .optional(),
})
const updateBody = z.strictObject({
  status: z.enum(stockStatuses).optional(),
  comments: z.string().max(4000).optional(),
  lastModifiedDateTime: z.iso.datetime(),
})
const issuesQuery = z.strictObject({
  plant: z.string(),
  material: z.string().max(40),
  materialVersion: z.string().max(20),
  batchNumber: z.string().max(10).optional(),
  sfc: z.string().max(128).optional(),
  page: z.coerce.number().int().min(0).default(0),
  size: z.coerce.number().int().min(1).max(500).default(20),
})

const shown = ({ quantity, ...stock }: DmStock): object => ({
  ...stock,
  quantityOnHand: { value: quantity, internalUnitOfMeasure: 'ST' },
  thirdPartyImported: false,
  createdDateTime: '2025-12-01T00:00:00.000Z',
})

export const inventoryRoutes: readonly Route[] = [
  route({
    ...{ method: 'POST', path: '/inventory/v2/inventories/query', shape: 'code', reads: true },
    ...{ body: queryBody, query: nothing },
    handle({ floor, body }) {
      requirePlant(floor, body.plant)
      const found = [...floor.stocks.values()].filter(
        ({ batchNumber, material, inventoryId }) =>
          (body.batchNumber === undefined || batchNumber === body.batchNumber) &&
          (body.material === undefined || material === body.material) &&
          (body.inventoryIds?.includes(inventoryId) ?? true),
      )
      if (body.sort !== undefined) found.sort((one, other) => (one.inventoryId < other.inventoryId ? -1 : 1))
      const { content, ...page } = pageOf(found, body.page, body.size)
      return { content: content.map(shown), ...page }
    },
  }),
  route({
    ...{ method: 'PATCH', path: '/inventory/v2/inventories/{}', shape: 'code' },
    ...{ body: updateBody, query: z.strictObject({ plant }) },
    handle({ floor, body, query, id, at, changed }) {
      requirePlant(floor, query.plant)
      const stock = known(floor.stocks, id, 'inventory')
      if (body.lastModifiedDateTime !== stock.modifiedDateTime) {
        throw new DmRefusal(409, 'inventory.modified', `${id} has been changed by somebody else`)
      }
      if (stock.origin !== 'DMC') {
        throw new DmRefusal(400, 'inventory.origin', `${id} comes from ${stock.origin}: change it there`)
      }
      const { status = stock.status, comments = stock.comments } = body
      changed('stock.status', id, stock.status, status)
      // Two changes within one millisecond are still two.
      const before = Date.parse(stock.modifiedDateTime)
      const modifiedDateTime = new Date(Math.max(at, before + 1)).toISOString()
      Object.assign(stock, { status, comments, modifiedDateTime })
      return shown(stock)
    },
  }),
  route({
    ...{ method: 'GET', path: '/inventory/v2/inventory/goodsIssues', shape: 'code' },
    ...{ body: nothing, query: issuesQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const issues = [...floor.sfcs.values()].flatMap(({ sfc, order, components }) =>
        components
          .filter(
            ({ component, componentVersion, batchNumber }) =>
              component === query.material &&
              componentVersion === query.materialVersion &&
              (query.batchNumber === undefined || batchNumber === query.batchNumber) &&
              (query.sfc === undefined || sfc === query.sfc),
          )
          .map(({ component, componentVersion, batchNumber }) => ({
            ...{
              sfc,
              material: component,
              materialVersion: componentVersion,
              postingStatus: 'POSTED_IN_DMC',
            },
            ...(order === undefined ? {} : { order }),
            ...(batchNumber === undefined ? {} : { batchNumber }),
          })),
      )
      return pageOf(issues, query.page, query.size)
    },
  }),
]
