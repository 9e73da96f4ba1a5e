import { id18 } from '../ids.js'
import { epochOf } from '../instants.js'
import { type Field, isText, type ObjectModel } from '../model.js'
import type { Org } from '../org.js'
import type { SalesforceValue } from '../record.js'
import type { Row } from '../records.js'
import { SalesforceRefusal } from '../refusal.js'
import type { Comparison, Condition, Literal, Ordering, Query } from './query.js'
import { malformed } from './tokens.js'

/** A field of the object or of a parent, found and checked. */
export interface Column {
  readonly path: string
  readonly steps: readonly string[]
  /** The object that each relationship leads to. */
  readonly parents: readonly string[]
  readonly field: Field
  /** The parent that so many relationships lead to, 0 being the row itself. */
  parentOf(row: Readonly<Row>, depth: number): Readonly<Row> | undefined
  /** The value in a row; null where a parent is missing. */
  read(row: Readonly<Row>): SalesforceValue
}

export interface PlannedQuery {
  readonly from: ObjectModel
  readonly columns: readonly Column[]
  /** All rows that fit, in order, cut by LIMIT and OFFSET. */
  run(withDeleted: boolean): readonly Readonly<Row>[]
}

const invalidField = (object: string, name: string): SalesforceRefusal =>
  new SalesforceRefusal('INVALID_FIELD', `No such column '${name}' on entity '${object}'.`)

/** Finds every name of a query in the org. @throws SalesforceRefusal INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY */
export function planSoql(org: Org, query: Query): PlannedQuery {
  const models = new Map([...org.models].map((one) => [one.name.toLowerCase(), one]))
  const from = models.get(query.from.toLowerCase())
  if (from === undefined) {
    throw new SalesforceRefusal('INVALID_TYPE', `sObject type '${query.from}' is not supported.`)
  }
  const column = (path: string): Column => columnOf(org, from, path)
  const columns = query.select.map(column)
  const paths = columns.map(({ steps }) => steps.join('.'))
  const twice = paths.find((path, at) => paths.indexOf(path) !== at)
  if (twice !== undefined) throw malformed(`duplicate field selected: ${twice}`)
  if (query.offset > 2000) {
    throw new SalesforceRefusal('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000')
  }
  const fits = query.where === undefined ? () => true : conditionOf(query.where, column)
  const order = query.orderBy.map((one) => orderOf(one, column(one.path)))
  const ids = query.where === undefined ? undefined : idsOf(query.where)

  return {
    from,
    columns,
    run(withDeleted) {
      const candidates = ids === undefined ? org.rows(from.name) : rowsOf(org, from.name, ids)
      const found: Readonly<Row>[] = []
      for (const row of candidates) {
        if ((withDeleted || row.IsDeleted !== true) && fits(row)) found.push(row)
      }
      if (order.length > 0) {
        found.sort((one, other) => {
          for (const compare of order) {
            const by = compare(one, other)
            if (by !== 0) return by
          }
          return 0
        })
      }
      const until = query.limit === undefined ? undefined : query.offset + query.limit
      return found.slice(query.offset, until)
    },
  }
}

function columnOf(org: Org, from: ObjectModel, path: string): Column {
  const given = path.split('.')
  // The object's own name may stand in front.
  if (given.length > 1 && given[0]?.toLowerCase() === from.name.toLowerCase()) given.shift()
  if (given.length > 6) throw malformed('at most 5 relationships up')
  const last = given.pop() ?? ''
  const steps: string[] = []
  const parents: { readonly key: string; readonly object: string }[] = []
  let object = from
  for (const step of given) {
    const by = [...object.fields.values()].find(
      (one) => one.relationship?.toLowerCase() === step.toLowerCase(),
    )
    if (by?.to === undefined) {
      throw new SalesforceRefusal('INVALID_FIELD', `Didn't understand relationship '${step}' in field path.`)
    }
    parents.push({ key: by.name, object: by.to })
    steps.push(by.relationship ?? step)
    object = org.model(by.to)
  }
  const field =
    object.fields.get(last) ??
    [...object.fields.values()].find(({ name }) => name.toLowerCase() === last.toLowerCase())
  if (field === undefined) throw invalidField(object.name, last)
  steps.push(field.name)
  const parentOf = (row: Readonly<Row>, depth: number): Readonly<Row> | undefined => {
    let current: Readonly<Row> | undefined = row
    for (const parent of parents.slice(0, depth)) {
      const id: SalesforceValue = current?.[parent.key] ?? null
      current = typeof id === 'string' ? org.row(parent.object, id) : undefined
    }
    return current
  }
  return {
    ...{ path, steps, field, parentOf },
    parents: parents.map((parent) => parent.object),
    read: (row) => (parents.length === 0 ? row : parentOf(row, parents.length))?.[field.name] ?? null,
  }
}

type Test = (row: Readonly<Row>) => boolean

