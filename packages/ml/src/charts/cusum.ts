import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { mustBeFinite } from '../check.js'

export interface CusumOptions {
  /** What the values are around while all is well. */
  readonly mean: number
  /** Their standard deviation. */
  readonly deviation: number
  /** k: half the shift that is to be found, in standard deviations; .5 unless told. */
  readonly reference?: number
  /** h: the sum at which it calls, in standard deviations; 5 unless told: a false call in 465 values, with k = .5. */
  readonly decision?: number
  /** Where both sums begin, in standard deviations: half of h finds a shift sooner that is there from the start. */
  readonly headStart?: number
}

export interface CusumPoint {
  /** C⁺ and C⁻, in the unit of the values, 0 or more. */
  readonly up: number
  readonly down: number
  readonly signal: 'up' | 'down' | null
  /** With a signal: the value, counted from 0, since which its sum has not been 0: about when the shift began. */
  readonly since: number | null
}

const positive = z.number().positive()
const optionsSchema = z.strictObject({
  mean: z.number(),
  deviation: positive,
  reference: z.number().nonnegative().default(0.5),
  decision: positive.default(5),
  headStart: z.number().nonnegative().default(0),
})

/**
 * The two-sided tabular CUSUM: finds small lasting shifts of a mean that no single value shows.
 *
 * C⁺ᵢ = max(0, C⁺ᵢ₋₁ + xᵢ − μ − kσ), C⁻ᵢ = max(0, C⁻ᵢ₋₁ + μ − kσ − xᵢ); a signal where one is above hσ, up before down. It
 * goes on after a signal: nothing is set back.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, or the value that is no finite number
 * @see E. S. Page, Biometrika 41 (1954) 100–115; D. C. Montgomery, Introduction to Statistical Quality Control, 9.1
 */
export function cusum(values: readonly number[], options: CusumOptions): CusumPoint[] {
  const { mean, deviation, reference, decision, headStart } = parseOptions(optionsSchema, options, 'cusum')
  const slack = reference * deviation
  const limit = decision * deviation
  let up = headStart * deviation
  let down = up
  let upSince = 0
  let downSince = 0
  return values.map((value, index) => {
    mustBeFinite(value, `cusum.values.${index}`)
    up = Math.max(0, up + (value - mean - slack))
    down = Math.max(0, down + (mean - value - slack))
    if (up === 0) upSince = index + 1
    if (down === 0) downSince = index + 1
    const signal = up > limit ? 'up' : down > limit ? 'down' : null
    return { up, down, signal, since: signal === null ? null : signal === 'up' ? upSince : downSince }
  })
}
