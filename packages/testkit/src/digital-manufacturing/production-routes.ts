import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { nothing, type Route, requirePlant, route } from './route.js'

const placing = z.enum(['FIRST', 'FIRST_UNCOMPLETED']).optional()
const changeBody = z.strictObject({
  plant: z.string(),
  sfcs: z
    .array(z.strictObject({ sfc: z.string(), routingStepId: z.string().optional(), placeSFCIn: placing }))
    .min(1),
  routing: z.strictObject({
    routing: z.string(),
    routingType: z.enum(['PRODUCTION', 'SHOPORDER_SPECIFIC']),
    version: z.string(),
  }),
  routingStepId: z.string().optional(),
  placeSFCIn: placing,
  quantityCopy: z.boolean().default(false),
  dataCollectionCopy: z.boolean().default(false),
  activityConfirmationCopy: z.boolean().default(false),
})

export const productionRoutes: readonly Route[] = [
  route({
    ...{ method: 'POST', path: '/production/v2/changeProduction', shape: 'change' },
    ...{ body: changeBody, query: nothing },
    handle({ floor, body, changed }) {
      requirePlant(floor, body.plant)
      const { routing, routingType: type, version } = body.routing
      const exists = floor.routings.some(
        (one) => one.routing === routing && one.type === type && one.version === version,
      )
      if (!exists) throw new DmRefusal(404, 'routing.not.found', `There is no routing ${routing}`)
      const done: string[] = []
      let refused: DmRefusal | undefined
      // Each unit for itself: some may be changed although the answer is a refusal.
      for (const { sfc } of body.sfcs) {
        const unit = floor.sfcs.get(sfc)
        if (unit === undefined) refused = new DmRefusal(404, 'sfc.not.found', `There is no SFC ${sfc}`)
        else if (unit.status === 'DONE' || unit.status === 'SCRAPPED') {
          refused = new DmRefusal(400, 'sfc.invalid.status', `SFC ${sfc} is ${unit.status}`)
        } else {
          changed('sfc.routing', sfc, unit.routing.routing, routing)
          unit.routing = { routing, type, version }
          done.push(sfc)
        }
      }
      if (refused !== undefined) throw new DmRefusal(refused.status, refused.code, refused.message, done)
      return {
        status: 'Success',
        data: { success: done.map((sfc) => ({ sfc, message: 'changed' })), failed: [] },
      }
    },
  }),
]
