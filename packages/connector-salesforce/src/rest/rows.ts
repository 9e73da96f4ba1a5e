import * as z from 'zod'

/** A record as Salesforce has it: fields by name, parents nested (`Asset.Product2`), `attributes` left out. */
export interface Row {
  readonly [field: string]: RowValue
}
export type RowValue = string | number | boolean | null | Row

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** By hand, for a schema would cost more for each row than all the rest. Subqueries are not asked for: no lists. */
function rowOf(record: Readonly<Record<string, unknown>>): Row {
  const row: { [field: string]: RowValue } = {}
  for (const field in record) {
    const value = record[field]
    if (field === 'attributes' || field === '__proto__') continue
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      row[field] = value
    } else if (isRecord(value)) row[field] = rowOf(value)
  }
  return row
}

export const rowsSchema = z
  .custom<readonly Readonly<Record<string, unknown>>[]>(
    (value) => Array.isArray(value) && value.every(isRecord),
    'no list of records',
  )
  .transform((records) => records.map(rowOf))

/** What stands at `Asset.Product2.ProductCode`; undefined where there is nothing. */
export function valueAt(row: Row, path: string): string | number | boolean | undefined {
  let value: RowValue | undefined = row
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = value[step]
  }
  return value === null || typeof value === 'object' ? undefined : value
}

/** The same as text; undefined for blanks. */
export function textAt(row: Row, path: string): string | undefined {
  const value = valueAt(row, path)
  const text = value === undefined ? '' : String(value)
  return text.trim() === '' ? undefined : text
}
