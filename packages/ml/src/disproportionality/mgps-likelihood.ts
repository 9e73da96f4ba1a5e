import digamma from '@stdlib/math-base-special-digamma'
import gammaln from '@stdlib/math-base-special-gammaln'
import type { Valued } from '../numeric/minimize.js'
import type { MgpsPrior } from './mgps-prior.js'

/** What the likelihood needs to know of a pair, and how many pairs are the same. */
export interface SquashedPair {
  readonly both: number
  readonly expected: number
  readonly pairs: number
}

/** As the search moves in it, free of bounds: ln α₁, ln β₁, ln α₂, ln β₂, logit P. */
export const toFree = ({ shape1, rate1, shape2, rate2, weight }: MgpsPrior): number[] => [
  Math.log(shape1),
  Math.log(rate1),
  Math.log(shape2),
  Math.log(rate2),
  Math.log(weight / (1 - weight)),
]

export function fromFree([
  shape1 = 0,
  rate1 = 0,
  shape2 = 0,
  rate2 = 0,
  weight = 0,
]: readonly number[]): MgpsPrior {
  return {
    shape1: Math.exp(shape1),
    rate1: Math.exp(rate1),
    shape2: Math.exp(shape2),
    rate2: Math.exp(rate2),
    weight: 1 / (1 + Math.exp(-weight)),
  }
}

/**
 * −ln L of the counts under a mixture of two negative binomials, and its slope in the free parameters.
 *
 * f(n) = Γ(α + n)/(Γ(α)·n!)·(E/(β + E))ⁿ·(β/(β + E))^α; a pair is there only because it was reported, so that each
 * component counts as f(n)/(1 − f(0)), as DuMouchel and Pregibon have it (3.1).
 */
export function mgpsLikelihood(pairs: readonly SquashedPair[]): (free: readonly number[]) => Valued {
  const most = pairs.reduce((found, { both }) => Math.max(found, both), 0)
  const lnFactorial = table(most, (n) => gammaln(n + 1))
  return (free) => {
    const prior = fromFree(free)
    const one = component(prior.shape1, prior.rate1, most)
    const two = component(prior.shape2, prior.rate2, most)
    const { weight } = prior
    let [value, byShape1, byRate1, byShape2, byRate2, byWeight] = [0, 0, 0, 0, 0, 0]
    for (const { both, expected, pairs: times } of pairs) {
      const of1 = one(both, expected)
      const of2 = two(both, expected)
      const highest = Math.max(of1.ln, of2.ln)
      const part1 = weight * Math.exp(of1.ln - highest)
      const part2 = (1 - weight) * Math.exp(of2.ln - highest)
      value -= times * (highest + Math.log(part1 + part2) - (lnFactorial[both] ?? 0))
      const share1 = (times * part1) / (part1 + part2)
      const share2 = times - share1
      byShape1 -= share1 * of1.byShape
      byRate1 -= share1 * of1.byRate
      byShape2 -= share2 * of2.byShape
      byRate2 -= share2 * of2.byRate
      byWeight -= share1 - times * weight
    }
    const { shape1, rate1, shape2, rate2 } = prior
    // By the chain rule: the search moves in logarithms.
    return {
      value,
      slope: [shape1 * byShape1, rate1 * byRate1, shape2 * byShape2, rate2 * byRate2, byWeight],
    }
  }
}

interface Component {
  /** ln f(n)/(1 − f(0)), without ln n!, and its slopes. */
  readonly ln: number
  readonly byShape: number
  readonly byRate: number
}

/** One negative binomial; what depends on n alone is looked up. */
function component(shape: number, rate: number, most: number): (both: number, expected: number) => Component {
  const lnGammaShape = gammaln(shape)
  const lnRising = table(most, (n) => gammaln(shape + n) - lnGammaShape)
  const digammaShape = digamma(shape)
  const digammaRising = table(most, (n) => digamma(shape + n) - digammaShape)
  return (both, expected) => {
    const total = rate + expected
    const lnStay = -Math.log1p(expected / rate)
    const lnZero = shape * lnStay
    const seen = -Math.expm1(lnZero)
    const zeroOdds = Math.exp(lnZero) / seen
    return {
      ln: (lnRising[both] ?? 0) + both * Math.log(expected / total) + lnZero - Math.log(seen),
      byShape: (digammaRising[both] ?? 0) + lnStay * (1 + zeroOdds),
      byRate: shape / rate - (shape + both) / total + zeroOdds * (shape / rate - shape / total),
    }
  }
}

/** Of 0 to the highest count. */
function table(most: number, of: (n: number) => number): Float64Array {
  return Float64Array.from({ length: most + 1 }, (_, n) => of(n))
}
