import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { nothing, type Route, requirePlant, route } from './route.js'
import type { DmSetPointGroup, ShopFloor } from './shop-floor.js'

const statuses = z.enum(['NEW', 'RELEASABLE', 'HOLD', 'OBSOLETE'])
const groupsQuery = z.strictObject({
  plant: z.string(),
  setpointgroup: z.string().optional(),
  version: z.string().optional(),
  status: statuses.optional(),
  page: z.coerce.number().int().min(0).default(0),
  size: z.coerce.number().int().min(1).max(1000).default(10),
})
const groupBody = z.strictObject({
  plant: z.string(),
  setPointGroup: z.string(),
  version: z.string(),
  status: statuses.optional(),
  currentVersion: z.boolean().optional(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.strictObject({
        dataType: z.literal('NUMERIC'),
        parameter: z.string(),
        resource: z.string(),
        numericValue: z.number(),
        lowerLimitValue: z.number().optional(),
        upperLimitValue: z.number().optional(),
      }),
    )
    .optional(),
  contexts: z.array(z.object({ resource: z.string() })).optional(),
  customValues: z.array(z.strictObject({ attribute: z.string().min(1), value: z.string() })).optional(),
})
const writeBody = z.strictObject({
  plant: z.string(),
  resource: z.string(),
  parameter: z.string().optional(),
  setPointGroup: z.string().optional(),
})

const shown = (group: DmSetPointGroup, plant: string): object => ({
  ...{ plant, setPointGroup: group.setPointGroup, version: group.version, status: group.status },
  ...{ currentVersion: true, modifiedDatetime: group.modifiedDatetime, customValues: group.customValues },
  contexts: [{ resource: group.resource, setPointGroup: group.setPointGroup }],
  parameters: group.parameters.map((parameter) => ({
    ...{ ...parameter, dataType: 'NUMERIC', resource: group.resource },
  })),
})

function groupOf(floor: ShopFloor, name: string, version: string): DmSetPointGroup {
  const found = floor.setPointGroups.find((one) => one.setPointGroup === name && one.version === version)
  if (found === undefined) throw new DmRefusal(404, 'setpoint.not.found', `There is no group ${name}`)
  return found
}

/** The parameters as they come replace those that are there, whole. */
function replaced(group: DmSetPointGroup, given: z.infer<typeof groupBody>): DmSetPointGroup['parameters'] {
  return (given.parameters ?? group.parameters).map((one) => {
    const { parameter, numericValue } = one
    const { lowerLimitValue = Number.NEGATIVE_INFINITY, upperLimitValue = Number.POSITIVE_INFINITY } = one
    if (numericValue < lowerLimitValue || numericValue > upperLimitValue) {
      throw new DmRefusal(400, 'setpoint.limit', `${parameter}: ${numericValue} is outside its limits`)
    }
    return { parameter, numericValue, lowerLimitValue, upperLimitValue }
  })
}

export const setPointRoutes: readonly Route[] = [
  route({
    ...{ method: 'GET', path: '/setpoint/v3/groups', shape: 'code' },
    ...{ body: nothing, query: groupsQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const found = floor.setPointGroups.filter(
        ({ setPointGroup, version, status }) =>
          (query.setpointgroup === undefined || setPointGroup === query.setpointgroup) &&
          (query.version === undefined || version === query.version) &&
          (query.status === undefined || status === query.status),
      )
      const groups = found.slice(query.page * query.size, (query.page + 1) * query.size)
      return {
        ...{ count: found.length, currentPage: query.page },
        numberOfPages: Math.ceil(found.length / query.size),
        groups: groups.map((group) => shown(group, floor.setup.plant)),
      }
    },
  }),
  route({
    ...{ method: 'PATCH', path: '/setpoint/v3/groups', shape: 'code' },
    ...{ body: groupBody, query: nothing },
    handle({ floor, body, at, changed }) {
      requirePlant(floor, body.plant)
      const group = groupOf(floor, body.setPointGroup, body.version)
      if (group.usedInProduction) {
        throw new DmRefusal(400, 'setpoint.used', `${group.setPointGroup} is used in production`)
      }
      const parameters = replaced(group, body)
      for (const { parameter, numericValue } of parameters) {
        const before = group.parameters.find((one) => one.parameter === parameter)?.numericValue
        if (before === numericValue) continue
        changed('set-point.value', `${group.resource}/${parameter}`, before, numericValue)
      }
      group.parameters = parameters
      group.customValues = body.customValues ?? group.customValues
      group.modifiedDatetime = new Date(at).toISOString()
      return shown(group, floor.setup.plant)
    },
  }),
  route({
    ...{ method: 'POST', path: '/setpoint/v3/write', shape: 'code', status: 201 },
    ...{ body: writeBody, query: nothing },
    handle({ floor, body, changed }) {
      requirePlant(floor, body.plant)
      const meant = floor.setPointGroups
        .filter(
          ({ setPointGroup, resource }) =>
            resource === body.resource &&
            (body.setPointGroup === undefined || setPointGroup === body.setPointGroup),
        )
        .flatMap(({ parameters }) => parameters)
        .filter(({ parameter }) => body.parameter === undefined || parameter === body.parameter)
      if (meant.length === 0) throw new DmRefusal(404, 'setpoint.no.indicator', 'No indicators were found')
      if (new Set(meant.map(({ parameter }) => parameter)).size < meant.length) {
        throw new DmRefusal(409, 'setpoint.duplicate', 'The same parameter stands in several groups')
      }
      for (const { parameter, numericValue } of meant) {
        const name = `${body.resource}/${parameter}`
        const before = floor.indicators.get(name)
        if (before !== numericValue) changed('indicator.value', name, before, numericValue)
        floor.indicators.set(name, numericValue)
      }
      return meant.map(({ parameter }) => ({ success: true, referenceName: parameter }))
    },
  }),
]
