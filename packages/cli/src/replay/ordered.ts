import type { Mapping } from '../mapping/mapping-schema.js'
import { textOf } from '../mapping/row.js'
import type { FileRow } from './rows.js'

/** The rows in the mapping's order. Ordering by a column holds the file in memory; the file's own order streams. */
export async function* ordered(
  rows: AsyncIterable<FileRow>,
  order: Mapping['order'],
): AsyncGenerator<FileRow, void, undefined> {
  if (order === 'file') return yield* rows
  const keyed: { readonly key: string; readonly row: FileRow }[] = []
  for await (const row of rows) {
    const key =
      typeof row.body === 'string' ? jsonKey(row.body, order.column) : textOf({ row: row.body }, order.column)
    keyed.push({ key: key ?? '', row })
  }
  keyed.sort((a, b) => compareKeys(a.key, b.key) || a.row.number - b.row.number)
  for (const { row } of keyed) yield row
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
