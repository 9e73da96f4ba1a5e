import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  againstPast,
  againstUnits,
  type CasesInTime,
  type Comparison,
} from '../../src/regional-concentration/comparison.js'
import { apart, Neighbourhood } from '../../src/regional-concentration/zones.js'

const settings = { limit: 2, leastCases: 3, usualRatio: 1 }
const alone = new Neighbourhood({ places: {}, mostNeighbours: 8 })

/** Cases of each region in a week, and in the next. */
const casesOf = (cells: readonly { before: number; now: number }[]): CasesInTime => {
  const names = cells.map((_, index) => `R-${index}`)
  return {
    starts: [0, 1],
    spans: [Int32Array.from(cells, ({ before }) => before), Int32Array.from(cells, ({ now }) => now)],
    names,
    numbers: new Map(names.map((name, index) => [name, index])),
  }
}

const exposureOf = (units: readonly number[]) => ({
  names: units.map((_, index) => `R-${index}`),
  numbers: new Map(units.map((_, index) => [`R-${index}`, index])),
  units,
  total: units.reduce((sum, amount) => sum + amount, 0),
})

const choose = (n: number, k: number): number =>
  k < 0 || k > n ? 0 : Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1)
const sumFrom = (first: number, last: number, term: (x: number) => number): number =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => term(first + index)).reduce(
    (a, b) => a + b,
    0,
  )

const cells = fc.array(
  fc.record({ before: fc.integer({ min: 1, max: 12 }), now: fc.integer({ min: 0, max: 12 }) }),
  { minLength: 2, maxLength: 6 },
)

describe('a hot region', () => {
  it('against units in service has the chance of the binomial, added up term by term', () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(1, 1.5), (all, usualRatio) => {
        const units = all.map(({ before }) => before * 10)
        const comparison = againstUnits(casesOf(all), 1, exposureOf(units))
        const hot = alone.hotZones(comparison, { ...settings, usualRatio })
        const total = comparison.totalCases
        const byHand = all.flatMap(({ now }, index) => {
          const rest = comparison.totalAgainst - (units[index] ?? 0)
          const ratio = (now * rest) / ((units[index] ?? 0) * (total - now))
          if (now < 3 || ratio <= 2) return []
          const share = (usualRatio * (units[index] ?? 0)) / (usualRatio * (units[index] ?? 0) + rest)
          const chance = sumFrom(
            now,
            total,
            (x) => choose(total, x) * share ** x * (1 - share) ** (total - x),
          )
          return [{ name: `R-${index}`, ratio, chance }]
        })
        expect(hot.map(({ regions }) => regions)).toEqual(byHand.map(({ name }) => [name]))
        for (const [index, { ratio, chance }] of byHand.entries()) {
          expect(hot[index]?.ratio).toBeCloseTo(ratio, 9)
          expect(Math.log(hot[index]?.pValue ?? 0)).toBeCloseTo(Math.log(chance), 7)
        }
      }),
    )
  })

  it('against its own past has the chance of a draw without replacement', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const comparison = againstPast(casesOf(all), 1)
        const [now, before] = [comparison.totalCases, comparison.totalAgainst]
        for (const { regions, cases, against, pValue } of alone.hotZones(comparison, settings)) {
          expect(all[Number(regions[0]?.slice(2))]).toEqual({ now: cases, before: against })
          const of = cases + against
          const chance = sumFrom(
            cases,
            Math.min(of, now),
            (x) => (choose(of, x) * choose(now + before - of, now - x)) / choose(now + before, now),
          )
          expect(Math.log(pValue)).toBeCloseTo(Math.log(chance), 7)
        }
      }),
    )
  })
})

describe('circles of neighbours', () => {
  const places = Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`R-${index}`, { longitude: 100 + index, latitude: 0 }]),
  )
  const row = new Neighbourhood({ places, mostNeighbours: 2 })
  const comparisonOf = (now: readonly number[], units: readonly number[]): Comparison =>
    againstUnits(casesOf(now.map((cases) => ({ before: 1, now: cases }))), 1, exposureOf(units))

  it('are made of the nearest, and counted for the correction with every single region', () => {
    const comparison = comparisonOf([0, 4, 4, 0, 0, 0], Array(6).fill(100))
    const hot = row.hotZones(comparison, settings).map(({ regions }) => [...regions].sort().join())
    expect(new Set(hot)).toEqual(new Set(['R-1', 'R-2', 'R-1,R-2,R-3', 'R-0,R-1,R-2']))
    // Six regions; in a row each inner one has its two neighbours at one distance, each end a pair as well.
    expect(row.zoneCount(comparison)).toBe(6 + 4 + 2 * 2)
  })

  it('leave out regions without units, and stop at half of all units', () => {
    const comparison = comparisonOf(
      [0, 4, 4, 0, 0, 0],
      [0, 100, 100, 100, 0, 0].map((units) => units || 1e-9),
    )
    const sizes = row.hotZones(comparison, settings).map(({ regions }) => regions.length)
    expect(Math.max(0, ...sizes)).toBe(1)
  })

  it('that overlap are one: the least likely by chance', () => {
    const zone = { cases: 5, against: 1, ratio: 4 }
    const kept = apart([
      { ...zone, regions: ['a', 'b'], pValue: 1e-5 },
      { ...zone, regions: ['b'], pValue: 1e-7 },
      { ...zone, regions: ['c'], pValue: 1e-3 },
    ])
    expect(kept.map(({ regions }) => regions)).toEqual([['b'], ['c']])
  })
})
