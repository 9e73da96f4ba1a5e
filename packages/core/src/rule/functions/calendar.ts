import type { Interval } from '../ast.js'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** What DATE_TRUNC cuts to. */
export const truncationUnits = [
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const
export type TruncationUnit = (typeof truncationUnits)[number]

/** What EXTRACT reads of a time. */
export const timeFields = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'dow',
  'isodow',
  'doy',
  'hour',
  'minute',
  'second',
  'epoch',
] as const
export type TimeField = (typeof timeFields)[number]

const floorMod = (value: number, size: number): number => ((value % size) + size) % size
/** Monday is 1, Sunday 7. */
const isoWeekday = (time: number): number => floorMod(Math.floor(time / day) + 3, 7) + 1
const yearStart = (time: number): number => startOfYear(new Date(time).getUTCFullYear())

/** `Date.UTC` takes years below 100 for those of the twentieth century. */
function startOfYear(year: number, month = 0): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 1)
  return date.getTime()
}

/** ISO 8601: the week belongs to the year of its Thursday, and the first one has the year's first Thursday. */
function isoWeek(time: number): number {
  const thursday = time + (4 - isoWeekday(time)) * day
  return Math.floor((thursday - yearStart(thursday)) / (7 * day)) + 1
}

/**
 * The readers behind EXTRACT, for a wall-clock time (epoch ms as if it were UTC). Seconds have fractions;
 * weeks are ISO's, `dow` counts Sunday as 0 and `isodow` as 7.
 * @see https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-EXTRACT
 */
export const readField: Readonly<Record<TimeField, (time: number) => number>> = {
  year: (time) => new Date(time).getUTCFullYear(),
  quarter: (time) => Math.floor(new Date(time).getUTCMonth() / 3) + 1,
  month: (time) => new Date(time).getUTCMonth() + 1,
  week: isoWeek,
  day: (time) => new Date(time).getUTCDate(),
  dow: (time) => isoWeekday(time) % 7,
  isodow: isoWeekday,
  doy: (time) => Math.floor((time - yearStart(time)) / day) + 1,
  hour: (time) => Math.floor(floorMod(time, day) / hour),
  minute: (time) => Math.floor(floorMod(time, hour) / minute),
  second: (time) => floorMod(time, minute) / second,
  epoch: (time) => time / second,
}

/** Fields of an interval; a year of it lasts 365.25 days and a month 30 when seconds are asked for. */
export const readIntervalField: Readonly<Partial<Record<TimeField, (interval: Interval) => number>>> = {
  year: ({ months }) => Math.trunc(months / 12) + 0,
  quarter: ({ months }) => (months % 12 < 0 ? -1 : 1) * (Math.floor(Math.abs(months % 12) / 3) + 1),
  month: ({ months }) => (months % 12) + 0,
  week: ({ days }) => Math.trunc(days / 7) + 0,
  day: ({ days }) => days,
  hour: ({ milliseconds }) => Math.trunc(milliseconds / hour) + 0,
  minute: ({ milliseconds }) => Math.trunc((milliseconds % hour) / minute) + 0,
  second: ({ milliseconds }) => (milliseconds % minute) / second + 0,
  epoch: ({ months, days, milliseconds }) =>
    Math.trunc(months / 12) * 365.25 * 86_400 +
    (months % 12) * 30 * 86_400 +
    days * 86_400 +
    milliseconds / second,
}

/** Cuts a wall-clock time down to the beginning of its unit; weeks begin on Monday. */
export const truncateTo: Readonly<Record<TruncationUnit, (time: number) => number>> = {
  second: (time) => time - floorMod(time, second),
  minute: (time) => time - floorMod(time, minute),
  hour: (time) => time - floorMod(time, hour),
  day: (time) => time - floorMod(time, day),
  week: (time) => time - floorMod(time, day) - (isoWeekday(time) - 1) * day,
  month: (time) => startOfYear(new Date(time).getUTCFullYear(), new Date(time).getUTCMonth()),
  quarter: (time) =>
    startOfYear(new Date(time).getUTCFullYear(), Math.floor(new Date(time).getUTCMonth() / 3) * 3),
  year: yearStart,
}