function conditionOf(condition: Condition, column: (path: string) => Column): Test {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => conditionOf(part, column))
      return (row) => parts.every((part) => part(row))
    }
    case 'or': {
      const parts = condition.parts.map((part) => conditionOf(part, column))
      return (row) => parts.some((part) => part(row))
    }
    case 'not': {
      const part = conditionOf(condition.part, column)
      return (row) => !part(row)
    }
    case 'in': {
      const by = filterable(column(condition.path))
      const values = new Set(
        condition.literals.map((literal) => comparable(by.field, comparedOf(by.field, literal))),
      )
      return (row) => values.has(comparable(by.field, by.read(row))) !== condition.not
    }
    case 'compare': {
      const by = filterable(column(condition.path))
      return comparing(by, condition.by, condition.literal)
    }
  }
}

function filterable(by: Column): Column {
  if (by.field.filterable) return by
  throw new SalesforceRefusal('INVALID_FIELD', `field '${by.field.name}' can not be filtered in a query call`)
}

function comparing(by: Column, how: Comparison, literal: Literal): Test {
  if (how === 'LIKE') {
    if (literal.kind !== 'text' || !isText(by.field)) throw invalidLiteral(by.field, literal)
    const pattern = likeOf(literal.value)
    return (row) => pattern.test(String(by.read(row) ?? ''))
  }
  const wanted = comparable(by.field, comparedOf(by.field, literal))
  if (how === '=') return (row) => comparable(by.field, by.read(row)) === wanted
  if (how === '!=') return (row) => comparable(by.field, by.read(row)) !== wanted
  return (row) => {
    const value = comparable(by.field, by.read(row))
    if (value === null || wanted === null) return false
    if (how === '<') return value < wanted
    if (how === '<=') return value <= wanted
    return how === '>' ? value > wanted : value >= wanted
  }
}

function likeOf(text: string): RegExp {
  const source = text.replace(/\\[%_]|[%_]|[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === '%') return '.*'
    if (part === '_') return '.'
    return part.length === 2 ? part.slice(1) : `\\${part}`
  })
  return new RegExp(`^${source}$`, 'is')
}

const invalidLiteral = (of: Field, literal: Literal): SalesforceRefusal =>
  new SalesforceRefusal(
    'INVALID_FIELD',
    `value of filter criterion for field '${of.name}' must be of type ${of.type}, not ${literal.kind}`,
  )

/** The literal as the field's stored value, where its type fits. */
function comparedOf(of: Field, literal: Literal): SalesforceValue {
  if (literal.kind === 'null') return null
  const { type } = of
  if (literal.kind === 'datetime' && type === 'datetime') return new Date(literal.value).toISOString()
  if (literal.kind === 'date' && type === 'date') return literal.value
  if (literal.kind === 'number' && (type === 'double' || type === 'int')) return literal.value
  if (literal.kind === 'boolean' && type === 'boolean') return literal.value
  if (literal.kind === 'text' && isText(of)) return literal.value
  if (literal.kind === 'text' && (type === 'id' || type === 'reference')) {
    const id = id18(literal.value)
    if (id === undefined) {
      throw new SalesforceRefusal('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`)
    }
    return id
  }
  throw invalidLiteral(of, literal)
}

/** Texts are compared without case, instants as numbers. */
function comparable(of: Field, value: SalesforceValue): SalesforceValue {
  if (value === null) return null
  if (of.type === 'datetime') return epochOf(String(value))
  return isText(of) ? String(value).toLowerCase() : value
}

function orderOf({ descending, nullsLast }: Ordering, by: Column) {
  if (!by.field.filterable) throw malformed(`field '${by.field.name}' can not be sorted in a query call`)
  return (one: Readonly<Row>, other: Readonly<Row>): number => {
    const left = comparable(by.field, by.read(one))
    const right = comparable(by.field, by.read(other))
    if (left === right) return 0
    if (left === null) return nullsLast ? 1 : -1
    if (right === null) return nullsLast ? -1 : 1
    return left < right === descending ? 1 : -1
  }
}

/** The ids that a condition allows at most, so that no table is read through for a few records. */
function idsOf(condition: Condition): ReadonlySet<string> | undefined {
  if (condition.kind === 'and') return condition.parts.map(idsOf).find((ids) => ids !== undefined)
  const literals =
    condition.kind === 'in' && !condition.not
      ? condition.literals
      : condition.kind === 'compare' && condition.by === '='
        ? [condition.literal]
        : undefined
  if (literals === undefined || !('path' in condition) || condition.path.toLowerCase() !== 'id')
    return undefined
  return new Set(literals.flatMap((one) => (one.kind === 'text' ? [id18(one.value) ?? ''] : [])))
}

function* rowsOf(org: Org, object: string, ids: ReadonlySet<string>): Iterable<Readonly<Row>> {
  for (const id of ids) {
    const row = org.row(object, id)
    if (row !== undefined) yield row
  }
}
