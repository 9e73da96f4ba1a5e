import type { Problem } from '../connector/store.js'
import type { Localized } from '../text.js'
import { type Instant, readInstant } from './dates.js'
import { problem } from './problem.js'

/** A sender's clock, or a day that has already begun further east, may be this far ahead. */
const skew = 86_400_000
/** The day begins first at UTC+14. */
const earliestDayBreak = 14 * 3_600_000

const future: Localized = { en: 'is in the future', zh: '是将来的时间' }
const afterReceipt: Localized = {
  en: 'is after the report was received ({receivedAt})',
  zh: '晚于反馈的接收时间（{receivedAt}）',
}
const notObject: Localized = { en: 'is not an object', zh: '不是对象' }

/** An instant that is no more than a day ahead of `now`; otherwise undefined, with the problem told. */
export function instantOf(
  field: string,
  value: unknown,
  now: number,
  problems: Problem[],
): Instant | undefined {
  const reading = readInstant(value)
  if (!reading.ok) {
    problems.push(problem(field, shownInstant(value), reading.reason))
    return undefined
  }
  if (reading.ms > now + skew) {
    problems.push(problem(field, shownInstant(value), future))
    return undefined
  }
  return reading
}

/** Channels hand instants on as epoch milliseconds: a person must see the date, or that there is none (NaN). */
function shownInstant(value: unknown): unknown {
  if (typeof value !== 'number' && !(value instanceof Date)) return value
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? String(Number(value)) : date.toISOString()
}

/** When it happened: not later than a day after the report was received. */
export function occurrenceOf(
  value: unknown,
  receivedAt: number,
  now: number,
  problems: Problem[],
): { readonly at: string; readonly precision: unknown } | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') {
    problems.push(problem('occurredAt', value, notObject))
    return undefined
  }
  const at: unknown = Reflect.get(value, 'at')
  const precision: unknown = Reflect.get(value, 'precision')
  const instant = instantOf('occurredAt', at, now, problems)
  if (instant === undefined) return undefined
  if (instant.ms > receivedAt + skew) {
    const values = { receivedAt: new Date(receivedAt).toISOString() }
    problems.push(problem('occurredAt', shownInstant(at), afterReceipt, values))
    return undefined
  }
  return { at: instant.text, precision }
}

/** The day of manufacture, which must have begun somewhere on earth. */
export function dayOf(value: unknown, now: number, problems: Problem[]): string | undefined {
  const reading = readInstant(value)
  if (!reading.ok) {
    problems.push(problem('manufacturedAt', shownInstant(value), reading.reason))
    return undefined
  }
  // The day as written: midnight in China is still that day, though in UTC it is the day before.
  const written = readInstant(reading.day)
  if (written.ok && written.ms > now + earliestDayBreak) {
    problems.push(problem('manufacturedAt', shownInstant(value), future))
    return undefined
  }
  return reading.day
}
