import { mustCountOf } from '../check.js'
import {
  type Chart,
  type ChartOptions,
  type DeviationOf,
  mustBeSamples,
  type Sample,
  shewhart,
} from './shewhart.js'

/** √(p̄(1 − p̄)/n) */
export const binomialDeviation: DeviationOf = (center, size) => Math.sqrt((center * (1 - center)) / size)

/** Of units that are defective or not, no more can be than there are. */
export function mustBeShares(samples: readonly Sample[], argument: string): void {
  mustBeSamples(samples, argument)
  for (const [index, { count, size }] of samples.entries())
    mustCountOf(count, size, `${argument}.${index}.count`)
}

/**
 * Control chart of the share of defective units: p̄ ± 3·√(p̄(1 − p̄)/nᵢ), the lower limit 0 at least.
 *
 * Where samples are large, real shares vary more than the binomial distribution lets them, and the limits are too narrow:
 * see `laneyChart`.
 *
 * @throws AndonError OPTIONS_INVALID for more defective units than units
 * @see D. C. Montgomery, Introduction to Statistical Quality Control, 7.2
 */
export function pChart(samples: readonly Sample[], options: ChartOptions = {}): Chart {
  mustBeShares(samples, 'pChart.samples')
  return shewhart('pChart', samples, options, binomialDeviation)
}
