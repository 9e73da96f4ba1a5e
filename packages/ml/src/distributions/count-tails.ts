import negativeBinomialCdf from '@stdlib/stats-base-dists-negative-binomial-cdf'
import negativeBinomialQuantile from '@stdlib/stats-base-dists-negative-binomial-quantile'
import { poissonUpperTail } from './gamma.js'
import { normalQuantile } from './normal.js'

/**
 * Counts with a mean and a variance of `dispersion` times the mean: negative binomial above 1, Poisson at 1.
 */
export interface CountDistribution {
  readonly mean: number
  /** 1 or more. */
  readonly dispersion: number
}

/** The least count that a share `p` of all counts does not exceed. */
export function countQuantile(p: number, { mean, dispersion }: CountDistribution): number {
  if (mean <= 0) return 0
  if (dispersion > 1) return negativeBinomialQuantile(p, mean / (dispersion - 1), 1 / dispersion)
  let count = Math.max(0, Math.floor(mean + normalQuantile(p) * Math.sqrt(mean)))
  // P(N > count) ≤ 1 − p, and not for one less.
  while (count > 0 && poissonUpperTail(count, mean) <= 1 - p) count--
  while (poissonUpperTail(count + 1, mean) > 1 - p) count++
  return count
}

/** P(N ≥ count) */
export function countUpperTail(count: number, { mean, dispersion }: CountDistribution): number {
  if (count <= 0) return 1
  if (mean <= 0) return 0
  return dispersion > 1
    ? 1 - negativeBinomialCdf(count - 1, mean / (dispersion - 1), 1 / dispersion)
    : poissonUpperTail(count, mean)
}
