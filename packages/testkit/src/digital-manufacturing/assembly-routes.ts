import * as z from 'zod'
import { known, nothing, type Route, requirePlant, route } from './route.js'

const componentsQuery = z.strictObject({
  plant: z.string(),
  sfc: z.string(),
  operationActivity: z.string(),
})

export const assemblyRoutes: readonly Route[] = [
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
