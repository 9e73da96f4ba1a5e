import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../../simulator/exchange.js'
import { idOf } from '../ids.js'
import { epochOf } from '../instants.js'
import { SalesforceRefusal } from '../refusal.js'
import { parseSoql } from '../soql/parse.js'
import { type Column, type PlannedQuery, planSoql } from '../soql/run.js'
import { bodyOf, problem } from './answers.js'
import type { RestContext } from './rest-context.js'

interface Job {
  readonly id: string
  readonly operation: 'query' | 'queryAll'
  readonly query: string
  readonly plan: PlannedQuery
  state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted'
  polls: number
  rows: ReturnType<PlannedQuery['run']>
}

/** Every value in quotes, as the service writes it; null is nothing between commas. */
function cell({ field, read }: Column, row: Parameters<Column['read']>[0]): string {
  const value = read(row)
  if (value === null) return '""'
  // Unlike REST it ends instants in Z.
  const text = field.type === 'datetime' ? new Date(epochOf(String(value))).toISOString() : String(value)
  return `"${text.replaceAll('"', '""')}"`
}

/** `jobs/query`: Bulk API 2.0 queries in CSV. The rows are those of the moment at which the job ends. */
export function bulkRoutes({ org, options }: RestContext) {
  const jobs = new Map<string, Job>()

  const shown = ({ id, operation, plan, state, rows, query }: Job) => ({
    ...{ id, operation, object: plan.from.name, state, query, contentType: 'CSV', columnDelimiter: 'COMMA' },
    ...{ lineEnding: 'LF', concurrencyMode: 'Parallel', apiVersion: 67, retries: 0 },
    ...(state === 'JobComplete' ? { numberRecordsProcessed: rows.length } : {}),
  })

  const create = (request: SimulatorRequest): SimulatorAnswer => {
    const { operation, query, contentType, columnDelimiter, lineEnding } = bodyOf(request)
    if ((operation !== 'query' && operation !== 'queryAll') || typeof query !== 'string') {
      throw new SalesforceRefusal('INVALIDJOB', 'operation and query are required')
    }
    const only = [contentType ?? 'CSV', columnDelimiter ?? 'COMMA', lineEnding ?? 'LF'].join()
    if (only !== 'CSV,COMMA,LF')
      throw new SalesforceRefusal('INVALIDJOB', 'the simulator writes CSV with commas and LF')
    const parsed = parseSoql(query)
    if (parsed.count || parsed.offset > 0) {
      throw new SalesforceRefusal(
        'API_ERROR',
        'Aggregate Relationships and OFFSET are not supported in Bulk Query',
      )
    }
    const id = idOf('750', jobs.size + 1)
    const job: Job = {
      id,
      operation,
      query,
      plan: planSoql(org, parsed),
      state: 'UploadComplete',
      polls: 0,
      rows: [],
    }
    jobs.set(id, job)
    return jsonAnswer(200, shown(job))
  }

  const ask = (job: Job): SimulatorAnswer => {
    if (job.state === 'UploadComplete' || job.state === 'InProgress') {
      job.polls += 1
      job.state = job.polls > options.bulkPolls ? 'JobComplete' : 'InProgress'
      if (job.state === 'JobComplete') job.rows = job.plan.run(job.operation === 'queryAll')
    }
    return jsonAnswer(200, shown(job))
  }

  const results = (request: SimulatorRequest, { state, plan, rows }: Job): SimulatorAnswer => {
    if (state !== 'JobComplete') throw new SalesforceRefusal('INVALIDJOBSTATE', 'The job is not complete')
    const locator = request.query.get('locator')
    const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64url').toString())
    const most = Number(request.query.get('maxRecords') ?? 50_000)
    if (!Number.isInteger(from) || !Number.isInteger(most) || most < 1 || from < 0 || from > rows.length) {
      throw new SalesforceRefusal('INVALID_QUERY_LOCATOR', 'invalid locator or maxRecords')
    }
    const page = rows.slice(from, from + most)
    const end = from + page.length
    const lines = [
      plan.columns.map(({ steps }) => `"${steps.join('.')}"`).join(','),
      ...page.map((row) => plan.columns.map((column) => cell(column, row)).join(',')),
    ]
    return {
      status: 200,
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'sforce-locator': end < rows.length ? Buffer.from(String(end)).toString('base64url') : 'null',
        'sforce-numberofrecords': String(page.length),
      },
      text: `${lines.join('\n')}\n`,
    }
  }

  return (request: SimulatorRequest, [id, part]: readonly string[]): SimulatorAnswer => {
    if (id === undefined) {
      if (request.method !== 'POST') throw problem(405)
      return create(request)
    }
    const job = jobs.get(id)
    if (job === undefined) throw problem(404)
    if (part === 'results' && request.method === 'GET') return results(request, job)
    if (part !== undefined) throw problem(404)
    switch (request.method) {
      case 'GET':
        return ask(job)
      case 'PATCH':
        job.state = 'Aborted'
        return jsonAnswer(200, shown(job))
      case 'DELETE':
        if (job.state !== 'JobComplete' && job.state !== 'Aborted') {
          throw new SalesforceRefusal('INVALIDJOBSTATE', 'A job that runs cannot be deleted')
        }
        jobs.delete(id)
        return { status: 204 }
      default:
        throw problem(405)
    }
  }
}
