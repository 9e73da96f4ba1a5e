import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCusum, cusum, ewma, laneyChart, pChart, runRules, type Sample, uChart } from '../src/index.js'
import { itWithTables, readTable } from './support/oracles.js'
import { refusedBy } from './support/refused.js'

const samples = fc.array(
  fc
    .integer({ min: 0, max: 200 })
    .chain((size) => fc.record({ count: fc.integer({ min: 0, max: size }), size: fc.constant(size) })),
  { minLength: 1, maxLength: 40 },
)

describe('the chart of shares', () => {
  const juice = (): Sample[] =>
    readTable('charts', 'orangejuice.csv')
      .filter(([, , , trial]) => trial === 'TRUE')
      .map(([, count, size]) => ({ count: Number(count), size: Number(size) }))

  // D. C. Montgomery, Introduction to Statistical Quality Control, example 7.1
  itWithTables(
    'of orange juice cans has the centre and the limits of Montgomery, and calls cans 15 and 23',
    () => {
      const { center, points, out } = pChart(juice())
      expect(points).toHaveLength(30)
      expect(center).toBeCloseTo(0.2313, 4)
      expect(points[0]?.upper).toBeCloseTo(0.4102, 4)
      expect(points[0]?.lower).toBeCloseTo(0.0524, 4)
      expect(out.map((index) => index + 1)).toEqual([15, 23])
    },
  )

  itWithTables('has the centre and the limits of Montgomery without those two', () => {
    const { center, points, excluded } = pChart(juice(), { exclude: [14, 22] })
    expect(center).toBeCloseTo(0.215, 4)
    expect(points[0]?.upper).toBeCloseTo(0.3893, 4)
    expect(points[0]?.lower).toBeCloseTo(0.0407, 4)
    expect(excluded).toEqual([14, 22])
  })

  itWithTables('leaves out what is beyond, again and again, when told to: can 21 goes too', () => {
    expect(pChart(juice(), { iterate: true }).excluded.map((index) => index + 1)).toEqual([15, 21, 23])
  })

  it('skips samples of nothing, and has no centre without any other', () => {
    const { points, center } = pChart([
      { count: 0, size: 0 },
      { count: 1, size: 10 },
    ])
    expect(points[0]).toEqual({
      value: null,
      lower: null,
      upper: null,
      deviation: null,
      expected: 0,
      broken: [],
    })
    expect(center).toBeCloseTo(0.1, 12)
    expect(pChart([{ count: 0, size: 0 }])).toMatchObject({ center: null, out: [] })
    expect(pChart([])).toMatchObject({ center: null, points: [] })
  })

  it('never has a limit below 0, and calls exactly what is beyond its limits', () => {
    fc.assert(
      fc.property(samples, (all) => {
        for (const { value, lower, upper, broken } of pChart(all).points) {
          if (value === null || lower === null || upper === null) continue
          expect(lower).toBeGreaterThanOrEqual(0)
          // At the limit itself rounding decides.
          if (Math.min(Math.abs(value - lower), Math.abs(value - upper)) > 1e-12)
            expect(broken.includes('beyond-limits')).toBe(value > upper || value < lower)
        }
      }),
    )
  })

  it('knows runs: two of three beyond two deviations, four of five beyond one, eight on a side', () => {
    // Twenty samples around .5 fix the centre; deviation .05.
    const calm = Array.from({ length: 20 }, (_, index) => ({ count: index % 2 === 0 ? 49 : 51, size: 100 }))
    const last = (counts: readonly number[]): readonly string[] | undefined =>
      pChart([...calm, ...counts.map((count) => ({ count, size: 100 }))], {
        rules: [...runRules],
        exclude: counts.map((_, index) => 20 + index),
      }).points.at(-1)?.broken
    expect(last([66])).toEqual(['beyond-limits'])
    expect(last([62, 50, 61])).toEqual(['two-of-three'])
    expect(last([62, 50, 39])).toEqual([])
    expect(last([56, 57, 50, 56, 57])).toEqual(['four-of-five'])
    expect(last([51, 52, 51, 52, 51, 52, 51, 52])).toEqual(['eight-on-one-side'])
    expect(last([62, 61, 50])).toEqual([])
  })

  it('refuses more defective units than units, and options that it does not know', () => {
    expect(refusedBy(() => pChart([{ count: 3, size: 2 }]))).toBe('pChart.samples.0.count')
    expect(refusedBy(() => pChart([], JSON.parse('{"sigma":2}')))).toBe('pChart.sigma')
  })
})

