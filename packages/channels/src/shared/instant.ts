import { wrong } from './reader.js'

const local =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/
const chinese = /^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日?)?$/
const month = /^(\d{4})[-/.](\d{1,2})$/

/** Minutes east of Greenwich of `+08:00`, `-0530` or `Z`. */
function offsetMinutes(offset: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset)
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/**
 * A platform's time as epoch milliseconds. Reads epoch seconds (below 10¹¹) and milliseconds, RFC 3339, RFC 2822,
 * Weibo's `Wed Jun 01 00:50:25 +0800 2011`, `20260301083000` and local times without a zone, which are taken
 * at `zone`. Whether the instant is plausible is the normaliser's question.
 *
 * @throws ChannelError naming `field` when it is no time at all, or a day that no calendar has
 */
export function instantOf(value: unknown, field: string, zone: string): number {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}$/.test(value))) {
    const number = Number(value)
    if (Number.isFinite(number) && Math.abs(number) <= 8.64e15) {
      return Math.abs(number) < 1e11 ? Math.round(number * 1000) : Math.round(number)
    }
  } else if (typeof value === 'string') {
    const text = value.trim()
    const parts = local.exec(text) ?? compact.exec(text)
    const instant = parts === null ? Date.parse(text) : instantOfParts(parts, zone)
    if (!Number.isNaN(instant)) return instant
  }
  throw wrong(field, value, 'is not a date and time', '不是有效的日期时间')
}

function instantOfParts(parts: RegExpExecArray, zone: string): number {
  const [, year, monthNumber, day, hours = '0', minutes = '0', seconds = '0', fraction = '', offset = zone] =
    parts
  if (!isCalendarDay(Number(year), Number(monthNumber), Number(day))) return Number.NaN
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) > 60) return Number.NaN
  const utc = Date.UTC(
    Number(year),
    Number(monthNumber) - 1,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  )
  return utc - offsetMinutes(offset) * 60_000
}

/** A date (`2025-11-03`) and how exactly it was given; undefined when the text is no date. */
export function dateOf(
  value: string,
): { readonly date: string; readonly precision: 'day' | 'month' } | undefined {
  const text = value.trim()
  const parts = chinese.exec(text) ?? month.exec(text) ?? local.exec(text) ?? compact.exec(text)
  if (parts === null) return undefined
  const [, year, monthNumber, day] = parts
  if (year === undefined || monthNumber === undefined) return undefined
  if (!isCalendarDay(Number(year), Number(monthNumber), Number(day ?? 1))) return undefined
  const date = `${year}-${monthNumber.padStart(2, '0')}-${(day ?? '1').padStart(2, '0')}`
  return { date, precision: day === undefined ? 'month' : 'day' }
}

function isCalendarDay(year: number, monthNumber: number, day: number): boolean {
  return (
    monthNumber >= 1 &&
    monthNumber <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, monthNumber, 0)).getUTCDate()
  )
}
