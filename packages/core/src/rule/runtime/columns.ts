import { feedbackFields } from '../../feedback/fields.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import { columnOf } from '../language/columns.js'
import { plainReaders } from './plain-readers.js'
import { readInstant } from './read-instant.js'
import type { Value } from './value.js'

/** Reads one column of a record; null when the record does not have it. */
export type Reader = (feedback: FeedbackRecord) => Value

/** Reads one member of every element of a list; nothing when the record does not have the list. */
export type ListReader = (feedback: FeedbackRecord) => readonly Value[]

/** What a bare object column means: DESIGN section 5 writes `fault_code IN (…)`. */
const defaultMember: ReadonlyMap<string, string> = new Map(
  feedbackFields.flatMap(({ column, scalar }) => (scalar === undefined ? [] : [[column, scalar]])),
)
/** How long a list is, under a name of its own. */
const counts: ReadonlyMap<string, string> = new Map([
  ['evidence_count', 'evidence'],
  ['conditions_count', 'conditions'],
])
const instants = new Set([
  'received_at',
  'last_occurrence_time',
  'occurred_at',
  'occurred_at.at',
  'manufactured_at',
])
/** Days without a time. */
const dates = new Set(['manufactured_at'])
/** Their members are the customer's own names, not ours: they are not turned into camelCase. */
const freeKeys = new Set(['component_batches', 'attributes'])

/** True when the column is a point in time, so that its reader gives epoch milliseconds. */
export function isInstantColumn(path: readonly string[]): boolean {
  return instants.has(path.join('.'))
}

/** True for the instants that are days: as text they have no time. */
export const isDateColumn = (path: readonly string[]): boolean => dates.has(path.join('.'))

/** True when the column counts, so that its numbers are whole. */
export const isCountColumn = (path: readonly string[]): boolean =>
  path.length === 1 && counts.has(path.join('.'))

/** `conditions.quantity`: one value for each condition, NULL where it has none. */
export function listReader([name = '', member = '']: readonly string[]): ListReader {
  const [field, key] = [camelCase(name), camelCase(member)]
  return (feedback) => {
    const list = own(feedback, field)
    return Array.isArray(list) ? list.map((element: unknown) => scalar(own(element, key))) : []
  }
}

/**
 * The list inside the one value that `columnReader` gives of a member of a list: a pattern keeps of its steps what
 * a `Value` can hold, a list as its JSON.
 */
export function listOfValue(value: Value): readonly Value[] {
  if (typeof value !== 'string') return []
  const list: unknown = JSON.parse(value)
  return Array.isArray(list) ? list.map(scalar) : []
}

export function columnReader(path: readonly string[]): Reader {
  if (columnOf(path)?.element !== undefined) {
    const list = listReader(path)
    return (feedback) => JSON.stringify(list(feedback))
  }
  const [name = '', ...rest] = path
  const counted = counts.get(name)
  if (counted !== undefined) return (feedback) => lengthOf(own(feedback, counted))
  const plain = plainReaders[columnOf(path)?.name ?? '']
  if (plain !== undefined) return (feedback) => scalar(plain(feedback))
  const field = camelCase(name)
  const member = rest.length > 0 ? rest.join('.') : defaultMember.get(name)
  const asInstant = isInstantColumn(path)
  if (member === undefined) {
    return asInstant
      ? (feedback) => instantOf(own(feedback, field))
      : (feedback) => scalar((feedback as Readonly<Record<string, unknown>>)[field])
  }
  const key = freeKeys.has(name) ? member : camelCase(member)
  return asInstant
    ? (feedback) => instantOf(own(own(feedback, field), key))
    : (feedback) => scalar(own(own(feedback, field), key))
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0
}

function own(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return undefined
  return (holder as Readonly<Record<string, unknown>>)[key]
}

function scalar(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}

function instantOf(value: unknown): Value {
  if (typeof value !== 'string') return null
  const milliseconds = readInstant(value)
  return Number.isNaN(milliseconds) ? null : milliseconds
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
