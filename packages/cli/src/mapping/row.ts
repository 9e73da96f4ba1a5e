/** One row of a CSV file by column, or one object of an NDJSON file. */
export type Row = Readonly<Record<string, unknown>>

/** What values of a mapping may refer to: the row, and the elements that a list cell was split into. */
export interface Scope {
  readonly row: Row
  readonly elements?: Readonly<Record<string, string>>
}

/** The cell as text; undefined when it is missing or blank. `a.b` reaches into nested objects where no column is named so. */
export function textOf({ row, elements }: Scope, column: string): string | undefined {
  if (elements !== undefined && Object.hasOwn(elements, column)) return elements[column]
  const value = cellOf(row, column)
  if (typeof value === 'string') return /\S/.test(value) ? value : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}

function cellOf(row: Row, column: string): unknown {
  if (Object.hasOwn(row, column)) return row[column]
  if (!column.includes('.')) return undefined
  let value: unknown = row
  for (const name of column.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}
