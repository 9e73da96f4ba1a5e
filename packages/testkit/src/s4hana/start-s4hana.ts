import type { Row } from '../odata/field.js'
import { ODataProblem, problemAnswer } from '../odata/problem.js'
import { answerOData } from '../odata/serve-odata.js'
import type { EntityChange } from '../odata/tables.js'
import { checkedOptions } from '../options.js'
import type { SimulatorAnswer, SimulatorRequest } from '../simulator/exchange.js'
import { oauthServer } from '../simulator/oauth.js'
import { type Simulator, startSimulator } from '../simulator/start-simulator.js'
import { batchFaults } from './batch-faults.js'
import { logonFailed, userOf } from './logon.js'
import { documentsWith, type MarkedDocument, textOfDocument } from './marked-documents.js'
import { openSessions, tokenRequired } from './sessions.js'
import { type S4HanaOptions, s4hanaSchema } from './setup.js'
import { addBySomebody, changeBySomebody, makeStale } from './somebody-else.js'
import { openWorld, rowsOf } from './world.js'

/** Everything that stands in the system. Decimals are text, dates and instants epoch ms, times seconds of the day. */
export interface S4HanaState {
  readonly notifications: readonly Row[]
  readonly notificationTexts: readonly Row[]
  readonly notificationItems: readonly Row[]
  readonly batches: readonly Row[]
  readonly stock: readonly Row[]
  readonly materialDocuments: readonly Row[]
  readonly materialDocumentItems: readonly Row[]
  readonly orders: readonly Row[]
  readonly inspectionLots: readonly Row[]
  readonly usageDecisions: readonly Row[]
  readonly defects: readonly Row[]
}

/** A simulated S/4HANA: OData V2 and V4 over HTTP on the loopback interface. */
export interface S4Hana extends Simulator {
  /** Where `oauth` gives tokens out. */
  readonly tokenUrl: string
  state(): S4HanaState
  /** Every change of every entity since the start, oldest first, the set-up and other users' included. */
  readonly changes: readonly EntityChange[]
  /** The documents in which an action's mark stands, and whether they were taken back. */
  documentsWith(mark: string): readonly MarkedDocument[]
  /** How many documents carry the mark. */
  effects(mark: string): number
  /** Everything that these documents say. */
  kept(mark: string): string
  /** How many CSRF tokens were asked for. */
  readonly tokensFetched: number
  /** Another user changes an entity, e.g. `change('Batch', key, {Supplier: '…'})`; the rules are not asked. */
  change(set: string, key: Row, patch: Row): Row
  /** Another user makes an entity, e.g. a defect or a notification; fields that are absent get initial values. */
  add(set: string, row: Row): Row
}

const tokenPath = '/oauth/token'
const problemTexts: Readonly<Record<number, string>> = {
  403: 'No authorization for this service',
  404: 'Resource not found',
  409: 'The entity is being changed by somebody else',
  412: 'Precondition failed: the entity was changed in between',
  413: 'The request is too large',
  428: 'The request must be conditional: If-Match is missing',
  429: 'Too many requests',
  500: 'An exception was raised',
  503: 'Service unavailable',
}

/**
 * Starts an S/4HANA for tests: quality notifications (V4), batches, material documents, stock, production orders,
 * inspection lots and defects (V2), by the paths, names and lengths of SAP's own. A change needs a CSRF token with the
 * cookies of its session, and If-Match where an entity has an ETag; every request names the client. The rules of the
 * business hold: restricted stock is not issued, a released order keeps its dates, stock has to suffice. Codes of
 * refusals have SAP's form, but only `M7/021` (deficit) and `/IWFND`, `/IWBEP` in front are known to be SAP's own.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 * @example
 * const s4 = await startS4Hana({ batches: [{ material: 'COMPRESSOR', batch: 'C-1' }] })
 * const url = `${s4.url}/sap/opu/odata/sap/API_BATCH_SRV/Batch?sap-client=100`
 * console.log(await (await fetch(url)).json())
 * await s4.close()
 */
