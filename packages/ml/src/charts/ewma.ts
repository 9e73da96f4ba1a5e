import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { mustBeFinite } from '../check.js'

export interface EwmaOptions {
  /** What the values are around while all is well; the average begins there. */
  readonly mean: number
  /** Their standard deviation. */
  readonly deviation: number
  /** λ: the weight of the newest value, above 0 to 1; .2 unless told. 1 is a Shewhart chart. */
  readonly weight?: number
  /** L: how far the limits are, in standard deviations of the average; 3 unless told. */
  readonly width?: number
}

export interface EwmaPoint {
  readonly average: number
  readonly lower: number
  readonly upper: number
  readonly signal: 'up' | 'down' | null
}

const optionsSchema = z.strictObject({
  mean: z.number(),
  deviation: z.number().positive(),
  weight: z.number().positive().max(1).default(0.2),
  width: z.number().positive().default(3),
})

/**
 * The exponentially weighted moving average and its limits: finds small shifts, and forgets by itself.
 *
 * zᵢ = λxᵢ + (1 − λ)zᵢ₋₁, z₀ = μ; limits μ ± Lσ·√(λ/(2 − λ)·(1 − (1 − λ)²ⁱ)), narrow at the start, i counted from 1
 *
 * @throws AndonError OPTIONS_INVALID naming the option, or the value that is no finite number
 * @see S. W. Roberts, Technometrics 1 (1959) 239–250; D. C. Montgomery, Introduction to Statistical Quality Control, 9.2
 */
export function ewma(values: readonly number[], options: EwmaOptions): EwmaPoint[] {
  const { mean, deviation, weight, width } = parseOptions(optionsSchema, options, 'ewma')
  let average = mean
  return values.map((value, index) => {
    mustBeFinite(value, `ewma.values.${index}`)
    average = weight * value + (1 - weight) * average
    const settled = 1 - (1 - weight) ** (2 * (index + 1))
    const reach = width * deviation * Math.sqrt((weight / (2 - weight)) * settled)
    const lower = mean - reach
    const upper = mean + reach
    const signal = average > upper ? 'up' : average < lower ? 'down' : null
    return { average, lower, upper, signal }
  })
}
