import type { Interval } from '../ast.js'

const dayMilliseconds = 86_400_000
const none: Interval = { months: 0, days: 0, milliseconds: 0 }
const months = (count: number): Interval => ({ ...none, months: count })
const days = (count: number): Interval => ({ ...none, days: count })
const milliseconds = (count: number): Interval => ({ ...none, milliseconds: count })

/** What one of each unit is worth, under every spelling that PostgreSQL reads. */
const units: ReadonlyMap<string, Interval> = new Map(
  (
    [
      [['year', 'years', 'yr', 'yrs', 'y'], months(12)],
      [['month', 'months', 'mon', 'mons'], months(1)],
      [['week', 'weeks', 'w'], days(7)],
      [['day', 'days', 'd'], days(1)],
      [['hour', 'hours', 'hr', 'hrs', 'h'], milliseconds(3_600_000)],
      [['minute', 'minutes', 'min', 'mins', 'm'], milliseconds(60_000)],
      [['second', 'seconds', 'sec', 'secs', 's'], milliseconds(1000)],
      [['millisecond', 'milliseconds', 'msec', 'msecs', 'ms'], milliseconds(1)],
    ] as const
  ).flatMap(([names, worth]) => names.map((name): [string, Interval] => [name, worth])),
)

/** Every unit that `parseInterval` reads. */
export const intervalUnits: readonly string[] = [...units.keys()]

/** A fraction of a month spills into days (30 of them) and a fraction of a day into time, as in PostgreSQL. */
function times(worth: Interval, count: number): Interval {
  const wholeMonths = Math.trunc(worth.months * count)
  const allDays = worth.days * count + (worth.months * count - wholeMonths) * 30
  // Decimal fractions are not exact in binary: 0.1 month is 3 days, not 2.9999999999999996.
  const tidyDays = Math.round(allDays * 1e9) / 1e9
  const wholeDays = Math.trunc(tidyDays)
  return {
    months: wholeMonths,
    days: wholeDays,
    milliseconds: Math.round(worth.milliseconds * count + (tidyDays - wholeDays) * dayMilliseconds),
  }
}

function sum(parts: readonly Interval[]): Interval | undefined {
  const total = { months: 0, days: 0, milliseconds: 0 }
  for (const part of parts) {
    total.months += part.months
    total.days += part.days
    total.milliseconds += part.milliseconds
  }
  const safe = [total.months, total.days, total.milliseconds].every((value) => Number.isSafeInteger(value))
  return safe
    ? { months: total.months + 0, days: total.days + 0, milliseconds: total.milliseconds + 0 }
    : undefined
}

const clockPart = /^([+-]?)(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?$/
const quantityPart = /^([+-]?(?:\d+\.?\d*|\.\d+))$/
const joinedPart = /^([+-]?(?:\d+\.?\d*|\.\d+))([a-z]+)$/
const isoForm =
  /^p(?:(\d+(?:\.\d+)?)y)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)w)?(?:(\d+(?:\.\d+)?)d)?(?:t(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?)?$/
const isoWorth = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const
const longestText = 200

/**
 * Reads what PostgreSQL reads behind INTERVAL: `24 hours`, `1 day 2 hours`, `90 min`, `01:30:00`, `1 day 02:00`,
 * `-1 month`, `1.5 days`, `3 days ago`, `P1DT2H`. A number without a unit is refused. Fractions of a
 * millisecond are rounded. Undefined when the text is no interval.
 * @see https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT
 */
export function parseInterval(text: string): Interval | undefined {
  if (text.length > longestText) return undefined
  const lower = text.trim().toLowerCase()
  const iso = lower.startsWith('p') ? isoForm.exec(lower) : null
  if (iso !== null) {
    const parts = isoWorth.flatMap((unit, index) => {
      const count = iso[index + 1]
      return count === undefined ? [] : [times(units.get(unit) ?? none, Number(count))]
    })
    return parts.length === 0 || lower.endsWith('t') ? undefined : sum(parts)
  }
  const tokens = lower.split(/\s+/).filter((token) => token !== '')
  const ago = tokens.at(-1) === 'ago'
  if (ago) tokens.pop()
  const parts = partsOf(tokens)
  if (parts === undefined || parts.length === 0) return undefined
  return sum(ago ? parts.map((part) => times(part, -1)) : parts)
}

function partsOf(tokens: readonly string[]): readonly Interval[] | undefined {
  const parts: Interval[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? ''
    const clock = clockPart.exec(token)
    if (clock !== null) {
      const [, sign, hours, minutes, seconds = '0'] = clock
      const time = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000)
      parts.push(milliseconds(sign === '-' ? -time : time))
      continue
    }
    const joined = joinedPart.exec(token)
    const quantity = joined?.[1] ?? quantityPart.exec(token)?.[1]
    const unit = units.get(joined?.[2] ?? tokens[++index] ?? '')
    if (quantity === undefined || unit === undefined) return undefined
    parts.push(times(unit, Number(quantity)))
  }
  return parts
}

const many = (count: number, unit: string): string => `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`

/** The canonical spelling, which `parseInterval` reads back to the same interval: `1 year 2 months`, `24 hours`. */
export function printInterval(interval: Interval): string {
  const time = interval.milliseconds
  const parts: readonly (readonly [number, string])[] = [
    [Math.trunc(interval.months / 12), 'year'],
    [interval.months % 12, 'month'],
    [interval.days, 'day'],
    [Math.trunc(time / 3_600_000), 'hour'],
    [Math.trunc((time % 3_600_000) / 60_000), 'minute'],
    [(time % 60_000) / 1000, 'second'],
  ]
  const printed = parts.filter(([count]) => count !== 0).map(([count, unit]) => many(count, unit))
  return printed.length === 0 ? '0 seconds' : printed.join(' ')
}

/** The length that PostgreSQL compares by: a month counts as 30 days, a day as 24 hours. */
export function intervalMilliseconds(interval: Interval): number {
  return (interval.months * 30 + interval.days) * dayMilliseconds + interval.milliseconds
}

/**
 * Adds an interval to an instant (epoch ms, UTC calendar) as PostgreSQL does: months first, clamped to the
 * last day of the month (2026-01-31 + 1 month = 2026-02-28), then days, then time. `direction` -1 subtracts.
 */
export function addInterval(instant: number, interval: Interval, direction: 1 | -1 = 1): number {
  const rest = direction * (interval.days * dayMilliseconds + interval.milliseconds)
  if (interval.months === 0) return instant + rest
  const date = new Date(instant)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + direction * interval.months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime() + rest
}
