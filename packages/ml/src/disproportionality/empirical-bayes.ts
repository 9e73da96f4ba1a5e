import digamma from '@stdlib/math-base-special-digamma'
import gammaln from '@stdlib/math-base-special-gammaln'
import { gammaCdf } from '../distributions/gamma.js'
import { twoSidedDeviate } from '../distributions/normal.js'
import type { MgpsPrior } from './mgps-prior.js'

export interface EmpiricalBayes {
  /** EBGM: the geometric mean of what the ratio can be, given how ratios are in general. */
  readonly estimate: number
  /** EB05 and EB95, at a confidence of .90: so sure that the ratio is above the one, or below the other. */
  readonly lower: number
  readonly upper: number
}

const nothing = { cdf: 0, density: 0 }

interface Posterior {
  readonly weight: number
  readonly shape1: number
  readonly rate1: number
  readonly shape2: number
  readonly rate2: number
}

/**
 * The posterior of λ after `both` where `expected` were expected: Q·Gamma(α₁ + n, β₁ + E) + (1 − Q)·Gamma(α₂ + n, β₂ + E).
 *
 * EBGM = exp{Q·[ψ(α₁ + n) − ln(β₁ + E)] + (1 − Q)·[ψ(α₂ + n) − ln(β₂ + E)]}; the ends are quantiles of the posterior.
 *
 * @see W. DuMouchel, Am. Stat. 53 (1999) 177–190
 */
export function empiricalBayes(
  both: number,
  expected: number,
  prior: MgpsPrior,
  confidence: number,
): EmpiricalBayes {
  const posterior = posteriorOf(both, expected, prior)
  const { weight, shape1, rate1, shape2, rate2 } = posterior
  const first = digamma(shape1) - Math.log(rate1)
  const second = digamma(shape2) - Math.log(rate2)
  const estimate = Math.exp(weight * first + (1 - weight) * second)
  const z = twoSidedDeviate(confidence)
  const tail = (1 - confidence) / 2
  return {
    estimate,
    lower: quantileOf(posterior, tail, nearQuantile(posterior, -z)),
    upper: quantileOf(posterior, 1 - tail, nearQuantile(posterior, z)),
  }
}

function posteriorOf(both: number, expected: number, prior: MgpsPrior): Posterior {
  const { shape1, rate1, shape2, rate2, weight } = prior
  // The odds of the first component; logarithms, for far out both densities are 0.
  const odds =
    Math.log(weight / (1 - weight)) +
    lnDensity(both, expected, shape1, rate1) -
    lnDensity(both, expected, shape2, rate2)
  return {
    weight: 1 / (1 + Math.exp(-odds)),
    shape1: shape1 + both,
    rate1: rate1 + expected,
    shape2: shape2 + both,
    rate2: rate2 + expected,
  }
}

/** Of the negative binomial, without what all have in common: n!, Eⁿ. */
const lnDensity = (both: number, expected: number, shape: number, rate: number): number =>
  gammaln(shape + both) - gammaln(shape) + shape * Math.log(rate) - (shape + both) * Math.log(rate + expected)

/** Wilson and Hilferty's quantile of the one gamma distribution with the same mean and variance. */
function nearQuantile({ weight, shape1, rate1, shape2, rate2 }: Posterior, z: number): number {
  const mean1 = shape1 / rate1
  const mean2 = shape2 / rate2
  const mean = weight * mean1 + (1 - weight) * mean2
  const squares = weight * mean1 * (mean1 + 1 / rate1) + (1 - weight) * mean2 * (mean2 + 1 / rate2)
  const shape = mean ** 2 / (squares - mean ** 2)
  const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))
  return mean * Math.max(root, 0.05) ** 3
}

/** Newton's steps on ln λ, within bounds that close in: a step that leaves them becomes a halving. */
function quantileOf(posterior: Posterior, p: number, start: number): number {
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let x = start
  for (let step = 0; step < 200; step++) {
    const { cdf, density } = distributionAt(posterior, x)
    if (cdf < p) low = x
    else high = x
    const newton = x * Math.exp(Math.max(-2, Math.min(2, (p - cdf) / (density * x))))
    const halved = high === Number.POSITIVE_INFINITY ? x * 2 : (low + high) / 2
    const next = newton > low && newton < high ? newton : halved
    // Each step doubles the digits, so that the next has 14.
    if (Math.abs(next - x) <= 1e-7 * x) return next
    x = next
  }
  return x
}

function distributionAt(posterior: Posterior, x: number): { cdf: number; density: number } {
  const { weight, shape1, rate1, shape2, rate2 } = posterior
  const density = (shape: number, rate: number): number =>
    Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(x) - rate * x - gammaln(shape))
  // A component without weight says nothing, and costs as much.
  const one = weight > 1e-14 ? { cdf: gammaCdf(x, shape1, rate1), density: density(shape1, rate1) } : nothing
  const two =
    weight < 1 - 1e-14 ? { cdf: gammaCdf(x, shape2, rate2), density: density(shape2, rate2) } : nothing
  return {
    cdf: weight * one.cdf + (1 - weight) * two.cdf,
    density: weight * one.density + (1 - weight) * two.density,
  }
}
