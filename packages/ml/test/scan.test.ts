import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { permutationScan, type ScannedRegion, spatialScan } from '../src/index.js'
import { itWithTables, readTable } from './support/oracles.js'
import { refusedBy } from './support/refused.js'

/** Tracts of upstate New York with leukaemia cases, in degrees. */
const tracts = (): ScannedRegion[] =>
  readTable('spatial', 'ny_leukemia.csv').map(([x, y, exposure, cases]) => ({
    x: Number(x),
    y: Number(y),
    cases: Math.floor(Number(cases)),
    exposure: Number(exposure),
  }))

const regions = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 5 }),
    y: fc.integer({ min: 0, max: 5 }),
    cases: fc.integer({ min: 0, max: 6 }),
    exposure: fc.integer({ min: 6, max: 40 }),
  }),
  { minLength: 3, maxLength: 9 },
)

/** The highest ratio over all circles, each made from the distances anew. */
function highestByHand(all: readonly ScannedRegion[], share: number): number {
  const sum = (some: readonly ScannedRegion[], of: 'cases' | 'exposure'): number =>
    some.reduce((total, region) => total + region[of], 0)
  const total = sum(all, 'cases')
  const ratios = all.flatMap((center) =>
    all.map((edge) => {
      const distance = (region: ScannedRegion): number => Math.hypot(region.x - center.x, region.y - center.y)
      const inside = all.filter((region) => distance(region) <= distance(edge))
      if (sum(inside, 'exposure') > share * sum(all, 'exposure')) return 0
      const cases = sum(inside, 'cases')
      const expected = (total * sum(inside, 'exposure')) / sum(all, 'exposure')
      if (cases <= expected) return 0
      const outside = total - cases
      const rest = outside === 0 ? 0 : outside * Math.log(outside / (total - expected))
      return cases * Math.log(cases / expected) + rest
    }),
  )
  return Math.max(0, ...ratios)
}

describe('the spatial scan', () => {
  // The smerc package and SaTScan, at most 10 % of the population in a circle
  itWithTables('of leukaemia in New York finds the two clusters that SaTScan finds', () => {
    const [first, second] = spatialScan('poisson', tracts(), { share: 0.1, seed: 7 })
    expect(first?.logLikelihoodRatio).toBeCloseTo(11.577255, 6)
    expect(first?.cases).toBe(85)
    expect(first?.expected).toBeCloseTo(49.71, 2)
    expect(first?.relativeRisk).toBeCloseTo(1.84, 2)
    expect(first?.pValue).toBeLessThanOrEqual(0.005)
    expect(second?.logLikelihoodRatio).toBeCloseTo(9.019716, 6)
    // Three standard errors of 999 replicas around .013.
    expect(Math.abs((second?.pValue ?? 1) - 0.013)).toBeLessThan(0.011)
  })

  it('looks at every circle, and regions at one distance enter together', () => {
    fc.assert(
      fc.property(regions, fc.constantFrom(0.2, 0.5), (all, share) => {
        const [best] = spatialScan('poisson', all, { share, replicas: 0 })
        expect(best?.logLikelihoodRatio ?? 0).toBeCloseTo(highestByHand(all, share), 9)
        expect(best?.pValue ?? null).toBeNull()
      }),
    )
  })

  it('tells clusters that share no region, the clearest first', () => {
    fc.assert(
      fc.property(regions, (all) => {
        const found = spatialScan('bernoulli', all, { replicas: 0 })
        const taken = found.flatMap((cluster) => cluster.regions)
        expect(new Set(taken).size).toBe(taken.length)
        for (const [index, { logLikelihoodRatio, cases, expected }] of found.entries()) {
          expect(cases).toBeGreaterThan(expected)
          expect(logLikelihoodRatio).toBeLessThanOrEqual(
            found[index - 1]?.logLikelihoodRatio ?? Number.MAX_VALUE,
          )
        }
      }),
    )
  })

  it('gives the same p-values again for the same seed', () => {
    const all = Array.from({ length: 9 }, (_, index) => ({
      x: index % 3,
      y: Math.floor(index / 3),
      cases: index === 4 ? 12 : 3,
      exposure: 100,
    }))
    const pOf = (seed: number): number | null | undefined =>
      spatialScan('poisson', all, { seed, replicas: 199 })[0]?.pValue
    expect(pOf(1)).toBe(pOf(1))
    expect(pOf(1)).toBeLessThan(0.05)
  })

  it('raises a false alarm as seldom as its p-value says', () => {
    // 60 maps without any cluster: a p-value of .2 or less in one of five, 12 ± 9 at three standard deviations.
    const low = Array.from({ length: 60 }, (_, map) => {
      const all = Array.from({ length: 16 }, (_region, index) => ({
        x: index % 4,
        y: Math.floor(index / 4),
        cases: 0,
        exposure: 50,
      }))
      let state = map * 2_654_435_761 + 12_345
      for (let left = 40; left > 0; left--) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        const region = all[state >>> 28]
        if (region !== undefined) region.cases++
      }
      return spatialScan('poisson', all, { replicas: 99, seed: map })[0]?.pValue ?? 1
    }).filter((p) => p <= 0.2).length
    expect(low).toBeGreaterThanOrEqual(3)
    expect(low).toBeLessThanOrEqual(21)
  })

  it('finds across borders what no region shows by itself', () => {
    const all = Array.from({ length: 25 }, (_, index) => {
      const [x, y] = [index % 5, Math.floor(index / 5)]
      const inside = x <= 1 && y <= 1
      return { x, y, cases: inside ? 9 : 4, exposure: 200 }
    })
    const [best] = spatialScan('bernoulli', all, { replicas: 199 })
    expect([...(best?.regions ?? [])].sort((a, b) => a - b)).toEqual([0, 1, 5, 6])
    expect(best?.pValue).toBeLessThan(0.05)
  })

  it('measures along the globe where places are in degrees', () => {
    const all = [
      { x: 179.9, y: 0, cases: 9, exposure: 10 },
      { x: -179.9, y: 0, cases: 9, exposure: 10 },
      { x: 0, y: 0, cases: 1, exposure: 10 },
      { x: 90, y: 0, cases: 1, exposure: 10 },
    ]
    const [best] = spatialScan('poisson', all, { geography: 'globe', replicas: 0 })
    expect([...(best?.regions ?? [])].sort()).toEqual([0, 1])
  })

  it('finds nothing without cases or without exposure elsewhere, and refuses what cannot be', () => {
    const place = { x: 0, y: 0, cases: 0, exposure: 5 }
    expect(spatialScan('poisson', [place, { ...place, x: 1 }])).toEqual([])
    expect(spatialScan('poisson', [])).toEqual([])
    expect(spatialScan('poisson', [{ ...place, cases: 3 }])).toEqual([])
    expect(refusedBy(() => spatialScan('poisson', [{ ...place, cases: 1, exposure: 0 }]))).toBe(
      'spatialScan.regions.0.exposure',
    )
    expect(refusedBy(() => spatialScan('bernoulli', [{ ...place, cases: 6 }]))).toBe(
      'spatialScan.regions.0.cases',
    )
    expect(refusedBy(() => spatialScan('poisson', [], { share: 0.6 }))).toBe('spatialScan.share')
  })
})

