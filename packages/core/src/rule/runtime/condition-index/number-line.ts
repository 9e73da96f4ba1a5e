import type { Value } from '../value.js'

// Conditions on numbers are kept as half-open ranges, from `low` on and before `end`: `x > 5` begins at the next
// number after 5. So open and closed bounds need no flags, and a range is two numbers.

const largest = Number.MAX_VALUE

/** True for a constant that can bound a range. */
export function isOrdered(value: Value): value is number {
  return typeof value === 'number' && Math.abs(value) < largest
}

/** Where a value stands among bounds; undefined when it is no number. PostgreSQL's NaN is above every number. */
export function placeOf(value: Value): number | undefined {
  if (typeof value !== 'number') return undefined
  if (value <= largest && value >= -largest) return value
  return value < 0 ? -largest : largest
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The smallest number that is larger; for finite numbers below the largest. */
export function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  double[0] = value
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n)
  return double[0] ?? value
}
