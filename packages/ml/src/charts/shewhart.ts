import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { mustCount } from '../check.js'
import { brokenRules, type RunRule, runRules } from './run-rules.js'

/** What was found in one sample: `count` defective units, or defects, among `size` units. */
export interface Sample {
  readonly count: number
  readonly size: number
}

export interface ChartOptions {
  /** Samples, counted from 0, that have a known cause and do not count for the centre. */
  readonly exclude?: readonly number[]
  /** Leave points beyond the limits out of the centre, again and again, until none is left. Off unless told. */
  readonly iterate?: boolean
  /** `beyond-limits` unless told. */
  readonly rules?: readonly RunRule[]
}

export interface ChartPoint {
  /** The share or rate; null for a sample of size 0, which is skipped. */
  readonly value: number | null
  /** Never below 0. */
  readonly lower: number | null
  readonly upper: number | null
  /** From the centre, in standard deviations. */
  readonly deviation: number | null
  /** What the centre lets expect in a sample of this size. Below 5 the limits are rough: they lie too low. */
  readonly expected: number
  readonly broken: readonly RunRule[]
}

export interface Chart {
  /** null when no sample counts. */
  readonly center: number | null
  /** In the order given. */
  readonly points: readonly ChartPoint[]
  /** Samples that broke a rule. */
  readonly out: readonly number[]
  /** Samples that do not count for the centre. */
  readonly excluded: readonly number[]
  /** How much wider the limits are than the distribution says: 1 but for Laney's charts. */
  readonly inflation: number
}

/** The standard deviation of the value of one sample, by the distribution. */
export type DeviationOf = (center: number, size: number) => number

/** How much wider the limits must be, from the deviations, in order, of the samples that count. */
export type InflationOf = (deviations: readonly number[]) => number

const optionsSchema = z.strictObject({
  exclude: z.array(z.int().nonnegative()).default([]),
  iterate: z.boolean().default(false),
  rules: z.array(z.enum(runRules)).default(['beyond-limits']),
})

export function mustBeSamples(samples: readonly Sample[], argument: string): void {
  for (const [index, { count, size }] of samples.entries()) {
    mustCount(count, `${argument}.${index}.count`)
    mustCount(size, `${argument}.${index}.size`)
  }
}

/** A chart of samples around their common share or rate, with limits at three standard deviations. */
export function shewhart(
  owner: string,
  samples: readonly Sample[],
  options: ChartOptions,
  deviationOf: DeviationOf,
  inflationOf: InflationOf = () => 1,
): Chart {
  const { exclude, iterate, rules } = parseOptions(optionsSchema, options, owner)
  const excluded = new Set(exclude)
  for (;;) {
    const chart = chartOf(samples, excluded, rules, deviationOf, inflationOf)
    const beyond = chart.points.flatMap(({ deviation }, index) =>
      deviation !== null && Math.abs(deviation) > 3 && !excluded.has(index) ? [index] : [],
    )
    if (!iterate || beyond.length === 0) return chart
    for (const index of beyond) excluded.add(index)
  }
}

function chartOf(
  samples: readonly Sample[],
  excluded: ReadonlySet<number>,
  rules: readonly RunRule[],
  deviationOf: DeviationOf,
  inflationOf: InflationOf,
): Chart {
  const counting = samples.filter(({ size }, index) => size > 0 && !excluded.has(index))
  const units = counting.reduce((sum, { size }) => sum + size, 0)
  const center = units === 0 ? null : counting.reduce((sum, { count }) => sum + count, 0) / units
  const deviate = ({ count, size }: Sample): number => {
    const deviation = center === null ? 0 : deviationOf(center, size)
    const distance = count / size - (center ?? 0)
    return distance === 0 ? 0 : distance / deviation
  }
  const inflation = inflationOf(counting.map(deviate))
  const deviations = samples.map((sample) =>
    center === null || sample.size === 0 ? null : deviate(sample) / inflation,
  )
  const broken = brokenRules(deviations, rules)
  const points = samples.map(({ count, size }, index): ChartPoint => {
    const deviation = deviations[index] ?? null
    const expected = size * (center ?? 0)
    if (center === null || deviation === null)
      return { value: null, lower: null, upper: null, deviation: null, expected, broken: [] }
    const reach = 3 * deviationOf(center, size) * inflation
    return {
      value: count / size,
      lower: Math.max(0, center - reach),
      upper: center + reach,
      deviation,
      expected,
      broken: broken[index] ?? [],
    }
  })
  const out = points.flatMap((point, index) => (point.broken.length > 0 ? [index] : []))
  return { center, points, out, excluded: [...excluded].sort((a, b) => a - b), inflation }
}
