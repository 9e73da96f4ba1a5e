/**
 * What ratios λ of observed to expected are like over all pairs: with probability `weight` from Gamma(shape1, rate1), else
 * from Gamma(shape2, rate2). The first is the one with the higher mean: the pairs that have to do with each other.
 */
export interface MgpsPrior {
  /** α₁ */
  readonly shape1: number
  /** β₁ */
  readonly rate1: number
  /** α₂ */
  readonly shape2: number
  /** β₂ */
  readonly rate2: number
  /** P, 0 to 1. */
  readonly weight: number
}
