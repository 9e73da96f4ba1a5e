import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { mustBePositive, mustCount } from '../check.js'

/** What was counted in one period, and what is normal for it: exposure, season and all. */
export interface CountedPeriod {
  readonly count: number
  /** Above 0. */
  readonly expected: number
}

export interface CountCusumOptions {
  /** The rise that is to be found, e.g. 2: twice what is expected. Above 1. */
  readonly ratio: number
  /** The log-likelihood ratio at which it calls; 4 unless told. Higher: fewer false calls, later true ones. */
  readonly decision?: number
  /** α of a negative binomial count with variance μ + αμ²; 0 unless told: Poisson. */
  readonly dispersion?: number
}

export interface CountCusumPoint {
  /** The evidence for the rise, 0 or more. */
  readonly sum: number
  readonly signal: boolean
  /** With a signal: the period, counted from 0, since which the sum has not been 0. */
  readonly since: number | null
}

const optionsSchema = z.strictObject({
  ratio: z.number().gt(1),
  decision: z.number().positive().default(4),
  dispersion: z.number().nonnegative().default(0),
})

/**
 * The likelihood-ratio CUSUM of counts whose expectation changes from period to period: finds slow rises.
 *
 * S = max(0, S + ln f(x; Rμ)/f(x; μ)); Poisson: x·ln R − (R − 1)μ; negative binomial: x·ln R − (x + 1/α)·ln((1 + αRμ)/(1 + αμ))
 *
 * @throws AndonError OPTIONS_INVALID naming the option or period
 * @see M. Höhle, M. Paul, Comput. Stat. Data Anal. 52 (2008) 4357–4368
 */
export function countCusum(periods: readonly CountedPeriod[], options: CountCusumOptions): CountCusumPoint[] {
  const { ratio, decision, dispersion } = parseOptions(optionsSchema, options, 'countCusum')
  const weight = Math.log(ratio)
  let sum = 0
  let since = 0
  return periods.map(({ count, expected }, index) => {
    mustCount(count, `countCusum.periods.${index}.count`)
    mustBePositive(expected, `countCusum.periods.${index}.expected`)
    const against =
      dispersion === 0
        ? (ratio - 1) * expected
        : (count + 1 / dispersion) *
          Math.log1p((dispersion * (ratio - 1) * expected) / (1 + dispersion * expected))
    sum = Math.max(0, sum + count * weight - against)
    if (sum === 0) since = index + 1
    const signal = sum > decision
    return { sum, signal, since: signal ? since : null }
  })
}
