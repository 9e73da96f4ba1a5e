import { mustBeBetween0And1, mustCount, mustCountOf } from '../check.js'
import { twoSidedDeviate } from '../distributions/normal.js'
import type { Interval } from './interval.js'

/**
 * The score interval of a proportion, without continuity correction: what a share can be when `successes` of `trials`
 * were seen.
 *
 * (2x + z² ± z·√(z² + 4x(1 − p))) / 2(n + z²), with p = x/n
 *
 * At 0 of n the lower end is exactly 0, at n of n the upper end exactly 1.
 *
 * @param confidence two-sided, .95 unless told
 * @returns null without trials: there is no share then
 * @throws AndonError OPTIONS_INVALID for successes beyond trials, or what is no count
 * @see E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212; R. G. Newcombe, Stat. Med. 17 (1998) 857–872, method 3
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval | null {
  mustCount(trials, 'wilsonInterval.trials')
  mustCountOf(successes, trials, 'wilsonInterval.successes')
  mustBeBetween0And1(confidence, 'wilsonInterval.confidence')
  if (trials === 0) return null
  const z = twoSidedDeviate(confidence)
  const share = successes / trials
  const middle = 2 * successes + z ** 2
  const reach = z * Math.sqrt(z ** 2 + 4 * successes * (1 - share))
  const size = 2 * (trials + z ** 2)
  return {
    estimate: share,
    lower: successes === 0 ? 0 : (middle - reach) / size,
    upper: successes === trials ? 1 : (middle + reach) / size,
  }
}
