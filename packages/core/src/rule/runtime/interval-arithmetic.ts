import type { Interval } from '../ast.js'

const dayMilliseconds = 86_400_000

export const addIntervals = (a: Interval, b: Interval): Interval => ({
  months: a.months + b.months,
  days: a.days + b.days,
  milliseconds: a.milliseconds + b.milliseconds,
})

export const negateInterval = ({ months, days, milliseconds }: Interval): Interval => ({
  months: 0 - months,
  days: 0 - days,
  milliseconds: 0 - milliseconds,
})

/** PostgreSQL keeps microseconds. */
const toMicroseconds = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000

/** PostgreSQL rounds what is left of months and days to microseconds, so that 0.1 of a month is 3 days. */
const tidy = (value: number): number => Math.round(value * 1e6) / 1e6

/**
 * `interval * number`: a fraction of a month becomes days, 30 to the month, and a fraction of a day becomes
 * time; nothing is carried the other way. For `interval / number` the numbers are divided instead.
 */
export function scaleInterval(
  { months, days, milliseconds }: Interval,
  scale: (part: number) => number,
): Interval {
  const [scaledMonths, scaledDays] = [scale(months), scale(days)]
  const wholeMonths = Math.trunc(scaledMonths)
  const wholeDays = Math.trunc(scaledDays)
  const daysOfMonths = tidy((scaledMonths - wholeMonths) * 30)
  const moreDays = Math.trunc(daysOfMonths)
  const restSeconds = tidy((scaledDays - wholeDays + daysOfMonths - moreDays) * 86_400)
  const carried = Math.trunc(restSeconds / 86_400)
  return {
    months: wholeMonths + 0,
    days: wholeDays + moreDays + carried + 0,
    milliseconds: toMicroseconds(scale(milliseconds) + (restSeconds - carried * 86_400) * 1000) + 0,
  }
}

/** `instant - instant`: whole days of 24 hours and the time that is left. */
export function between(from: number, to: number): Interval {
  const days = Math.trunc((to - from) / dayMilliseconds) + 0
  return { months: 0, days, milliseconds: to - from - days * dayMilliseconds }
}
