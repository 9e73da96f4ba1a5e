import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { known, nothing, type Route, requirePlant, route } from './route.js'

const componentsQuery = z.strictObject({
  plant: z.string(),
  sfc: z.string(),
  operationActivity: z.string(),
})

const addBody = z.strictObject({
  plant: z.string(),
  operationActivity: z.string(),
  sfc: z.string(),
  component: z.string(),
  componentVersion: z.string(),
  quantity: z.number().positive(),
  resource: z.string(),
  dataFields: z.array(z.strictObject({ fieldName: z.string(), fieldValue: z.string() })).default([]),
})

export const assemblyRoutes: readonly Route[] = [
  route({
    ...{ method: 'POST', path: '/assembly/v1/assembledComponents', shape: 'display' },
    ...{ body: addBody, query: nothing },
    handle({ floor, body }) {
      requirePlant(floor, body.plant)
      const unit = known(floor.sfcs, body.sfc, 'sfc')
      if (unit.status === 'HOLD') throw new DmRefusal(400, 'sfc.on.hold', `SFC ${unit.sfc} is on hold`)
      const batchNumber = body.dataFields.find(({ fieldName }) => fieldName === 'BATCH_NUMBER')?.fieldValue
      const stock = [...floor.stocks.values()].filter(
        (one) => one.material === body.component && one.batchNumber === batchNumber,
      )
      const usable = stock.find(
        ({ status, quantity }) => status === 'UNRESTRICTED' && quantity >= body.quantity,
      )
      if (usable === undefined) {
        throw new DmRefusal(400, 'inventory.not.available', `No unrestricted stock of ${batchNumber}`)
      }
      usable.quantity -= body.quantity
      const { component, componentVersion, operationActivity } = body
      unit.components.push({ component, componentVersion, operationActivity, batchNumber })
      return {}
    },
  }),
  route({
    ...{ method: 'GET', path: '/assembly/v1/assembledComponents', shape: 'display' },
    ...{ body: nothing, query: componentsQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const { components } = known(floor.sfcs, query.sfc, 'sfc')
      return components
        .filter(({ operationActivity }) => operationActivity === query.operationActivity)
        .map((component, index) => ({
          ...component,
          ...{ assemblyId: index + 1, plant: floor.setup.plant, assembledQuantity: 1 },
        }))
    },
  }),
]
