import type { Localized } from '../text.js'
import { epochMilliseconds, isCalendarDay } from './civil-time.js'

/** An instant that was read. */
export interface Instant {
  readonly ok: true
  /** `2026-03-01T08:00:00.000Z`. */
  readonly text: string
  /** Milliseconds since the Unix epoch. */
  readonly ms: number
  /** The calendar day as it was written, before any move to UTC: `2026-03-01`. */
  readonly day: string
}

export type InstantReading = Instant | { readonly ok: false; readonly reason: Localized }

const unreadable: InstantReading = {
  ok: false,
  reason: {
    en: 'is not a date or time such as 2026-03-01T08:00:00Z',
    zh: '不是日期或时间（例如 2026-03-01T08:00:00Z）',
  },
}
const noSuchMoment: InstantReading = {
  ok: false,
  reason: { en: 'is a day or time that does not exist', zh: '是不存在的日期或时间' },
}
const yearAlone: InstantReading = {
  ok: false,
  reason: { en: 'is a year without a month', zh: '只有年份，没有月份' },
}
const beforeTime: InstantReading = {
  ok: false,
  reason: {
    en: 'is before 1990-01-01: no report can be that old',
    zh: '早于 1990-01-01：反馈不可能这么早',
  },
}

/** Reports older than this are typing errors (1919, 0001) or the zero of somebody's clock (1970). */
const earliest = epochMilliseconds(1990, 1, 1)

const offset = String.raw`(Z|z|[A-Za-z]{2,4}|[+-]\d\d:?\d\d|[+-]\d\d)?`
const calendar =
  String.raw`^(\d{4})[-/.年](\d\d?)(?:月$|[-/.月](\d\d?)日?)?` +
  String.raw`(?:[Tt ]{1,2}(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?${offset})?$`
/** RFC 3339, ISO 8601 dates and their everyday spellings. */
const calendarForm = new RegExp(calendar)
/** ISO 8601 basic: 20260301, 20260301T080000Z. */
const compactForm = new RegExp(String.raw`^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)${offset})?$`)
/** RFC 2822, with the obsolete two-digit years and zone names, and a trailing comment. */
const mailForm = new RegExp(
  String.raw`^(?:[A-Za-z]{3,9},?\s{1,3})?(\d\d?)[\s-]([A-Za-z]{3,9})\.?[\s-](\d{4}|\d\d)` +
    String.raw`(?:\s{1,3}(\d\d?):(\d\d)(?::(\d\d))?\s{0,3}${offset})?(?:\s{0,3}\([^()]{0,40}\))?$`,
)
/** C `asctime` with a zone, as Weibo writes it: Wed Jun 01 00:50:25 +0800 2011. */
const weiboForm = new RegExp(
  String.raw`^[A-Za-z]{3}\s([A-Za-z]{3})\s{1,2}(\d\d?)\s(\d\d):(\d\d):(\d\d)\s(?:${offset}\s)?(\d{4})$`,
)

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** RFC 2822 section 4.3, in minutes. */
const zoneNames: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return 0
  const first = zone.charCodeAt(0)
  if (first !== 43 && first !== 45) return zoneNames[zone.toLowerCase()]
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 23 || minutes > 59) return undefined
  return (first === 45 ? -1 : 1) * (hours * 60 + minutes)
}

const monthNumber = (name: string | undefined): number =>
  name === undefined ? 0 : months.indexOf(name.slice(0, 3).toLowerCase()) + 1

type Part = string | undefined

function assemble(year: Part, month: number, day: Part, clock: readonly Part[], zone: Part): InstantReading {
  const hour = Number(clock[0] ?? 0)
  const minute = Number(clock[1] ?? 0)
  // RFC 3339 knows leap seconds; the epoch does not, so 23:59:60 is the next second.
  const second = Number(clock[2] ?? 0)
  const fraction = clock[3] === undefined ? 0 : Math.trunc(Number(`0.${clock[3]}`) * 1000)
  const fullYear = year === undefined ? Number.NaN : spelledYear(year)
  const dayNumber = Number(day ?? 1)
  if (!isCalendarDay(fullYear, month, dayNumber) || hour > 23 || minute > 59 || second > 60)
    return noSuchMoment
  const shift = offsetMinutes(zone)
  if (shift === undefined) return unreadable
  const ms = epochMilliseconds(fullYear, month, dayNumber, hour, minute, second, fraction) - shift * 60_000
  if (ms < earliest) return beforeTime
  return { ok: true, text: new Date(ms).toISOString(), ms, day: dayText(fullYear, month, dayNumber) }
}

