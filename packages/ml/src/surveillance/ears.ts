import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { mustCount } from '../check.js'

export interface EarsOptions {
  /**
   * `C1`: the periods just before; `C2`: two periods are left between, lest a rise hides itself; `C3`: C2 of three periods
   * together, for slow rises. C2 unless told.
   */
  readonly method?: 'C1' | 'C2' | 'C3'
  /** Periods that tell what is normal, 3 or more; 7 unless told. */
  readonly baseline?: number
  /** How many standard deviations call; 3 unless told, 2 for C3. */
  readonly limit?: number
  /** The standard deviation is at least this: after periods without events any event would call; .5 unless told. */
  readonly leastDeviation?: number
}

export interface EarsPoint {
  /** The period, counted from 0. */
  readonly period: number
  readonly count: number
  readonly expected: number
  /** C1, C2 or C3. */
  readonly statistic: number
  readonly alarm: boolean
}

const optionsSchema = z.strictObject({
  method: z.enum(['C1', 'C2', 'C3']).default('C2'),
  baseline: z.int().min(3).default(7),
  limit: z.number().positive().optional(),
  leastDeviation: z.number().positive().default(0.5),
})

/**
 * The Early Aberration Reporting System's three limits, for counts with less than a year of history.
 *
 * C1, C2: (y − mean)/sd of the baseline, C2 with a gap of two; C3ₜ = Σ max(0, C2ᵢ − 1) over t and the two before
 *
 * @param counts per period, oldest first, without gaps
 * @returns one point for each period with a full baseline
 * @throws AndonError OPTIONS_INVALID naming the option, or the count that is none
 * @see L. Hutwagner and others, J. Urban Health 80 (2003) i89–i96
 */
export function ears(counts: readonly number[], options: EarsOptions = {}): EarsPoint[] {
  const { method, baseline, leastDeviation, limit } = parseOptions(optionsSchema, options, 'ears')
  for (const [period, count] of counts.entries()) mustCount(count, `ears.counts.${period}`)
  const gap = method === 'C1' ? 0 : 2
  const most = limit ?? (method === 'C3' ? 2 : 3)
  const points = counts.flatMap((count, period) => {
    const before = counts.slice(Math.max(0, period - gap - baseline), Math.max(0, period - gap))
    if (before.length < baseline) return []
    const expected = before.reduce((sum, some) => sum + some, 0) / baseline
    const squares = before.reduce((sum, some) => sum + (some - expected) ** 2, 0)
    const deviation = Math.max(leastDeviation, Math.sqrt(squares / (baseline - 1)))
    return [{ period, count, expected, statistic: (count - expected) / deviation }]
  })
  if (method !== 'C3') return points.map((point) => ({ ...point, alarm: point.statistic > most }))
  return points.slice(2).map((point, index) => {
    const statistic = points
      .slice(index, index + 3)
      .reduce((sum, other) => sum + Math.max(0, other.statistic - 1), 0)
    return { ...point, statistic, alarm: statistic > most }
  })
}
