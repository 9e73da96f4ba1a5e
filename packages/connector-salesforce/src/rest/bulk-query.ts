import { parse } from 'csv-parse/sync'
import * as z from 'zod'
import { refused } from '../failures.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Rest } from './rest.js'
import type { Row, RowValue } from './rows.js'

const jobSchema = z.object({ id: z.string().min(1), state: z.string(), errorMessage: z.string().nullish() })

const firstPauseMs = 500
const longestPauseMs = 15_000

export interface BulkQuery {
  readonly soql: string
  /** Types by path: a CSV has only texts. */
  readonly types: ReadonlyMap<string, string>
  /** Rows of one page of the result. */
  readonly pageRows: number
}

/**
 * A query by Bulk API 2.0: the org works on it by itself and what it gives does not count as API calls row by row.
 * Parents' fields are there, subqueries are not. The job is removed at the end, whatever it is.
 */
export async function* bulkPages(
  rest: Rest,
  { soql, types, pageRows }: BulkQuery,
  means: CallMeans,
): AsyncGenerator<readonly Row[], void, undefined> {
  const body = {
    operation: 'queryAll',
    query: soql,
    contentType: 'CSV',
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
  }
  const made = await rest.call({ method: 'POST', path: '/jobs/query', body }, means)
  const { id } = rest.read(jobSchema, made)
  try {
    await finished(rest, id, means)
    let locator: string | undefined
    do {
      const from = locator === undefined ? '' : `&locator=${encodeURIComponent(locator)}`
      const path = `/jobs/query/${id}/results?maxRecords=${pageRows}${from}`
      const { text, headers } = await rest.call({ method: 'GET', path, expects: 'csv' }, means)
      yield rowsOf(text, types)
      const next = headers['sforce-locator']
      locator = next === undefined || next === 'null' ? undefined : next
    } while (locator !== undefined)
  } finally {
    // An org keeps results for seven days; failing to remove them harms nobody.
    if (!means.signal.aborted) {
      const gone = rest.call({ method: 'DELETE', path: `/jobs/query/${id}`, expects: 'nothing' }, means)
      await gone.catch(() => undefined)
    }
  }
}

async function finished(rest: Rest, id: string, means: CallMeans): Promise<void> {
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
    const job = rest.read(jobSchema, await rest.call({ method: 'GET', path: `/jobs/query/${id}` }, means))
    if (job.state === 'JobComplete') return
    if (job.state === 'Failed' || job.state === 'Aborted') {
      const said = rest.http.redactor.redact(job.errorMessage ?? '').slice(0, 500)
      throw refused(
        rest.http.speaker,
        { en: `the bulk query ended as ${job.state}: ${said}`, zh: `批量查询以 ${job.state} 结束：${said}` },
        new Error(said),
      )
    }
    await pause(means.clock, wait, means.signal)
  }
}

/** Columns are named by path: `Asset.Product2.ProductCode`. */
function rowsOf(csv: string, types: BulkQuery['types']): readonly Row[] {
  const lines: readonly string[][] = parse(csv, { bom: true, relax_column_count: false })
  const [columns = [], ...rest] = lines
  return rest.map((cells) => {
    const row: { [field: string]: RowValue } = {}
    for (const [index, column] of columns.entries()) {
      put(row, column.split('.'), cellValue(cells[index] ?? '', types.get(column)))
    }
    return row
  })
}

/** An empty cell is null: the API has no other way to say it. */
function cellValue(cell: string, type: string | undefined): RowValue {
  if (cell === '') return null
  // As REST writes it.
  if (type === 'datetime') return cell.replace(/Z$/, '+0000')
  if (type === 'boolean') return cell === 'true'
  if (type === 'double' || type === 'int' || type === 'currency' || type === 'percent') return Number(cell)
  return cell
}

type Open = { [field: string]: RowValue | Open }

function put(row: Open, [first = '', ...rest]: readonly string[], value: RowValue): void {
  if (rest.length === 0) {
    row[first] = value
    return
  }
  // A parent without any field is no parent.
  if (value === null) return
  const there = row[first]
  const parent: Open = typeof there === 'object' && there !== null ? there : {}
  row[first] = parent
  put(parent, rest, value)
}
