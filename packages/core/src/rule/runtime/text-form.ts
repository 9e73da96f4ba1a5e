import type { Interval } from '../ast.js'
import { lengthOf } from '../functions/text-functions.js'

/** `2026-03-01 08:00:00.25+00`: how PostgreSQL writes an instant of UTC into a text. */
export function instantText(instant: number): string {
  const [date = '', time = ''] = new Date(instant).toISOString().split('T')
  return `${date} ${time.replace(/\.?0*Z$/, '')}+00`
}

export const dateText = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`
const twoDigits = (value: number): string => {
  const text = String(value)
  const whole = text.split('.')[0] ?? text
  return lengthOf(whole) < 2 ? `0${text}` : text
}

/** `1 year 2 mons 3 days 04:05:06.7`: how PostgreSQL writes an interval into a text. */
export function intervalText({ months, days, milliseconds }: Interval): string {
  const parts: string[] = []
  const years = Math.trunc(months / 12)
  const rest = months % 12
  if (years !== 0) parts.push(counted(years, 'year'))
  if (rest !== 0) parts.push(signed(parts, rest) + counted(rest, 'mon'))
  if (days !== 0) parts.push(signed(parts, days) + counted(days, 'day'))
  if (milliseconds !== 0 || parts.length === 0) {
    const size = Math.abs(milliseconds)
    const sign = milliseconds < 0 ? '-' : signed(parts, milliseconds)
    const hours = Math.floor(size / 3_600_000)
    const minutes = Math.floor((size % 3_600_000) / 60_000)
    parts.push(`${sign}${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits((size % 60_000) / 1000)}`)
  }
  return parts.join(' ')
}

/** Behind a negative part PostgreSQL writes the plus of a positive one. */
const signed = (before: readonly string[], count: number): string =>
  count > 0 && before.at(-1)?.includes('-') === true ? '+' : ''
