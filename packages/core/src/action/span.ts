import { parseInterval } from '../rule/language/interval.js'

const dayMs = 86_400_000

/** A length of time in ms, from whole seconds or PostgreSQL interval text (a month is 30 days); undefined when it is neither. */
export function parseSpan(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value * 1000 : undefined
  const interval = typeof value === 'string' ? parseInterval(value) : undefined
  if (interval === undefined) return undefined
  const total = (interval.months * 30 + interval.days) * dayMs + interval.milliseconds
  return total >= 0 ? total : undefined
}
