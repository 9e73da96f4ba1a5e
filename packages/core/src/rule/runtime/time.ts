import type { Interval } from '../ast.js'

const day = 86_400_000

/** The length of an interval where one number is needed: PostgreSQL compares a month as 30 days. */
export function spanMilliseconds({ months, days, milliseconds }: Interval): number {
  return (months * 30 + days) * day + milliseconds
}

/** Moves an instant (epoch ms, UTC) as PostgreSQL does: months first, clamped to the month's last day. */
export function addInterval(instant: number, interval: Interval, direction: 1 | -1): number {
  const rest = direction * (interval.days * day + interval.milliseconds)
  if (interval.months === 0) return instant + rest
  const date = new Date(instant)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + direction * interval.months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, lastDay))
  return date.getTime() + rest
}