describe('the chart of defects per unit', () => {
  it('has limits at ū ± 3·√(ū/n), wider for smaller samples', () => {
    const { center, points } = uChart([
      { count: 30, size: 10 },
      { count: 10, size: 10 },
      { count: 5, size: 2 },
    ])
    const mean = 45 / 22
    expect(center).toBeCloseTo(mean, 12)
    expect(points[0]?.upper).toBeCloseTo(mean + 3 * Math.sqrt(mean / 10), 12)
    expect(points[2]?.upper).toBeCloseTo(mean + 3 * Math.sqrt(mean / 2), 12)
    expect(points[2]?.lower).toBe(0)
  })

  it('lets a unit have several defects', () => {
    expect(refusedBy(() => uChart([{ count: 30, size: 10 }]))).toBeUndefined()
    expect(refusedBy(() => uChart([{ count: -1, size: 10 }]))).toBe('uChart.samples.0.count')
  })
})

describe("Laney's charts", () => {
  it('stretch the limits of the plain chart by the deviation from one sample to the next', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom('p' as const, 'u' as const), (all, kind) => {
        const plain = kind === 'p' ? pChart(all) : uChart(all)
        const { inflation, points } = laneyChart(all, { kind })
        const z = plain.points.flatMap(({ deviation }) => (deviation === null ? [] : [deviation]))
        const steps = z.slice(1).map((value, index) => Math.abs(value - (z[index] ?? 0)))
        const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
        expect(inflation).toBeCloseTo(steps.length === 0 || mean === 0 ? 1 : mean / 1.1283791670955126, 9)
        for (const [index, { upper }] of points.entries()) {
          const { center } = plain
          const own = plain.points[index]?.upper ?? null
          if (upper === null || own === null || center === null) continue
          expect(upper - center).toBeCloseTo((own - center) * inflation, 9)
        }
      }),
    )
  })

  it('do not call large samples whose share only wavers from day to day, where the plain chart does', () => {
    const wavering = Array.from({ length: 40 }, (_, day) => ({
      count: 1000 + ((day * 7919) % 13) * 40,
      size: 10_000,
    }))
    expect(pChart(wavering).out.length).toBeGreaterThan(10)
    expect(laneyChart(wavering).out).toEqual([])
  })
})

// D. C. Montgomery, Introduction to Statistical Quality Control, table 9.1: the mean moves from 10 to 11 after the twentieth.
const montgomery = [
  9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62,
  10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
]

describe('the cumulative sum', () => {
  it('finds the small shift of Montgomery at the 29th value, and that it began about the 23rd', () => {
    const points = cusum(montgomery, { mean: 10, deviation: 1 })
    expect(points.findIndex(({ signal }) => signal !== null) + 1).toBe(29)
    expect(points[28]?.up).toBeCloseTo(5.28, 10)
    expect(points[28]).toMatchObject({ signal: 'up', since: 22 })
    expect(points[29]?.up).toBeCloseTo(5.3, 10)
  })

  it('is the same upside down', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 50 })
    fc.assert(
      fc.property(values, (all) => {
        const up = cusum(all, { mean: 0, deviation: 1, decision: 2 })
        const down = cusum(
          all.map((value) => -value),
          { mean: 0, deviation: 1, decision: 2 },
        )
        expect(down.map((point) => point.down)).toEqual(up.map((point) => point.up))
      }),
    )
  })

  it('with a head start finds at once what is wrong from the start', () => {
    const shifted = montgomery.slice(20)
    const first = (headStart: number): number =>
      cusum(shifted, { mean: 10, deviation: 1, headStart }).findIndex(({ signal }) => signal !== null)
    expect(first(2.5)).toBeGreaterThanOrEqual(0)
    expect(first(2.5)).toBeLessThan(first(0))
  })

  it('refuses what is no number, and a deviation of nothing', () => {
    expect(refusedBy(() => cusum([1, Number.NaN], { mean: 0, deviation: 1 }))).toBe('cusum.values.1')
    expect(refusedBy(() => cusum([], { mean: 0, deviation: 0 }))).toBe('cusum.deviation')
  })
})

