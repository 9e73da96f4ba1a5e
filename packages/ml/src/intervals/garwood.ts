import { mustBeBetween0And1, mustCount, mustNotBeNegative } from '../check.js'
import { gammaQuantile } from '../distributions/gamma.js'
import type { Interval } from './interval.js'

/**
 * The exact interval of a Poisson rate: `count` events in `exposure`, a time, a number of units, or the number expected,
 * when it is the ratio observed to expected.
 *
 * from χ²(α/2; 2x) / 2E to χ²(1 − α/2; 2x + 2) / 2E; 0 events: from 0 to −ln(α/2) / E, 3.689 / E at .95
 *
 * @param exposure 1 unless told: the interval of the expected count itself
 * @param confidence two-sided, .95 unless told
 * @returns null without exposure: there is no rate then
 * @throws AndonError OPTIONS_INVALID for what is no count, or a negative exposure
 * @see F. Garwood, Biometrika 28 (1936) 437–442
 */
export function garwoodInterval(count: number, exposure = 1, confidence = 0.95): Interval | null {
  mustCount(count, 'garwoodInterval.count')
  mustNotBeNegative(exposure, 'garwoodInterval.exposure')
  mustBeBetween0And1(confidence, 'garwoodInterval.confidence')
  if (exposure === 0) return null
  const tail = (1 - confidence) / 2
  // χ²(p; 2k) / 2 is the p-quantile of Gamma(k, 1).
  return {
    estimate: count / exposure,
    lower: count === 0 ? 0 : gammaQuantile(tail, count, 1) / exposure,
    upper: gammaQuantile(1 - tail, count + 1, 1) / exposure,
  }
}
