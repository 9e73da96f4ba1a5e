import { id18 } from './ids.js'
import type { ObjectModel } from './model.js'
import type { SalesforceValue } from './record.js'
import { SalesforceRefusal } from './refusal.js'

export type Row = Record<string, SalesforceValue>

/** The tables of the org with their external ids; no rules. */
export interface Records {
  /** @throws SalesforceRefusal NOT_FOUND */
  model(object: string): ObjectModel
  setModel(model: ObjectModel): void
  readonly models: Iterable<ObjectModel>
  /** Rows of an object, deleted ones too, in the order of their creation. */
  rows(object: string): Iterable<Readonly<Row>>
  /** By an id of 15 or 18 characters; undefined also for an object that there is not. */
  row(object: string, id: string): Readonly<Row> | undefined
  /** The row that has this value of an external id, case ignored; deleted ones do not count. */
  byExternalId(object: string, field: string, value: SalesforceValue): Readonly<Row> | undefined
  /** Puts a row in the place of the one with its id. */
  put(object: string, row: Readonly<Row>): void
  remove(object: string, id: string): void
}

export const notFound = (): SalesforceRefusal =>
  new SalesforceRefusal('NOT_FOUND', 'The requested resource does not exist', [], 404)

const externalKey = (field: string, value: SalesforceValue): string =>
  `${field} ${String(value).toLowerCase()}`

export function createRecords(models: Map<string, ObjectModel>): Records {
  const tables = new Map<string, Map<string, Readonly<Row>>>()
  const external = new Map<string, Map<string, string>>()
  for (const name of models.keys()) {
    tables.set(name, new Map())
    external.set(name, new Map())
  }

  const model = (object: string): ObjectModel => {
    const found = models.get(object)
    if (found === undefined) throw notFound()
    return found
  }
  const table = (object: string): Map<string, Readonly<Row>> => tables.get(model(object).name) ?? new Map()

  const index = (object: string, row: Readonly<Row>, on: boolean): void => {
    for (const { externalId, name } of model(object).fields.values()) {
      const value = row[name] ?? null
      if (!externalId || value === null) continue
      const key = externalKey(name, value)
      if (on && row.IsDeleted !== true) external.get(object)?.set(key, String(row.Id))
      else if (external.get(object)?.get(key) === row.Id) external.get(object)?.delete(key)
    }
  }

  const remove = (object: string, id: string): void => {
    const row = table(object).get(id)
    if (row === undefined) return
    index(object, row, false)
    table(object).delete(id)
  }

  return {
    model,
    setModel(changed) {
      models.set(changed.name, changed)
    },
    models: { [Symbol.iterator]: () => models.values() },
    rows: (object) => table(object).values(),
    row: (object, id) => tables.get(object)?.get(id18(id) ?? id),
    byExternalId(object, field, value) {
      const id = external.get(object)?.get(externalKey(field, value))
      return id === undefined ? undefined : table(object).get(id)
    },
    put(object, row) {
      const before = table(object).get(String(row.Id))
      if (before !== undefined) index(object, before, false)
      // In its old place, so that the order of creation stays.
      table(object).set(String(row.Id), row)
      index(object, row, true)
    },
    remove,
  }
}
