import cdf from '@stdlib/stats-base-dists-normal-cdf'
import quantile from '@stdlib/stats-base-dists-normal-quantile'

/** The standard normal deviate below which a share `p` lies. */
export const normalQuantile = (p: number): number => quantile(p, 0, 1)

/** P(Z > z), exact far out in the tail too, where 1 − P(Z ≤ z) is 0. */
export const normalUpperTail = (z: number): number => cdf(-z, 0, 1)

/** How many standard errors a two-sided interval of this confidence reaches to either side: 1.96 at .95. */
export const twoSidedDeviate = (confidence: number): number => normalQuantile((1 + confidence) / 2)
