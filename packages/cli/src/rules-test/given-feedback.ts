import {
  type FeedbackRecord,
  feedbackFields,
  feedbackRecordSchema,
  readInstant,
  schemaVersion,
} from '@andon/core/feedback'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { nearest } from '../suggest.js'

/** Fields around the record that a test may set, too. */
const around: Readonly<Record<string, string>> = { tenant: 'tenant', attributes: 'attributes' }
const memberName = (column: string): string =>
  column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * The record that a test's fields stand for, in the rule language's snake_case; what is not given is filled with
 * what an ordinary feedback says. A bare text where an object belongs is its main member: `fault_code: E-1`.
 *
 * @param number makes its ids different from its neighbours'
 * @throws CliError exit code 1 naming the field
 */
export function givenFeedback(
  given: Readonly<Record<string, unknown>>,
  at: number,
  number: number,
  where: string,
): FeedbackRecord {
  const instant = new Date(at).toISOString()
  const record: Record<string, unknown> = {
    feedbackId: idOf(at, number),
    channel: 'web',
    source: 'test',
    sourceMessageId: `test-${number}`,
    receivedAt: instant,
    lastOccurrenceTime: instant,
    language: 'en',
    customerRole: 'consumer',
    symptomText: `feedback ${number}`,
    severityScore: 5,
    safetyFlags: {
      fire: false,
      injury: false,
      electricShock: false,
      leak: false,
      breakdown: false,
      reportable: false,
    },
    tenant: 'default',
    schemaVersion,
    fingerprint: `test-${number}`,
  }
  for (const [column, value] of Object.entries(given)) setField(record, column, value, where)
  const checked = feedbackRecordSchema.safeParse(record)
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw invalid(`${where}: ${problems}`, `${where}：${problems}`)
}

function setField(record: Record<string, unknown>, column: string, value: unknown, where: string): void {
  const extra = around[column]
  if (extra !== undefined) {
    record[extra] = value
    return
  }
  const field = feedbackFields.find((known) => known.column === column)
  if (field === undefined) {
    const names = feedbackFields.map((known) => known.column)
    const meant = nearest(column, names)
    throw invalid(
      `${where}: there is no field ${column}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      `${where}：没有字段 ${column}${meant === undefined ? '' : `，是否指 ${meant}？`}`,
    )
  }
  record[field.name] = memberValue(field, value, record[field.name])
}

function memberValue(field: (typeof feedbackFields)[number], value: unknown, before: unknown): unknown {
  if (field.type === 'instant') return spelledOut(value)
  if (field.type === 'record' || field.type === 'array' || typeof value !== 'object' || value === null) {
    if (field.type !== 'object' || field.scalar === undefined || value === null)
      return renamed(field.type, value)
    return scalarObject(field.name, field.scalar, value)
  }
  const members = { ...(typeof before === 'object' ? before : {}), ...renamedMembers(value) }
  return 'at' in members ? { ...members, at: spelledOut(members.at) } : members
}

/** An instant in any spelling that Andon reads, as the record keeps it; what is none is left to the schema. */
function spelledOut(value: unknown): unknown {
  const reading = typeof value === 'string' ? readInstant(value) : undefined
  return reading?.ok === true ? reading.text : value
}

/** What an object needs beside its main member. */
function scalarObject(name: string, scalar: string, value: unknown): object {
  if (name === 'faultCode' || name === 'faultLocation') return { catalog: 'andon', code: value }
  if (name === 'occurredAt') return { at: spelledOut(value), precision: 'second' }
  return { [memberName(scalar)]: value }
}

function renamed(type: string, value: unknown): unknown {
  if (type !== 'array' || !Array.isArray(value)) return value
  return value.map((item: unknown) =>
    typeof item === 'object' && item !== null ? renamedMembers(item) : item,
  )
}

function renamedMembers(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [memberName(name), member]))
}

/** A UUIDv7 of the instant and the number. */
function idOf(at: number, number: number): string {
  const time = Math.max(0, Math.trunc(at)).toString(16).padStart(12, '0')
  const tail = number.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`
}

function invalid(en: string, zh: string): CliError {
  return new CliError({ en, zh }, exitCodes.invalid)
}
