import { binomialDeviation, mustBeShares } from './p-chart.js'
import { type Chart, type ChartOptions, mustBeSamples, type Sample, shewhart } from './shewhart.js'
import { poissonDeviation } from './u-chart.js'

/** d₂ of two: the mean distance of two standard normal deviates. */
const meanDistance = 2 / Math.sqrt(Math.PI)

export interface LaneyOptions extends ChartOptions {
  /** `p`: units that are defective or not; `u`: defects per unit. `p` unless told. */
  readonly kind?: 'p' | 'u'
}

/**
 * Laney's p′ and u′ charts, for large samples whose shares vary from day to day more than their distribution lets them:
 * the limits of the p or u chart, times σ_z, the deviation of the standardised values from one sample to the next.
 *
 * zᵢ = (pᵢ − p̄)/σᵢ; σ_z = mean |zᵢ − zᵢ₋₁| / 1.128. It may be below 1: the shares then vary less than by chance.
 *
 * With fewer than two samples that count, and where none differs from the one before, σ_z is 1.
 *
 * @throws AndonError OPTIONS_INVALID for more defective units than units, of kind p
 * @see D. B. Laney, Qual. Eng. 14 (2002) 531–537
 */
export function laneyChart(samples: readonly Sample[], options: LaneyOptions = {}): Chart {
  const { kind = 'p', ...chart } = options
  if (kind === 'p') mustBeShares(samples, 'laneyChart.samples')
  else mustBeSamples(samples, 'laneyChart.samples')
  const deviationOf = kind === 'p' ? binomialDeviation : poissonDeviation
  return shewhart('laneyChart', samples, chart, deviationOf, deviationFromOneToTheNext)
}

function deviationFromOneToTheNext(deviations: readonly number[]): number {
  const distances = deviations.slice(1).map((z, index) => Math.abs(z - (deviations[index] ?? z)))
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  return distances.length === 0 || mean === 0 ? 1 : mean / meanDistance
}
