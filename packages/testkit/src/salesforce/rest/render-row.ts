import type { SalesforceValue } from '../record.js'
import type { Row } from '../records.js'
import type { Column } from '../soql/run.js'

interface Rendered {
  [name: string]: SalesforceValue | Rendered
}

/** A row of a query as JSON has it: parents nested, or null where there is none. */
export function renderRow(
  base: string,
  object: string,
  columns: readonly Column[],
  row: Readonly<Row>,
): Rendered {
  const attributes = (type: string, id: SalesforceValue | undefined): Rendered => ({
    attributes: { type, url: `${base}/sobjects/${type}/${String(id)}` },
  })
  const rendered = attributes(object, row.Id)
  for (const column of columns) {
    let place: Rendered | undefined = rendered
    for (const [at, type] of column.parents.entries()) {
      const step = column.steps[at] ?? ''
      const known: SalesforceValue | Rendered | undefined = place[step]
      if (known === undefined) {
        const parent = column.parentOf(row, at + 1)
        place[step] = parent === undefined ? null : attributes(type, parent.Id)
      }
      const inner: SalesforceValue | Rendered | undefined = place[step]
      place = typeof inner === 'object' && inner !== null ? inner : undefined
      if (place === undefined) break
    }
    if (place !== undefined) place[column.field.name] = column.read(row)
  }
  return rendered
}
