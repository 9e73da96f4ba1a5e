import { parseOptions } from '@andon/core/connector'
import { must, mustCount } from '../check.js'
import { countQuantile, countUpperTail } from '../distributions/count-tails.js'
import { normalQuantile, normalUpperTail } from '../distributions/normal.js'
import { studentTwoSided } from '../distributions/student.js'
import {
  type PoissonFit,
  poissonRegression,
  quadraticForm,
  type RegressionRow,
} from '../numeric/poisson-regression.js'
import { type FarringtonOptions, type FarringtonSettings, farringtonSchema } from './farrington-options.js'
import { referencePeriods, rowsOf } from './reference.js'

export interface FarringtonPoint {
  /** The period, counted from 0. */
  readonly period: number
  readonly count: number
  readonly expected: number
  /** Counts above it call. */
  readonly threshold: number
  /** How much more than Poisson counts vary, 1 or more. */
  readonly dispersion: number
  /** Per year, as a factor; null where there is none in the model. */
  readonly trend: number | null
  /** One-sided, of such a count or a higher one. */
  readonly pValue: number
  readonly alarm: boolean
}

/**
 * Is a count higher than its own past lets expect, season, trend and earlier outbreaks considered? A quasi-Poisson regression
 * on the years before, from which what was far out is played down, then the upper end of what may be now.
 *
 * Weights: ω = γ·s⁻² for Anscombe residuals s above `outlier`, γ for the others, Σω = n;
 * s = 1.5·(y^⅔·μ^−⅙ − μ^½)/√(φ(1 − h)). A trend needs three years, and must not lead beyond the highest of the past.
 * Thresholds: (μ^⅔ + z·√(4/9·μ^⅓·(φ + se²/μ)))^(3/2), or the quantile of the negative binomial with mean μ and
 * variance φμ.
 *
 * Where the years before have no event at all, as many are expected as if there had been one in them.
 *
 * @param counts per period, oldest first, without gaps
 * @returns one point for each period from `from` on; none when the history is too short
 * @throws AndonError OPTIONS_INVALID naming the option, or the count that is none
 * @see C. P. Farrington and others, J. R. Stat. Soc. A 159 (1996) 547–563; A. Noufaily and others, Stat. Med. 32 (2013)
 * 1206–1222
 */
export function farrington(counts: readonly number[], options: FarringtonOptions = {}): FarringtonPoint[] {
  const settings = parseOptions(farringtonSchema, options, 'farrington')
  for (const [period, count] of counts.entries()) mustCount(count, `farrington.counts.${period}`)
  must(settings.exposure === undefined || settings.exposure.length === counts.length, 'farrington.exposure', {
    en: `must have ${counts.length} numbers, as many as counts`,
    zh: `必须有 ${counts.length} 个数值，与计数个数相同`,
  })
  const first = settings.period * settings.years + settings.window
  const from = settings.from ?? first
  must(from >= first, 'farrington.from', {
    en: `must be ${first} or more: there is no history before`,
    zh: `不得小于 ${first}：此前没有历史数据`,
  })
  return counts.slice(from).map((_, index) => judge(from + index, counts, settings))
}

interface Model {
  readonly fit: PoissonFit
  readonly dispersion: number
  /** Of the coefficient of the time. */
  readonly slope: number | null
}

function judge(now: number, counts: readonly number[], settings: FarringtonSettings): FarringtonPoint {
  const count = counts[now] ?? 0
  const exposure = settings.exposure?.[now] ?? 1
  const reference = referencePeriods(now, settings)
  const rows = rowsOf(reference, now, counts, settings, false)
  const model = rows.some((row) => row.count > 0) ? modelOf(now, counts, settings) : null
  const expected = exposure * (model === null ? rareRate(rows) : Math.exp(model.fit.coefficients[0] ?? 0))
  const dispersion = model?.dispersion ?? 1
  // Relative to the mean, of the constant: the constant is what is expected now.
  const variance = model === null ? 1 : dispersion * (model.fit.covariance[0]?.[0] ?? 0)
  const upper =
    settings.threshold === 'two-thirds'
      ? twoThirds(count, expected, dispersion + expected * variance, settings.level)
      : negativeBinomial(count, expected, dispersion, settings.level)
  const { events, periods } = settings.least
  const recent = counts.slice(Math.max(0, now - periods + 1), now + 1).reduce((sum, some) => sum + some, 0)
  const slope = model?.slope ?? null
  return {
    period: now,
    count,
    expected,
    dispersion,
    trend: slope === null ? null : Math.exp(slope),
    ...upper,
    alarm: count > upper.threshold && count > 0 && recent >= events,
  }
}

