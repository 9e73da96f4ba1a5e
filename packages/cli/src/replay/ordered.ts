import type { Mapping } from '../mapping/mapping-schema.js'
import { textOf } from '../mapping/row.js'
import { filingDateOf } from './filing-dates.js'
import type { FileRow } from './rows.js'

/**
 * The rows in the mapping's order, as often as asked. Ordering by a column holds the file in memory; the file's own order
 * streams, and reads it anew each time.
 */
export function ordered(
  read: () => AsyncIterable<FileRow>,
  { order, filedAt }: Pick<Mapping, 'order' | 'filedAt'>,
): () => AsyncIterable<FileRow> {
  if (order === 'file') return read
  const { column } = order
  let sorted: Promise<readonly FileRow[]> | undefined
  return async function* () {
    sorted ??= column === filedAt ? sortedByDate(read(), column) : sortedByKey(read(), column)
    yield* await sorted
  }
}

/** Dates by their instant, however they are written; what has none comes last. */
async function sortedByDate(rows: AsyncIterable<FileRow>, column: string): Promise<readonly FileRow[]> {
  const dated: { readonly date: number; readonly row: FileRow }[] = []
  for await (const row of rows) {
    const date = filingDateOf(row, column)
    dated.push({ date: Number.isNaN(date) ? Number.MAX_VALUE : date, row })
  }
  return dated.sort((a, b) => a.date - b.date || a.row.number - b.row.number).map(({ row }) => row)
}

async function sortedByKey(rows: AsyncIterable<FileRow>, column: string): Promise<readonly FileRow[]> {
  const keyed: { readonly key: string; readonly row: FileRow }[] = []
  for await (const row of rows) {
    const key = typeof row.body === 'string' ? jsonKey(row.body, column) : textOf({ row: row.body }, column)
    keyed.push({ key: key ?? '', row })
  }
  return keyed.sort((a, b) => compareKeys(a.key, b.key) || a.row.number - b.row.number).map(({ row }) => row)
}

function jsonKey(text: string, column: string): string | undefined {
  try {
    const row: unknown = JSON.parse(text)
    return typeof row === 'object' && row !== null ? textOf({ row: { ...row } }, column) : undefined
  } catch {
    return undefined
  }
}

const digits = /^\d+$/

/** Numbers by their value, however long (ids outgrow what a double can tell apart); texts by code unit. */
function compareKeys(a: string, b: string): number {
  if (digits.test(a) && digits.test(b)) {
    const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
    if (left.length !== right.length) return left.length - right.length
    return left < right ? -1 : left > right ? 1 : 0
  }
  return a < b ? -1 : a > b ? 1 : 0
}
