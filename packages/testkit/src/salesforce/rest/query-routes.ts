import {
  headerOf,
  jsonAnswer,
  type SimulatorAnswer,
  type SimulatorRequest,
} from '../../simulator/exchange.js'
import { SalesforceRefusal } from '../refusal.js'
import { parseSoql } from '../soql/parse.js'
import { type PlannedQuery, planSoql } from '../soql/run.js'
import { renderRow } from './render-row.js'
import { basePathOf, type RestContext } from './rest-context.js'

interface Cursor {
  readonly plan: PlannedQuery
  readonly rows: ReturnType<PlannedQuery['run']>
  readonly size: number
  readonly path: string
  readonly until: number
}

const locatorsLast = 2 * 24 * 3_600_000

/** `query` and `queryAll`: pages that a locator leads to, of the rows as they were when the query began. */
export function queryRoutes({ org, options }: RestContext) {
  const cursors = new Map<string, Cursor>()
  let count = 0

  /** `Sforce-Query-Options: batchSize=200`, 200 to 2,000; the org may give less. */
  const sizeOf = (request: SimulatorRequest): number => {
    const [, given] = /batchSize=(\d+)/i.exec(headerOf(request, 'sforce-query-options') ?? '') ?? []
    const wanted = given === undefined ? 2000 : Math.min(2000, Math.max(200, Number(given)))
    return Math.min(options.pageSize, wanted)
  }

  const page = (request: SimulatorRequest, id: string, cursor: Cursor, from: number): SimulatorAnswer => {
    const { plan, rows, size, path } = cursor
    const base = basePathOf(request)
    const end = Math.min(rows.length, from + size)
    const done = end >= rows.length
    if (done) cursors.delete(id)
    else cursors.set(id, cursor)
    return jsonAnswer(200, {
      totalSize: rows.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/${path}/${id}-${end}` }),
      records: rows.slice(from, end).map((row) => renderRow(base, plan.from.name, plan.columns, row)),
    })
  }

  return (
    request: SimulatorRequest,
    path: 'query' | 'queryAll',
    locator: string | undefined,
  ): SimulatorAnswer => {
    if (request.method !== 'GET')
      throw new SalesforceRefusal('METHOD_NOT_ALLOWED', 'HTTP Method not allowed', [], 405)
    if (locator !== undefined) {
      const [id = '', from = ''] = locator.split('-')
      const cursor = cursors.get(id)
      if (cursor === undefined || cursor.until < request.at || !/^\d+$/.test(from)) {
        throw new SalesforceRefusal('INVALID_QUERY_LOCATOR', 'invalid query locator')
      }
      return page(request, id, cursor, Number(from))
    }
    const text = request.query.get('q')
    if (text === null) throw new SalesforceRefusal('MALFORMED_QUERY', 'A query is required: parameter q')
    const query = parseSoql(text)
    const plan = planSoql(org, query)
    const rows = plan.run(path === 'queryAll' || query.allRows)
    if (query.count) return jsonAnswer(200, { totalSize: rows.length, done: true, records: [] })
    count += 1
    const id = `0r8${String(count).padStart(15, '0')}`
    const cursor = { plan, rows, size: sizeOf(request), path, until: request.at + locatorsLast }
    return page(request, id, cursor, 0)
  }
}
