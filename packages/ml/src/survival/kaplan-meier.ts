import { mustBeBetween0And1, mustNotBeNegative } from '../check.js'
import { twoSidedDeviate } from '../distributions/normal.js'
import { type LifeTableRow, lifeTable, mustBeObservations, type Observation, rowAt } from './observation.js'

export interface SurvivalStep extends LifeTableRow {
  /** The share that has had no event by then, this instant included. */
  readonly survival: number
  /** Greenwood's; null once all at risk had the event. */
  readonly standardError: number | null
  /** The log(−log) interval; null as the standard error, and before the first event. */
  readonly lower: number | null
  readonly upper: number | null
}

export interface SurvivalCurve {
  /** One for every instant with an event or a censoring, in order. */
  readonly steps: readonly SurvivalStep[]
  /** The first instant at which half have had the event; null when fewer have. */
  readonly median: number | null
}

/**
 * The product-limit estimate of the share without event.
 *
 * S(t) = Π (1 − dⱼ/rⱼ) over tⱼ ≤ t; Greenwood: se = S·√(Σ dⱼ / (rⱼ(rⱼ − dⱼ)));
 * interval S^exp(±z·σ) with σ = √(Σ …) / |ln S|, which stays within 0 and 1
 *
 * At one instant, events come before censorings. Without observations there are no steps.
 *
 * @param confidence two-sided, .95 unless told
 * @throws AndonError OPTIONS_INVALID for a negative time
 * @see E. L. Kaplan, P. Meier, J. Am. Stat. Assoc. 53 (1958) 457–481; J. D. Kalbfleisch, R. L. Prentice, The Statistical
 * Analysis of Failure Time Data, 1.4
 */
export function kaplanMeier(observations: readonly Observation[], confidence = 0.95): SurvivalCurve {
  mustBeObservations(observations, 'kaplanMeier.observations')
  mustBeBetween0And1(confidence, 'kaplanMeier.confidence')
  const z = twoSidedDeviate(confidence)
  let survival = 1
  let greenwood = 0
  const steps = lifeTable(observations).map((row): SurvivalStep => {
    survival *= 1 - row.events / row.atRisk
    greenwood += row.events === 0 ? 0 : row.events / (row.atRisk * (row.atRisk - row.events))
    return { ...row, survival, ...spread(survival, greenwood, z) }
  })
  // A half made of many factors is one to within rounding only.
  return { steps, median: steps.find((step) => step.survival <= 0.5 + 1e-12)?.time ?? null }
}

/**
 * The share without event at `time`, with its interval: the step that holds there.
 *
 * @returns undefined before the first step, where it is 1, and beyond the last observation when that was censored: nobody
 * was watched that long
 */
export function survivalAt(curve: SurvivalCurve, time: number): SurvivalStep | undefined {
  mustNotBeNegative(time, 'survivalAt.time')
  const last = curve.steps.at(-1)
  if (last !== undefined && time > last.time && last.survival > 0) return undefined
  return rowAt(curve.steps, time)
}

function spread(
  survival: number,
  greenwood: number,
  z: number,
): Pick<SurvivalStep, 'standardError' | 'lower' | 'upper'> {
  if (survival === 0) return { standardError: null, lower: null, upper: null }
  const standardError = survival * Math.sqrt(greenwood)
  if (survival === 1) return { standardError, lower: null, upper: null }
  const reach = (z * Math.sqrt(greenwood)) / -Math.log(survival)
  return {
    standardError,
    lower: survival ** Math.exp(reach),
    upper: survival ** Math.exp(-reach),
  }
}
