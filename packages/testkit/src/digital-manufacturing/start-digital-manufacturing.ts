import type * as z from 'zod'
import { checkedOptions } from '../options.js'
import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'
import { oauthSchema, oauthServer } from '../simulator/oauth.js'
import type { SimulatedSystem } from '../simulator/simulated-system.js'
import {
  type Simulator,
  type SimulatorOptions,
  simulatorSchema,
  startSimulator,
} from '../simulator/start-simulator.js'
import { assemblyRoutes } from './assembly-routes.js'
import { inventoryRoutes } from './inventory-routes.js'
import { nonconformanceRoutes } from './nonconformance-routes.js'
import { orderRoutes, scheduleFailed } from './order-routes.js'
import { productionRoutes } from './production-routes.js'
import { DmRefusal, type RefusalShape, refusalAnswer } from './refusal.js'
import type { Route } from './route.js'
import { setPointRoutes } from './set-point-routes.js'
import { sfcRoutes } from './sfc-routes.js'
import { type DigitalManufacturingState, openShopFloor, stateOf } from './shop-floor.js'
import { type ShopFloorSetup, shopFloorSetup } from './shop-floor-setup.js'

const clientSchema = oauthSchema.omit({ scope: true }).default({
  ...{ clientId: 'sb-andon!b1|dmc-services', clientSecret: 'dm-simulator-secret', expiresInSeconds: 43_200 },
})

const optionsSchema = simulatorSchema.extend({ floor: shopFloorSetup.prefault({}), oauth: clientSchema })

export interface DigitalManufacturingOptions extends SimulatorOptions {
  readonly floor?: ShopFloorSetup
  /** Client credentials that its token endpoint takes, and how long a token holds. */
  readonly oauth?: z.input<typeof clientSchema>
}

export interface DigitalManufacturing extends Simulator {
  /** Where tokens are given out. */
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly plant: string
  state(): DigitalManufacturingState
  /** What somebody else does in DM beside: without a token, and no fault is in the way. */
  byHand(method: string, path: string, body?: object): { readonly status: number; readonly body: unknown }
}

const routes: readonly Route[] = [
  ...sfcRoutes,
  ...nonconformanceRoutes,
  ...inventoryRoutes,
  ...orderRoutes,
  ...productionRoutes,
  ...setPointRoutes,
  ...assemblyRoutes,
]
const tokenPath = '/oauth/token'

const routeOf = ({ method, path }: SimulatorRequest): Route | undefined =>
  routes.find((one) => one.method === method && one.path.test(path))

/** Each service refuses in its own shape, whatever the reason. */
const shapeOf = (request: SimulatorRequest): RefusalShape => routeOf(request)?.shape ?? 'code'

const words: Readonly<Record<number, string>> = {
  401: 'Not authorized',
  403: 'Access denied',
  404: 'Not found',
  409: 'Modified by another user. Please retry later.',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service temporarily unavailable',
}

/**
 * Starts a SAP Digital Manufacturing of our own on the loopback interface: units, stock, orders, nonconformances and
 * set-points behind the paths, names, lengths and both error shapes of SAP's services, with rules of its own, client
 * credentials that expire and faults to inject. Written from SAP's published interface, not from the connector.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, also when the port is taken
 */
export async function startDigitalManufacturing(
  options: DigitalManufacturingOptions = {},
): Promise<DigitalManufacturing> {
  const { floor: setup, oauth: client, ...common } = checkedOptions(optionsSchema, options)
  const floor = openShopFloor(setup, common.clock.now())
  const oauth = oauthServer({ ...client, scope: 'uaa.resource' })
  let failsToSchedule = false

  const worked = (request: SimulatorRequest): SimulatorAnswer => {
    const route = routeOf(request)
    if (route === undefined) return problem(404, request)
    try {
      return route.answer(floor, request)
    } catch (error) {
      if (!(error instanceof DmRefusal)) throw error
      return refusalAnswer(error.status, route.shape, error.code, error.message, error.changed)
    }
  }

  const handle = (request: SimulatorRequest): SimulatorAnswer => {
    if (request.path === tokenPath) return oauth.token(request)
    if (!oauth.admits(request)) return problem(401, request)
    if (failsToSchedule && request.path.endsWith('/rescheduleOrder')) {
      failsToSchedule = false
      return jsonAnswer(200, { message: `The order ${scheduleFailed}` })
    }
    return worked(request)
  }

  const problem = (status: number, request: SimulatorRequest): SimulatorAnswer =>
    refusalAnswer(status, shapeOf(request), `http.${status}`, words[status] ?? `Status ${status}`)

  const system: SimulatedSystem = {
    handle,
    problem,
    isWrite: (request) => routeOf(request)?.reads === false,
    upset(fault, request) {
      switch (fault) {
        case 'token-expired':
          return request.path !== tokenPath && oauth.expireAll(request)
        case 'schedule-failed':
          failsToSchedule = request.path.endsWith('/rescheduleOrder')
          return failsToSchedule
        case 'etag-stale': {
          const { method, path } = request
          const [, id = ''] = /^\/inventory\/v2\/inventories\/([^/]+)$/.exec(path) ?? []
          const stock = method === 'PATCH' ? floor.stocks.get(decodeURIComponent(id)) : undefined
          if (stock === undefined) return false
          stock.modifiedDateTime = new Date(Date.parse(stock.modifiedDateTime) + 1).toISOString()
          return true
        }
        default:
          return false
      }
    },
  }
  const simulator = await startSimulator(system, common)
  return {
    ...simulator,
    get requestCount() {
      return simulator.requestCount
    },
    tokenUrl: `${simulator.url}${tokenPath}`,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    plant: setup.plant,
    state: () => stateOf(floor),
    byHand(method, path, body) {
      const [bare = path, query = ''] = path.split('?')
      const { status, text = 'null' } = worked({
        ...{ method, path: bare, query: new URLSearchParams(query), at: common.clock.now() },
        ...{ headers: { 'content-type': 'application/json' }, text: JSON.stringify(body ?? {}) },
      })
      const answer: unknown = JSON.parse(text)
      return { status, body: answer }
    },
  }
}
