import {
  type Chart,
  type ChartOptions,
  type DeviationOf,
  mustBeSamples,
  type Sample,
  shewhart,
} from './shewhart.js'

/** √(ū/n) */
export const poissonDeviation: DeviationOf = (center, size) => Math.sqrt(center / size)

/**
 * Control chart of defects per unit: ū ± 3·√(ū/nᵢ), the lower limit 0 at least. A unit may have several.
 *
 * @throws AndonError OPTIONS_INVALID for what is no count
 * @see D. C. Montgomery, Introduction to Statistical Quality Control, 7.3
 */
export function uChart(samples: readonly Sample[], options: ChartOptions = {}): Chart {
  mustBeSamples(samples, 'uChart.samples')
  return shewhart('uChart', samples, options, poissonDeviation)
}
