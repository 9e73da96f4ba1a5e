import type { Row, Value } from './field.js'
import { type EntitySet, keyOf } from './model.js'

/** One change of one entity, as a test reads it. */
export interface EntityChange {
  /** Epoch ms. */
  readonly at: number
  readonly user: string
  readonly set: string
  /** The key fields. */
  readonly key: Row
  readonly kind: 'created' | 'changed'
  /** Only what is different; empty for a create. */
  readonly before: Row
  /** Only what is different; the whole entity for a create. */
  readonly after: Row
}

/** Who changes something, and when. */
export interface ChangeMark {
  readonly at: number
  readonly user: string
}

/** The entities of a system, by set and key, and every change of them. */
export interface Tables {
  rows(set: string): Iterable<Row>
  /** The rows whose field has the value; by an index that is made when first asked for. */
  rowsWith(set: string, field: string, value: Value): readonly Row[]
  find(set: string, key: Row): Row | undefined
  insert(set: string, row: Row, mark: ChangeMark): Row
  change(set: string, row: Row, patch: Row, mark: ChangeMark): Row
  /** All of it or nothing: what throws leaves everything as it was. */
  atomically<T>(work: () => T): T
  /** Oldest first. */
  readonly changes: readonly EntityChange[]
}

const pick = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]))

interface Table {
  readonly entitySet: EntitySet
  readonly rows: Map<string, Row>
  /** Field → value → keys. */
  readonly indexes: Map<string, Map<Value, Set<string>>>
}

function index(table: Table, key: string, row: Row, add: boolean): void {
  for (const [field, byValue] of table.indexes) {
    const value = row[field] ?? null
    const keys = byValue.get(value)
    if (!add) keys?.delete(key)
    else if (keys === undefined) byValue.set(value, new Set([key]))
    else keys.add(key)
  }
}

function put(table: Table, key: string, row: Row | undefined): void {
  const before = table.rows.get(key)
  if (before !== undefined) index(table, key, before, false)
  if (row === undefined) table.rows.delete(key)
  else {
    table.rows.set(key, row)
    index(table, key, row, true)
  }
}

function indexed(table: Table, field: string): Map<Value, Set<string>> {
  const existing = table.indexes.get(field)
  if (existing !== undefined) return existing
  const made = new Map<Value, Set<string>>()
  table.indexes.set(field, made)
  for (const [key, row] of table.rows) {
    const value = row[field] ?? null
    const keys = made.get(value)
    if (keys === undefined) made.set(value, new Set([key]))
    else keys.add(key)
  }
  return made
}

/** Empty tables for these sets. */
export function openTables(sets: readonly EntitySet[]): Tables {
  const tables = new Map(
    sets.map((entitySet): [string, Table] => [
      entitySet.name,
      { entitySet, rows: new Map(), indexes: new Map() },
    ]),
  )
  const changes: EntityChange[] = []
  /** What takes the running work back, latest last; undefined outside of any. */
  let undo: (() => void)[] | undefined

  const table = (set: string): Table => {
    const found = tables.get(set)
    if (found === undefined) throw new RangeError(`no set ${set}`)
    return found
  }
  const write = (one: Table, key: string, row: Row, change: EntityChange): Row => {
    const before = one.rows.get(key)
    undo?.push(() => {
      put(one, key, before)
      changes.pop()
    })
    put(one, key, row)
    changes.push(change)
    return row
  }

  return {
    rows: (set) => table(set).rows.values(),
    rowsWith(set, field, value) {
      const one = table(set)
      return [...(indexed(one, field).get(value) ?? [])].flatMap((key): readonly Row[] => {
        const row = one.rows.get(key)
        return row === undefined ? [] : [row]
      })
    },
    find: (set, key) => table(set).rows.get(keyOf(table(set).entitySet, key)),
    insert(set, row, { at, user }) {
      const one = table(set)
      const key = pick(row, one.entitySet.key)
      return write(one, keyOf(one.entitySet, row), row, {
        ...{ at, user, set, key, kind: 'created', before: {}, after: row },
      })
    },
    change(set, row, patch, { at, user }) {
      const one = table(set)
      const different = Object.keys(patch).filter((name) => patch[name] !== row[name])
      const key = pick(row, one.entitySet.key)
      const [before, after] = [pick(row, different), pick(patch, different)]
      return write(
        one,
        keyOf(one.entitySet, row),
        { ...row, ...patch },
        {
          ...{ at, user, set, key, kind: 'changed', before, after },
        },
      )
    },
    atomically(work) {
      if (undo !== undefined) return work()
      undo = []
      try {
        return work()
      } catch (error) {
        for (const step of undo.reverse()) step()
        throw error
      } finally {
        undo = undefined
      }
    },
    changes,
  }
}
