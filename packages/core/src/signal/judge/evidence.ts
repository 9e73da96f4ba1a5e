import type { Series } from '../../connector/judge.js'
import type { JsonObject } from '../../json.js'
import { binomialAtLeast, binomialAtMost } from './binomial.js'

/** What two series say about the ratio after ÷ before. */
export interface RatioEvidence {
  readonly before: number
  readonly after: number
  /** One-sided: could chance alone make it look so much below `ratio` times before? */
  readonly isBelow: (ratio: number) => boolean
  readonly isAbove: (ratio: number) => boolean
  readonly numbers: JsonObject
}

/** Error of the first kind that every single claim may have. */
export const alpha = 0.05

/**
 * Counts per exposure. Given how many there are in all, those after are binomial with p = θt₁ / (θt₁ + t₀) when the
 * rates stand as θ : 1 — exact for however few.
 *
 * @see J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313–323
 */
export function countEvidence(before: Series, after: Series): RatioEvidence {
  const [b, hoursBefore] = counted(before)
  const [a, hoursAfter] = counted(after)
  const share = (ratio: number): number => (ratio * hoursAfter) / (ratio * hoursAfter + hoursBefore)
  const known = hoursBefore > 0 && hoursAfter > 0 && a + b > 0
  return {
    before: hoursBefore > 0 ? b / hoursBefore : 0,
    after: hoursAfter > 0 ? a / hoursAfter : 0,
    isBelow: (ratio) => known && ratio > 0 && binomialAtMost(a, a + b, share(ratio)) <= alpha,
    isAbove: (ratio) => known && (ratio > 0 ? binomialAtLeast(a, a + b, share(ratio)) <= alpha : a > 0),
    numbers: {
      ...{ countBefore: b, exposureBefore: hoursBefore, countAfter: a, exposureAfter: hoursAfter },
      ...(known ? { pFell: binomialAtMost(a, a + b, share(1)) } : {}),
    },
  }
}

/** Readings a side, once the memory of the process is taken out of them; fewer tell nothing. */
const leastReadings = 8
/** 95 % quantile of Student's t with 7 degrees of freedom: cautious for more. */
const quantile = 1.895

/**
 * Plain readings: means, with the standard error of as many readings as are worth independent ones. A process that
 * remembers (first-order autocorrelation r) makes n readings worth n(1 − r)/(1 + r); without that a third to a half of
 * all tests of nothing find something.
 *
 * @see G. V. Bayley, J. M. Hammersley, Suppl. J. R. Stat. Soc. 8 (1946) 184–197
 */
export function readingEvidence(before: Series, after: Series): RatioEvidence {
  const b = momentsOf(before)
  const a = momentsOf(after)
  const known = b.worth >= leastReadings && a.worth >= leastReadings
  const error = (ratio: number): number =>
    Math.sqrt(a.variance / a.worth + (ratio ** 2 * b.variance) / b.worth)
  return {
    before: b.mean,
    after: a.mean,
    isBelow: (ratio) => known && a.mean - ratio * b.mean < -quantile * error(ratio),
    isAbove: (ratio) => known && a.mean - ratio * b.mean > quantile * error(ratio),
    numbers: {
      ...{ readingsBefore: before.length, worthBefore: rounded(b.worth) },
      ...{ readingsAfter: after.length, worthAfter: rounded(a.worth) },
    },
  }
}

interface Moments {
  readonly mean: number
  readonly variance: number
  /** Independent readings that they are worth. */
  readonly worth: number
}

function momentsOf(series: Series): Moments {
  const n = series.length
  if (n < 2) return { mean: series[0]?.value ?? 0, variance: 0, worth: 0 }
  const mean = series.reduce((sum, { value }) => sum + value, 0) / n
  const off = series.map(({ value }) => value - mean)
  const squares = off.reduce((sum, each) => sum + each ** 2, 0)
  const lagged = off.slice(1).reduce((sum, each, index) => sum + each * (off[index] ?? 0), 0)
  const memory = squares === 0 ? 0 : Math.min(0.99, Math.max(0, lagged / squares))
  return { mean, variance: squares / (n - 1), worth: (n * (1 - memory)) / (1 + memory) }
}

function counted(series: Series): readonly [count: number, exposure: number] {
  const count = series.reduce((sum, { value, n = 0 }) => sum + value * n, 0)
  return [Math.round(count), series.reduce((sum, { n = 0 }) => sum + n, 0)]
}

const rounded = (value: number): number => Math.round(value * 100) / 100
