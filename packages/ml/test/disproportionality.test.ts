import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countPairs,
  type Disproportionality,
  disproportionality,
  empiricalBayes,
  fitMgps,
  type MgpsPrior,
  type NamedPairCount,
  type PairCount,
} from '../src/index.js'
import { itWithTables, readTable } from './support/oracles.js'
import { refusedBy } from './support/refused.js'

/** The prior that openEBGM's vignette fits to the data of CAERS. */
const published: MgpsPrior = {
  shape1: 3.25595,
  rate1: 0.399988,
  shape2: 2.02375,
  rate2: 1.90613,
  weight: 0.0653075,
}

let read: readonly NamedPairCount[] | undefined
/** Pairs of product and adverse event, counted once for all cases. */
function caers(): readonly NamedPairCount[] {
  read ??= countPairs(
    readTable('caers', 'caers.csv').map(([report = '', first = '', second = '']) => ({
      id: report,
      firsts: [first],
      seconds: [second],
    })),
  )
  return read
}

const pair = (both: number, first: number, second: number, total: number): PairCount => ({
  both,
  first,
  second,
  total,
  expected: (first * second) / total,
})

const pairs = fc
  .tuple(...[1, 2, 3, 4].map(() => fc.integer({ min: 0, max: 300 })))
  .filter(([a = 0, b = 0, c = 0, d = 0]) => a + b > 0 && a + c > 0 && a + b + c + d > 0)
  .map(([a = 0, b = 0, c = 0, d = 0]) => pair(a, a + b, a + c, a + b + c + d))

const only = (of: PairCount): Disproportionality => {
  const [result] = disproportionality([of], { prior: published }).pairs
  if (result === undefined) throw new Error('no result')
  return result
}

// openEBGM's vignettes
describe('the reports of CAERS', () => {
  itWithTables('are 17,189 pairs', () => {
    expect(caers()).toHaveLength(17_189)
    const top = caers().find(
      (one) => one.firstName === 'REUMOFAN PLUS' && one.secondName === 'WEIGHT INCREASED',
    )
    expect(top).toMatchObject({ both: 16, total: 3356 })
  })

  itWithTables('have the prior that openEBGM fits, to the digits that its search settles', () => {
    const fit = fitMgps(caers())
    expect(fit?.converged).toBe(true)
    expect(fit?.logLikelihood).toBeCloseTo(-4162.4557, 4)
    for (const [name, value] of Object.entries(published)) {
      const found = Object.entries(fit ?? {}).find(([key]) => key === name)?.[1]
      expect(Math.abs(Number(found) / value - 1)).toBeLessThan(5e-6)
    }
  })

  itWithTables(
    'have 131 pairs with EB05 above 2, 1,159 with an infinite PRR, and 319 by the rule of Evans',
    () => {
      const report = disproportionality(caers())
      expect(report.pairs.filter(({ eb }) => (eb?.lower ?? 0) > 2)).toHaveLength(131)
      expect(report.pairs.filter(({ prr }) => prr.estimate === null)).toHaveLength(1159)
      expect(report.pairs.filter(({ evans }) => evans)).toHaveLength(319)
      const top = report.pairs.reduce((best, one) =>
        (one.eb?.lower ?? 0) > (best.eb?.lower ?? 0) ? one : best,
      )
      expect(top.pair).toMatchObject({ firstName: 'REUMOFAN PLUS', secondName: 'WEIGHT INCREASED', both: 16 })
    },
  )
})

describe('the shrunken ratio', () => {
  // R 4.2: dnbinom, pgamma, uniroot
  it.each([
    [16, 0.4064362336114422, 23.2609127394, 15.6858972237, 33.4763861274],
    [2, 1.5, 1.04734605762, 0.406561697704, 2.33811647704],
  ])('of %i where %f were expected is what R gives', (both, expected, estimate, lower, upper) => {
    const eb = empiricalBayes(both, expected, published, 0.9)
    expect(eb.estimate).toBeCloseTo(estimate, 9)
    expect(eb.lower).toBeCloseTo(lower, 9)
    expect(eb.upper).toBeCloseTo(upper, 9)
  })

  it('lies within its interval, and grows with the count', () => {
    const expected = fc.double({ min: 0.01, max: 50, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), expected, (both, e) => {
        const eb = empiricalBayes(both, e, published, 0.9)
        expect(eb.lower).toBeLessThan(eb.estimate)
        expect(eb.upper).toBeGreaterThan(eb.estimate)
        expect(empiricalBayes(both + 1, e, published, 0.9).lower).toBeGreaterThan(eb.lower)
      }),
    )
  })

  it('has no prior to shrink to with fewer than ten pairs', () => {
    const few = [pair(3, 10, 10, 100), pair(5, 10, 20, 100)]
    expect(fitMgps(few)).toBeNull()
    expect(disproportionality(few)).toMatchObject({ prior: null, pairs: [{ eb: null }, { eb: null }] })
  })
})

