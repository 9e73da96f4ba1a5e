import gammainc from '@stdlib/math-base-special-gammainc'
import quantile from '@stdlib/stats-base-dists-gamma-quantile'

/** The value below which a share `p` of Gamma(shape, rate) lies. */
export const gammaQuantile = (p: number, shape: number, rate: number): number => quantile(p, shape, rate)

/** P(X ≤ x) for X ~ Gamma(shape, rate). */
export const gammaCdf = (x: number, shape: number, rate: number): number =>
  x <= 0 ? 0 : gammainc(x * rate, shape)

/** P(X > x) for X ~ χ² with so many degrees of freedom. */
export const chiSquareUpperTail = (x: number, degrees: number): number =>
  x <= 0 ? 1 : gammainc(x / 2, degrees / 2, true, true)

/** P(N ≥ n) for N ~ Poisson(mean). */
export const poissonUpperTail = (n: number, mean: number): number =>
  n <= 0 ? 1 : mean <= 0 ? 0 : gammainc(mean, n)