describe('the space-time permutation scan', () => {
  /** Places that always have many or few, months that have many or few everywhere, and one sudden cluster. */
  const places = (cluster: number): { x: number; y: number; cases: number[] }[] =>
    Array.from({ length: 12 }, (_, index) => ({
      x: index % 4,
      y: 2 * Math.floor(index / 4),
      cases: Array.from({ length: 10 }, (_month, month) => {
        const usual = (index % 4 === 3 ? 6 : 2) * (month === 5 ? 2 : 1)
        return usual + (month >= 8 && index <= 1 ? cluster : 0)
      }),
    }))

  it('finds where and since when there are more than place and month explain', () => {
    const [best] = permutationScan(places(8), { replicas: 199 })
    expect([...(best?.regions ?? [])].sort()).toEqual([0, 1])
    expect(best).toMatchObject({ from: 8, to: 9 })
    expect(best?.pValue).toBeLessThan(0.02)
    expect(best?.cases).toBeGreaterThan(2 * (best?.expected ?? 0))
  })

  it('is not misled by places with many, nor by months with many', () => {
    expect(permutationScan(places(0), { replicas: 99 })[0]?.pValue ?? 1).toBeGreaterThan(0.5)
  })

  it('sees what is over only when it is told to look back', () => {
    const over = places(0).map((place, index) => ({
      ...place,
      cases: place.cases.map((count, month) => count + (index === 0 && month === 2 ? 20 : 0)),
    }))
    expect(permutationScan(over, { replicas: 0 })[0]?.regions).not.toEqual([0])
    expect(permutationScan(over, { replicas: 0, alive: false })[0]).toMatchObject({
      regions: [0],
      from: 2,
      to: 2,
    })
  })

  it('expects row times column over all', () => {
    const table = [
      { x: 0, y: 0, cases: [1, 5] },
      { x: 1, y: 0, cases: [6, 2] },
    ]
    const [best] = permutationScan(table, { replicas: 0 })
    expect(best).toMatchObject({ regions: [0], from: 1, to: 1, cases: 5 })
    expect(best?.expected).toBeCloseTo((6 * 7) / 14, 12)
    expect(best?.logLikelihoodRatio).toBeCloseTo(5 * Math.log(5 / 3) + 9 * Math.log(9 / 11), 12)
  })

  it('finds nothing in nothing, and refuses places with other periods', () => {
    expect(permutationScan([])).toEqual([])
    expect(permutationScan([{ x: 0, y: 0, cases: [0, 0] }])).toEqual([])
    expect(
      refusedBy(() =>
        permutationScan([
          { x: 0, y: 0, cases: [1, 2] },
          { x: 1, y: 0, cases: [1] },
        ]),
      ),
    ).toBe('permutationScan.regions.1.cases')
  })
})
