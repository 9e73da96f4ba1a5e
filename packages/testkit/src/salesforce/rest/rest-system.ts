import {
  headerOf,
  jsonAnswer,
  type SimulatorAnswer,
  type SimulatorRequest,
} from '../../simulator/exchange.js'
import type { SimulatedSystem } from '../../simulator/simulated-system.js'
import type { DayMeter } from '../day-meter.js'
import { SalesforceRefusal } from '../refusal.js'
import type { TokenServer } from '../tokens.js'
import { decoded, problem, refusedAnswer } from './answers.js'
import { bulkRoutes } from './bulk-routes.js'
import { collectionRoutes } from './collection-routes.js'
import { compositeRoute } from './composite-route.js'
import { queryRoutes } from './query-routes.js'
import { recordRoutes } from './record-routes.js'
import type { RestContext } from './rest-context.js'

const newest = 67
const oldest = 50
const longestUri = 16_384

/** The REST API, the token endpoint and the Bulk API of the org. */
export function restSystem(
  context: RestContext,
  { tokens, calls, tokensEnded }: { tokens: TokenServer; calls: DayMeter; tokensEnded: () => void },
): SimulatedSystem {
  const { options } = context
  const most = options.apiCallsPerDay
  const query = queryRoutes(context)
  const records = recordRoutes(context)
  const collections = collectionRoutes(context)
  const bulk = bulkRoutes(context)

  const limits = (request: SimulatorRequest): SimulatorAnswer => {
    const left = Math.max(0, most - calls.within(request.at))
    return jsonAnswer(200, {
      DailyApiRequests: { Max: most, Remaining: left },
      DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
    })
  }

  const composite = compositeRoute((part) => versioned(part))
  const versioned = (request: SimulatorRequest): SimulatorAnswer => {
    const [, , , version = '', resource = '', ...rest] = request.path.split('/').map(decoded)
    const number = Number(/^v(\d+)\.0$/.exec(version)?.[1])
    if (!(number >= oldest && number <= newest)) throw problem(404)
    const path = rest.filter((part) => part !== '')
    switch (resource) {
      case 'query':
      case 'queryAll':
        return query(request, resource, path[0])
      case 'sobjects':
        return records(request, path)
      case 'limits':
        return limits(request)
      case 'composite':
        if (path[0] === 'sobjects') return collections(request, path.slice(1))
        if (path.length === 0 && request.method === 'POST') return composite(request)
        throw problem(404)
      case 'jobs':
        if (path[0] === 'query') return bulk(request, path.slice(1))
        throw problem(404)
      default:
        throw problem(404)
    }
  }

  const tokenOf = (request: SimulatorRequest): string =>
    /^(?:Bearer|OAuth) (\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1] ?? ''

  const served = (request: SimulatorRequest): SimulatorAnswer => {
    if (!tokens.admits(tokenOf(request))) throw problem(401)
    calls.add(request.at, 1)
    if (calls.within(request.at) > most) throw problem(403)
    if (request.path.length + request.query.toString().length > longestUri) throw problem(414)
    return versioned(request)
  }

  const isToken = ({ path }: SimulatorRequest): boolean => path === '/services/oauth2/token'

  return {
    handle(request) {
      if (isToken(request)) return tokens.token(request)
      if (request.path === '/services/data') {
        return jsonAnswer(200, [{ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' }])
      }
      const usage = (): Record<string, string> => ({
        'sforce-limit-info': `api-usage=${calls.within(request.at)}/${most}`,
      })
      try {
        const answer = served(request)
        return { ...answer, headers: { ...answer.headers, ...usage() } }
      } catch (error) {
        if (!(error instanceof SalesforceRefusal)) throw error
        const answer = refusedAnswer(error)
        return error.status === 401 ? answer : { ...answer, headers: { ...answer.headers, ...usage() } }
      }
    },
    problem: (status) => refusedAnswer(problem(status)),
    isWrite: (request) =>
      !isToken(request) && request.method !== 'GET' && !request.path.includes('/jobs/query'),
    upset(fault, request) {
      if (fault !== 'token-expired' || !tokens.admits(tokenOf(request))) return false
      tokens.expireAll()
      tokensEnded()
      return true
    },
  }
}