/** RFC 2822 section 4.3: 00–49 are 20xx, 50–99 are 19xx. */
function spelledYear(year: string): number {
  const number = Number(year)
  if (year.length === 4) return number
  return number + (number < 50 ? 2000 : 1900)
}

const dayText = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

function fromEpoch(value: number): InstantReading {
  if (!Number.isFinite(value)) return unreadable
  // As seconds 1e11 is the year 5138, as milliseconds 1973: no real report is on the wrong side.
  const ms = Math.trunc(Math.abs(value) < 1e11 ? value * 1000 : value)
  if (ms < earliest) return beforeTime
  if (ms > 8.64e15 || ms > epochMilliseconds(9999, 12, 31)) return noSuchMoment
  const text = new Date(ms).toISOString()
  return { ok: true, text, ms, day: text.slice(0, 10) }
}

const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** The spelling that is kept inside, checked without a regular expression or a Date. */
function fromCanonical(text: string): InstantReading | undefined {
  if (
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58 ||
    text.charCodeAt(19) !== 46 ||
    text.charCodeAt(23) !== 90
  )
    return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  const millisecond = digit(text, 20) * 100 + two(text, 21)
  if (Number.isNaN(year + month + day + hour + minute + second + millisecond)) return undefined
  if (second === 60) return undefined
  if (!isCalendarDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return noSuchMoment
  const ms = epochMilliseconds(year, month, day, hour, minute, second, millisecond)
  return ms < earliest ? beforeTime : { ok: true, text, ms, day: text.slice(0, 10) }
}

/** A plain day such as 2026-03-01, as cheaply. */
function fromPlainDay(text: string): InstantReading | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  if (Number.isNaN(year + month + day)) return undefined
  if (!isCalendarDay(year, month, day)) return noSuchMoment
  const ms = epochMilliseconds(year, month, day)
  return ms < earliest ? beforeTime : { ok: true, text: `${text}T00:00:00.000Z`, ms, day: text }
}

/**
 * Reads an instant as channels write it: RFC 3339 with or without an offset, a date, ISO 8601 basic,
 * RFC 2822, Weibo's `Wed Jun 01 00:50:25 +0800 2011`, a Date, epoch seconds or milliseconds
 * (as a number or as digits). What has no zone is UTC. Refuses what does not exist and what is before 1990.
 */
export function readInstant(value: unknown): InstantReading {
  if (typeof value === 'number') return fromEpoch(value)
  if (value instanceof Date) return fromEpoch(value.getTime())
  if (typeof value !== 'string') return unreadable
  if (value.length === 24) {
    const canonical = fromCanonical(value)
    if (canonical !== undefined) return canonical
  } else if (value.length === 10) {
    const plain = fromPlainDay(value)
    if (plain !== undefined) return plain
  }
  const text = value.trim()
  // Longer than any spelling below: not worth a look.
  if (text.length > 100) return unreadable
  if (/^\d{4}年?$/.test(text)) return Number(text.slice(0, 4)) < 1990 ? beforeTime : yearAlone
  if (/^\d{10}(?:\d{3})?(?:\.\d{1,6})?$/.test(text)) return fromEpoch(Number(text))
  let parts = calendarForm.exec(text)
  if (parts !== null) return assemble(parts[1], Number(parts[2]), parts[3], parts.slice(4, 8), parts[8])
  parts = compactForm.exec(text)
  if (parts !== null) return assemble(parts[1], Number(parts[2]), parts[3], parts.slice(4, 7), parts[7])
  parts = mailForm.exec(text)
  if (parts !== null) {
    const month = monthNumber(parts[2])
    return month === 0 ? unreadable : assemble(parts[3], month, parts[1], parts.slice(4, 7), parts[7])
  }
  parts = weiboForm.exec(text)
  if (parts === null) return unreadable
  const month = monthNumber(parts[1])
  return month === 0 ? unreadable : assemble(parts[7], month, parts[2], parts.slice(3, 6), parts[6])
}