describe('the plain ratios', () => {
  it('are those of their formulas', () => {
    const { prr, ror, chiSquare, ic } = only(pair(20, 50, 100, 1000))
    expect(prr.estimate).toBeCloseTo(20 / 50 / (80 / 950), 12)
    const error = Math.sqrt(1 / 20 - 1 / 50 + 1 / 80 - 1 / 950)
    expect(prr.lower).toBeCloseTo((prr.estimate ?? 0) * Math.exp(-1.959963984540054 * error), 10)
    expect(ror.estimate).toBeCloseTo((20 * 870) / (30 * 80), 12)
    expect(chiSquare).toBeCloseTo((1000 * (20 * 870 - 30 * 80 - 500) ** 2) / (50 * 950 * 100 * 900), 9)
    expect(ic.estimate).toBeCloseTo(Math.log2(20.5 / 5.5), 12)
  })

  // R 4.2: log2(qgamma(c(.025, .975), 16.5, rate))
  it('have IC025 and IC975 as R gives them', () => {
    const of = { both: 16, first: 44, second: 31, total: 3356, expected: 0.4064362336114422 }
    expect(only(of).ic.lower).toBeCloseTo(3.39318880205, 10)
    expect(only(of).ic.upper).toBeCloseTo(4.80634989479, 10)
  })

  it('are open above where there is nothing to divide by, but never below', () => {
    const { prr, ror } = only(pair(5, 20, 5, 100))
    expect(prr.estimate).toBeNull()
    expect(prr.upper).toBeNull()
    expect(prr.lower).toBeGreaterThan(1)
    expect(ror.estimate).toBeNull()
    expect(only(pair(0, 20, 5, 100))).toMatchObject({ prr: { estimate: 0, lower: 0 }, evans: false })
    expect(only(pair(10, 10, 10, 10)).chiSquare).toBe(0)
  })

  it('hold their estimates, and agree on which pairs are more than chance', () => {
    fc.assert(
      fc.property(pairs, (of) => {
        const { prr, ror, ic } = only(of)
        for (const { estimate, lower, upper } of [prr, ror]) {
          expect(Number.isNaN(lower)).toBe(false)
          if (estimate === null || of.both === 0) continue
          expect(lower).toBeLessThanOrEqual(estimate * (1 + 1e-12))
          expect(upper ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(estimate * (1 - 1e-12))
        }
        expect(ic.lower).toBeLessThan(ic.upper)
        if (prr.estimate !== null && ror.estimate !== null && Math.abs(of.both - of.expected) > 1e-6)
          expect(prr.estimate > 1).toBe(of.both > of.expected)
      }),
    )
  })

  it('refuses counts that contradict each other', () => {
    expect(refusedBy(() => disproportionality([pair(6, 5, 10, 100)]))).toBe('disproportionality.pairs.0.both')
    expect(refusedBy(() => disproportionality([pair(0, 60, 60, 100)]))).toBe(
      'disproportionality.pairs.0.both',
    )
    expect(refusedBy(() => disproportionality([{ ...pair(1, 5, 10, 100), expected: 0 }]))).toBe(
      'disproportionality.pairs.0.expected',
    )
    expect(refusedBy(() => fitMgps([{ both: 0, expected: 1 }]))).toBe('fitMgps.pairs.0.both')
  })
})

describe('the count of pairs', () => {
  it('counts reports however often and in whatever order they are told', () => {
    const row = fc.record({
      id: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      firsts: fc.uniqueArray(fc.constantFrom('display', 'noise')),
      seconds: fc.uniqueArray(fc.constantFrom('B1', 'B2', 'B3')),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const sorted = (found: readonly NamedPairCount[]): readonly NamedPairCount[] =>
          [...found].sort((a, b) => (a.firstName + a.secondName < b.firstName + b.secondName ? -1 : 1))
        const once = sorted(countPairs(rows))
        expect(sorted(countPairs([...rows, ...rows].reverse()))).toEqual(once)
        for (const { both, first, second, total } of once) {
          expect(both).toBeLessThanOrEqual(Math.min(first, second))
          expect(first + second - both).toBeLessThanOrEqual(total)
        }
      }),
    )
  })

  it('compares within strata: what only the season explains is not expected to differ', () => {
    // Summer brings both the fault and the batch; within a season they have nothing to do with each other.
    const rows = ['summer', 'winter'].flatMap((stratum) =>
      Array.from({ length: 100 }, (_, index) => {
        const often = stratum === 'summer' ? 5 : 1
        const first = index % 10 < often ? 'leak' : 'other'
        const second = Math.floor(index / 10) % 10 < often ? 'B7' : 'B1'
        return { id: `${stratum}-${index}`, firsts: [first], seconds: [second], stratum }
      }),
    )
    const leak = (all: readonly NamedPairCount[]): NamedPairCount | undefined =>
      all.find(({ firstName, secondName }) => firstName === 'leak' && secondName === 'B7')
    const pooled = leak(countPairs(rows.map(({ stratum: _, ...row }) => row)))
    const stratified = leak(countPairs(rows))
    expect(pooled?.both).toBe(26)
    expect(pooled?.expected).toBeCloseTo(18, 12)
    expect(stratified?.expected).toBeCloseTo(26, 12)
  })
})