describe('the cumulative sum of counts', () => {
  it('adds up the evidence for a rise: x·ln R − (R − 1)·μ', () => {
    const [first, second] = countCusum(
      [
        { count: 4, expected: 2 },
        { count: 0, expected: 2 },
      ],
      { ratio: 2 },
    )
    expect(first?.sum).toBeCloseTo(4 * Math.log(2) - 2, 12)
    expect(second).toEqual({ sum: 0, signal: false, since: null })
  })

  it('is that of Poisson counts where the dispersion is next to nothing, and slower where it is large', () => {
    const periods = Array.from({ length: 20 }, (_, index) => ({
      count: 3 + (index % 4),
      expected: 2 + (index % 3),
    }))
    const at = (dispersion: number): number =>
      countCusum(periods, { ratio: 1.5, dispersion }).at(-1)?.sum ?? 0
    expect(at(1e-9)).toBeCloseTo(at(0), 6)
    expect(at(0.5)).toBeLessThan(at(0))
  })

  it('calls a doubled count soon, and says since when', () => {
    const periods = Array.from({ length: 30 }, (_, index) => ({ count: index < 15 ? 3 : 7, expected: 3 }))
    const point = countCusum(periods, { ratio: 2 }).find(({ signal }) => signal)
    expect(point?.since).toBe(15)
  })

  it('refuses a rise that is none, and a period without expectation', () => {
    expect(refusedBy(() => countCusum([], { ratio: 1 }))).toBe('countCusum.ratio')
    expect(refusedBy(() => countCusum([{ count: 1, expected: 0 }], { ratio: 2 }))).toBe(
      'countCusum.periods.0.expected',
    )
  })
})

describe('the moving average', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4
  it('has the values and the limits of the NIST handbook', () => {
    const values = [
      52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6,
      52.1,
    ]
    const averages = [
      50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38,
      49.92, 50.73, 51.23, 51.94, 51.99,
    ]
    const points = ewma(values, { mean: 50, deviation: 2.0539, weight: 0.3 })
    for (const [index, { average, signal }] of points.entries()) {
      // Printed to two digits, some of them cut off.
      expect(Math.abs(average - (averages[index] ?? 0))).toBeLessThan(0.01)
      expect(signal).toBeNull()
    }
    expect(points.at(-1)?.upper).toBeCloseTo(52.5884, 3)
    expect(points.at(-1)?.lower).toBeCloseTo(47.4115, 3)
  })

  it('finds the small shift of Montgomery at the 29th value, within limits that widen at the start', () => {
    const points = ewma(montgomery, { mean: 10, deviation: 1, weight: 0.1, width: 2.7 })
    expect(points.findIndex(({ signal }) => signal === 'up') + 1).toBe(29)
    expect(points[0]?.upper).toBeCloseTo(10.27, 10)
    expect(points[29]?.upper).toBeCloseTo(10.62, 2)
  })

  it('is a Shewhart chart with all weight on the newest', () => {
    const [point] = ewma([3.1], { mean: 0, deviation: 1, weight: 1 })
    expect(point).toMatchObject({ average: 3.1, upper: 3, signal: 'up' })
    expect(refusedBy(() => ewma([], { mean: 0, deviation: 1, weight: 0 }))).toBe('ewma.weight')
  })
})
