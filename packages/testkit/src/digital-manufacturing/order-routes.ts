import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { known, nothing, type Route, requirePlant, route } from './route.js'
import type { DmOrder, ShopFloor } from './shop-floor.js'

const orderQuery = z.strictObject({
  ...{ plant: z.string(), order: z.string(), ignoreSfcs: z.enum(['true', 'false']).default('false') },
})
const customBody = z.strictObject({
  ...{ plant: z.string(), order: z.string() },
  customValues: z.array(z.strictObject({ attribute: z.string().min(1), value: z.string().max(4000) })).min(1),
})
const rescheduleBody = z.strictObject({
  plant: z.string(),
  order: z.string(),
  dateTime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'must be YYYY-MM-DDThh:mm:ssZ'),
  resource: z.string().optional(),
  operation: z.string().optional(),
  includeShiftBreaks: z.boolean().optional(),
  mode: z.enum(['INFINITE', 'FINDSLOT']).default('INFINITE'),
})

/** Set by a fault: the next reschedule says that it failed. */
export const scheduleFailed = 'failed to schedule'

const sfcsOf = (floor: ShopFloor, wanted: string): readonly string[] =>
  [...floor.sfcs.values()].filter(({ order }) => order === wanted).map(({ sfc }) => sfc)

const customList = (values: DmOrder['customValues']): object[] =>
  Object.entries(values).map(([attribute, value]) => ({ attribute, value }))

export const orderRoutes: readonly Route[] = [
  route({
    ...{ method: 'GET', path: '/order/v1/orders', shape: 'code' },
    ...{ body: nothing, query: orderQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const { customValues, material, ...order } = known(floor.orders, query.order, 'order')
      return {
        ...{
          ...order,
          plant: floor.setup.plant,
          releaseStatus: 'RELEASED',
          orderCategory: 'PRODUCTION_ORDER',
        },
        material: { material, version: 'A' },
        ...(query.ignoreSfcs === 'true' ? {} : { sfcs: sfcsOf(floor, order.order) }),
        customValues: customList(customValues),
      }
    },
  }),
  route({
    ...{ method: 'PATCH', path: '/order/v1/orders/customValues', shape: 'code' },
    ...{ body: customBody, query: nothing },
    handle({ floor, body }) {
      requirePlant(floor, body.plant)
      const order = known(floor.orders, body.order, 'order')
      const stray = body.customValues.find(
        ({ attribute }) => !floor.setup.orderCustomFields.includes(attribute),
      )
      if (stray !== undefined) {
        throw new DmRefusal(400, 'customfield.unknown', `There is no custom field ${stray.attribute}`)
      }
      for (const { attribute, value } of body.customValues) order.customValues[attribute] = value
      return undefined
    },
  }),
  route({
    ...{ method: 'POST', path: '/reo/v1/rescheduleOrder', shape: 'code' },
    ...{ body: rescheduleBody, query: z.object({}) },
    handle({ floor, body, changed }) {
      requirePlant(floor, body.plant)
      const order = known(floor.orders, body.order, 'order')
      // An order that runs or is done stays where it is, and the answer is a 200 all the same.
      if (order.executionStatus !== 'NOT_IN_EXECUTION' || order.status !== 'RELEASABLE') {
        return { message: `Order ${order.order} ${scheduleFailed}` }
      }
      const to = new Date(body.dateTime).toISOString()
      changed('order.schedule', `order ${order.order}`, order.scheduledStartDate, to)
      order.scheduledStartDate = to
      return { message: `Order ${order.order} successfully scheduled` }
    },
  }),
]
