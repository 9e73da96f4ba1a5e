import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { known, nothing, pageOf, type Route, requirePlant, route } from './route.js'
import { type DmSfc, nextNumber, type ShopFloor } from './shop-floor.js'
import { sfcStatuses } from './shop-floor-setup.js'

const plant = z.string().min(1).max(6)
const sfcs = z.array(z.string().min(1).max(128)).min(1).max(500)
const comments = z.string().min(1).max(2048).optional()

const holdBody = z.strictObject({
  ...{ plant, sfcs, comments },
  expectedReleaseDateTime: z.iso.datetime().optional(),
})
const releaseBody = z.strictObject({ plant, sfcs, releaseComments: comments })
const completeBody = z.strictObject({
  ...{ plant, sfcs, operation: z.string().min(1).max(36), resource: z.string().min(1).max(36) },
})
const flag = z.enum(['true', 'false']).default('false')
const detailQuery = z.strictObject({
  plant: z.string(),
  sfc: z.string(),
  includeSfcSteps: flag,
})
const dataQuery = z.strictObject({
  ...{ plant, sfc: z.string().max(128).optional(), serialNumber: z.string().max(18).optional() },
})
const few = z
  .string()
  .transform((text) => text.split(','))
  .refine((list) => list.length <= 5, 'takes at most 5')
const listQuery = z.strictObject({
  plant: z.string(),
  sfcs: few.optional(),
  sfcStatuses: z.string().optional(),
  page: z.coerce.number().int().min(0).default(0),
  size: z.coerce.number().int().min(1).max(500).default(20),
})

/** What a unit on the floor is, in DM's words. */
function shown({ sfc, material, order, batch, routing, status }: DmSfc): object {
  return {
    ...{ sfc, quantity: 1, routing },
    ...(batch === undefined ? {} : { defaultBatchId: batch }),
    material: { material, version: 'A', description: material },
    ...(order === undefined ? {} : { order }),
    status: { code: sfcStatuses[status], description: status },
  }
}

function stepsOf({ components, workCenter }: DmSfc): object[] {
  const operations = [
    ...new Set(['ASSEMBLE', ...components.map(({ operationActivity }) => operationActivity)]),
  ]
  return operations.map((operation, index) => ({
    stepId: String((index + 1) * 10),
    operation: { operation, version: 'A' },
    plannedWorkCenter: workCenter,
    stepDone: false,
  }))
}

/** All of them, or the refusal: nothing is done for some. */
const allOf = (floor: ShopFloor, wanted: readonly string[]): readonly DmSfc[] =>
  [...new Set(wanted)].map((sfc) => known(floor.sfcs, sfc, 'sfc'))

export const sfcRoutes: readonly Route[] = [
  route({
    ...{ method: 'POST', path: '/sfc/v1/sfcs/hold', shape: 'display' },
    ...{ body: holdBody, query: nothing },
    handle({ floor, body, changed }) {
      requirePlant(floor, body.plant)
      const units = allOf(floor, body.sfcs)
      const done = units.find(({ status }) => !['NEW', 'IN_QUEUE', 'ACTIVE'].includes(status))
      if (done !== undefined) {
        throw new DmRefusal(400, 'sfc.hold.invalid.status', `SFC ${done.sfc} is ${done.status}`)
      }
      for (const unit of units) {
        unit.statusBeforeHold = unit.status
        unit.hold = { holdId: nextNumber(floor, 'HOLD'), comments: body.comments ?? '' }
        changed('sfc.hold', unit.sfc, unit.status, 'HOLD')
        unit.status = 'HOLD'
      }
      return { holdIds: units.map(({ hold }) => hold?.holdId) }
    },
  }),
  route({
    ...{ method: 'POST', path: '/sfc/v1/sfcs/release', shape: 'display' },
    ...{ body: releaseBody, query: nothing },
    handle({ floor, body, changed }) {
      requirePlant(floor, body.plant)
      const units = allOf(floor, body.sfcs)
      const free = units.find(({ status }) => status !== 'HOLD')
      if (free !== undefined) {
        throw new DmRefusal(400, 'sfc.release.not.on.hold', `SFC ${free.sfc} is not on hold`)
      }
      for (const unit of units) {
        changed('sfc.release', unit.sfc, 'HOLD', unit.statusBeforeHold)
        unit.status = unit.statusBeforeHold
        unit.hold = null
      }
      return { releasedSfcs: units.map(({ sfc }) => sfc) }
    },
  }),
  route({
    ...{ method: 'POST', path: '/sfc/v1/sfcs/complete', shape: 'display' },
    ...{ body: completeBody, query: nothing },
    handle({ floor, body }) {
      requirePlant(floor, body.plant)
      const units = allOf(floor, body.sfcs)
      const held = units.find(({ status }) => !['IN_QUEUE', 'ACTIVE'].includes(status))
      if (held !== undefined) {
        throw new DmRefusal(400, 'sfc.complete.invalid.status', `SFC ${held.sfc} is ${held.status}`)
      }
      for (const unit of units) unit.status = 'DONE'
      return { sfcs: body.sfcs, success: true }
    },
  }),
  route({
    ...{ method: 'GET', path: '/sfc/v1/sfcData', shape: 'code' },
    ...{ body: nothing, query: dataQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const fits = ({ sfc, serialNumber }: DmSfc): boolean =>
        (query.sfc === undefined || sfc === query.sfc) &&
        (query.serialNumber === undefined || serialNumber === query.serialNumber)
      if (query.sfc === undefined && query.serialNumber === undefined) {
        throw new DmRefusal(400, 'sfc.or.serial', 'Give an SFC or a serial number')
      }
      const found = [...floor.sfcs.values()].filter(fits)
      if (found.length === 0) throw new DmRefusal(404, 'sfc.not.found', 'There is no such SFC')
      return found.map(shown)
    },
  }),
  route({
    ...{ method: 'GET', path: '/sfc/v2/sfcdetail', shape: 'code' },
    ...{ body: nothing, query: detailQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const unit = known(floor.sfcs, query.sfc, 'sfc')
      const order = floor.orders.get(unit.order ?? '')
      const orderFacts = {
        ...(unit.order === undefined ? {} : { order: unit.order }),
        ...(order?.batchNumber === undefined ? {} : { batchNumber: order.batchNumber }),
      }
      const steps = query.includeSfcSteps === 'true' ? { steps: stepsOf(unit) } : {}
      return { ...shown(unit), order: orderFacts, ...steps }
    },
  }),
  route({
    ...{ method: 'GET', path: '/sfc/v2/worklist/sfcs', shape: 'code' },
    ...{ body: nothing, query: listQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const statuses = query.sfcStatuses?.split(',') ?? ['NEW', 'IN_QUEUE', 'ACTIVE', 'HOLD']
      const found = [...floor.sfcs.values()].filter(
        ({ sfc, status }) => statuses.includes(status) && (query.sfcs?.includes(sfc) ?? true),
      )
      const { content, ...page } = pageOf(found, query.page, query.size)
      return { content: content.map(shown), ...page }
    },
  }),
]