/** The model with its trend, or without one where that does not hold. */
function modelOf(now: number, counts: readonly number[], settings: FarringtonSettings): Model | null {
  const reference = referencePeriods(now, settings)
  const without = (): Model | null => fitted(rowsOf(reference, now, counts, settings, false), settings, false)
  if (settings.trend === 'never' || settings.years < 3) return without()
  const rows = rowsOf(reference, now, counts, settings, true)
  const model = fitted(rows, settings, true)
  if (model === null) return without()
  const rate = Math.exp(model.fit.coefficients[0] ?? 0)
  const highest = rows.reduce((most, { count, exposure }) => Math.max(most, count / exposure), 0)
  const holds = settings.trend === 'always' || trendP(model.fit) < 0.05
  return holds && rate <= highest ? model : without()
}

function fitted(
  rows: readonly RegressionRow[],
  { outlier }: FarringtonSettings,
  trend: boolean,
): Model | null {
  const plain = poissonRegression(rows)
  if (plain === null) return null
  const fit = poissonRegression(rows, weightsOf(rows, plain, outlier))
  if (fit === null) return null
  return { fit, dispersion: Math.max(1, fit.dispersion), slope: trend ? (fit.coefficients[1] ?? 0) : null }
}

/** Past outbreaks count less. */
function weightsOf(rows: readonly RegressionRow[], fit: PoissonFit, outlier: number): number[] {
  const dispersion = Math.max(1, fit.dispersion)
  const raw = rows.map(({ count, terms }, index) => {
    const mean = fit.fitted[index] ?? 1
    // The only count of its season is met exactly, whatever it is: it is no outlier.
    const free = Math.max(1 - mean * quadraticForm(fit.covariance, terms), 1e-8)
    const residual =
      (1.5 * (count ** (2 / 3) * mean ** (-1 / 6) - Math.sqrt(mean))) / Math.sqrt(dispersion * free)
    return residual > outlier ? residual ** -2 : 1
  })
  const scale = rows.length / raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map((weight) => weight * scale)
}

/** Two-sided, with the dispersion as it was found. */
function trendP({ coefficients, covariance, dispersion, degrees }: PoissonFit): number {
  const error = Math.sqrt(dispersion * (covariance[1]?.[1] ?? 0))
  const slope = coefficients[1] ?? 0
  return error === 0 || degrees <= 0 ? 1 : studentTwoSided(slope / error, degrees)
}

const rareRate = (rows: readonly RegressionRow[]): number =>
  1 / rows.reduce((sum, { exposure }) => sum + exposure, 0)

/** @param spread φ + se²/μ */
function twoThirds(
  count: number,
  expected: number,
  spread: number,
  level: number,
): Pick<FarringtonPoint, 'threshold' | 'pValue'> {
  const middle = expected ** (2 / 3)
  const error = Math.sqrt((4 / 9) * expected ** (1 / 3) * spread)
  return {
    threshold: (middle + normalQuantile(1 - level) * error) ** 1.5,
    pValue: normalUpperTail((count ** (2 / 3) - middle) / error),
  }
}

function negativeBinomial(
  count: number,
  mean: number,
  dispersion: number,
  level: number,
): Pick<FarringtonPoint, 'threshold' | 'pValue'> {
  return {
    threshold: countQuantile(1 - level, { mean, dispersion }),
    pValue: countUpperTail(count, { mean, dispersion }),
  }
}