export async function startS4Hana(options: S4HanaOptions = {}): Promise<S4Hana> {
  const checked = checkedOptions(s4hanaSchema, options)
  const { client, basic, apiKey, pageSize, functionResults, forbidden, clock, somebodyElse } = checked
  const oauth = checked.oauth === undefined ? undefined : oauthServer(checked.oauth)
  const world = openWorld(checked, clock)
  const sessions = openSessions(client, checked.sessionIdleSeconds)
  const versionAt = (path: string): 2 | 4 => (path.startsWith('/sap/opu/odata4/') ? 4 : 2)
  const partFaults = batchFaults(problemTexts)
  let origin = ''

  const problem = (status: number, { path }: Pick<SimulatorRequest, 'path'>): SimulatorAnswer => {
    if (status === 401) return logonFailed
    const text = problemTexts[status] ?? 'Refused'
    return problemAnswer(versionAt(path), new ODataProblem(status, `/IWFND/MED/${status}`, text))
  }

  const serve = (request: SimulatorRequest, user: string): SimulatorAnswer => {
    const service = world.services.find(
      ({ root }) => request.path === root || request.path.startsWith(`${root}/`),
    )
    if (service === undefined) return problem(404, request)
    if (forbidden.some((name) => service.root.toLowerCase().includes(name.toLowerCase())))
      return problem(403, request)
    const changesNothing = ['GET', 'HEAD'].includes(request.method)
    if (!changesNothing && !sessions.admits(request, user)) return tokenRequired
    const path = request.path.slice(service.root.length + 1)
    const answer = answerOData(
      {
        ...{ service, rules: world.context(user), origin, pageSize, functionResults },
        partFault: partFaults.of(request),
      },
      { ...request, path },
    )
    return { ...answer, headers: { ...answer.headers, ...sessions.headersFor(request, user) } }
  }

  const simulator = await startSimulator(
    {
      handle(request) {
        if (oauth !== undefined && request.path === tokenPath) return oauth.token(request)
        const user = userOf({ client, basic, apiKey, oauth }, request)
        return user === undefined ? logonFailed : serve(request, user)
      },
      problem,
      isWrite: ({ method, path }) => !['GET', 'HEAD'].includes(method) && path !== tokenPath,
      upset(fault, request) {
        if (fault === 'etag-stale') return makeStale(world, request, somebodyElse)
        if (fault === 'token-expired') return oauth?.expireAll(request) === true
        if (fault === 'csrf-expired') return request.method !== 'GET' && sessions.end(request)
        return partFaults.plan(fault, request)
      },
    },
    checked,
  )
  origin = simulator.url

  return {
    ...simulator,
    get requestCount() {
      return simulator.requestCount
    },
    tokenUrl: `${simulator.url}${tokenPath}`,
    state: (): S4HanaState => ({
      notifications: rowsOf(world, 'QualityNotification'),
      notificationTexts: rowsOf(world, 'QltyNotificationLongText'),
      notificationItems: rowsOf(world, 'QualityNotificationItem'),
      batches: rowsOf(world, 'Batch'),
      stock: rowsOf(world, 'A_MatlStkInAcctMod'),
      materialDocuments: rowsOf(world, 'A_MaterialDocumentHeader'),
      materialDocumentItems: rowsOf(world, 'A_MaterialDocumentItem'),
      orders: rowsOf(world, 'A_ProductionOrder_2'),
      inspectionLots: rowsOf(world, 'A_InspectionLot'),
      usageDecisions: rowsOf(world, 'A_InspLotUsageDecision'),
      defects: rowsOf(world, 'A_Defect'),
    }),
    changes: world.tables.changes,
    documentsWith: (mark: string) => documentsWith(world, mark),
    effects: (mark: string) => documentsWith(world, mark).length,
    kept: (mark: string) =>
      documentsWith(world, mark)
        .map((one) => textOfDocument(world, one))
        .join('\n'),
    get tokensFetched() {
      return sessions.fetched
    },
    change: (set: string, key: Row, patch: Row) => changeBySomebody(world, set, key, patch),
    add: (set: string, row: Row) => addBySomebody(world, set, row),
  }
}
