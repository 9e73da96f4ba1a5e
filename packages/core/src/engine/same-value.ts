import { canonical } from '../audit/canonical.js'
import type { JsonValue } from '../json.js'

/** Numbers closer than this are the same, and so are those that only rounding keeps apart. */
const tolerance = 1e-9

/** Whether what was wanted, or is believed, and what a target says are the same; members may stand in any order. */
export function isSame(wanted: JsonValue, found: JsonValue | undefined): boolean {
  if (typeof wanted === 'number' && typeof found === 'number') {
    return Math.abs(wanted - found) <= Math.max(tolerance, 4 * Number.EPSILON * Math.abs(wanted))
  }
  if (wanted === found) return true
  if (typeof wanted !== 'object' || typeof found !== 'object') return false
  return canonical({ value: wanted }) === canonical({ value: found })
}
