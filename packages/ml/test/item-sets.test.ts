import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssociationRule, associationRules, frequentItemsets, type ItemSet } from '../src/index.js'
import { itWithTables, readRows } from './support/oracles.js'
import { refusedBy } from './support/refused.js'

let read: string[][] | undefined
/** The baskets of groceries, read once for all cases. */
function groceries(): string[][] {
  read ??= readRows('groceries.csv')
  return read
}

const keyOf = ({ items }: ItemSet): string => [...items].sort().join('+')

// The example of the mlxtend documentation
const kitchen = [
  ['Milk', 'Onion', 'Nutmeg', 'Kidney Beans', 'Eggs', 'Yogurt'],
  ['Dill', 'Onion', 'Nutmeg', 'Kidney Beans', 'Eggs', 'Yogurt'],
  ['Milk', 'Apple', 'Kidney Beans', 'Eggs'],
  ['Milk', 'Unicorn', 'Corn', 'Kidney Beans', 'Yogurt'],
  ['Corn', 'Onion', 'Onion', 'Kidney Beans', 'Ice cream', 'Eggs'],
]

const basketsOf: fc.Arbitrary<string[][]> = fc.array(
  fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 }),
  {
    maxLength: 25,
  },
)

describe('frequent item sets', () => {
  // The arules package
  itWithTables.each([
    [0.01, 333],
    [0.005, 1001],
    [0.002, 4223],
    [0.001, 13_492],
  ])('of groceries at a support of %f are %i', (support, sets) => {
    const found = frequentItemsets(groceries(), { support })
    expect(found.baskets).toBe(9835)
    expect(found.sets).toHaveLength(sets)
  })

  it('of the kitchen at .6 are 11', () => {
    expect(frequentItemsets(kitchen, { support: 0.6 }).sets).toHaveLength(11)
  })

  it('are all, and no others, with their counts', () => {
    fc.assert(
      fc.property(basketsOf, fc.integer({ min: 1, max: 4 }), (baskets, count) => {
        const names = ['a', 'b', 'c', 'd', 'e', 'f']
        const expected = Array.from({ length: 63 }, (_, bits) =>
          names.filter((_name, place) => ((bits + 1) >> place) & 1),
        )
          .map((items) => ({
            items,
            count: baskets.filter((basket) => items.every((item) => basket.includes(item))).length,
          }))
          .filter((set) => set.count >= count)
        const found = frequentItemsets(baskets, { count })
        expect(new Map(found.sets.map((set) => [keyOf(set), set.count]))).toEqual(
          new Map(expected.map((set) => [keyOf(set), set.count])),
        )
        expect(found.sets).toHaveLength(expected.length)
      }),
    )
  })

  it('do not depend on the order of the baskets, nor of what is in them', () => {
    fc.assert(
      fc.property(basketsOf, (baskets) => {
        const turned = [...baskets].reverse().map((basket) => [...basket].reverse())
        expect(frequentItemsets(turned, { count: 2 })).toEqual(frequentItemsets(baskets, { count: 2 }))
      }),
    )
  })

  it('stop at the largest size wanted, and need five baskets unless told', () => {
    expect(
      Math.max(
        ...frequentItemsets(kitchen, { support: 0.6, largest: 2 }).sets.map((set) => set.items.length),
      ),
    ).toBe(2)
    expect(frequentItemsets(kitchen).sets).toEqual([{ items: ['Kidney Beans'], count: 5 }])
    expect(frequentItemsets([])).toEqual({ baskets: 0, sets: [] })
  })

  it('refuse two thresholds at once, and a support of nothing', () => {
    expect(refusedBy(() => frequentItemsets([], { support: 0.1, count: 3 }))).toBe('frequentItemsets.count')
    expect(refusedBy(() => frequentItemsets([], { support: 0 }))).toBe('frequentItemsets.support')
  })
})

describe('association rules', () => {
  // The arules and arulesViz packages
  itWithTables('of groceries are as many as arules finds, 18 of 410 redundant', () => {
    const sets = frequentItemsets(groceries(), { support: 0.001 })
    const rules = associationRules(sets, { confidence: 0.8 })
    const ofSize = (size: number): number => rules.filter(({ left }) => left.length + 1 === size).length
    expect(rules).toHaveLength(410)
    expect([3, 4, 5, 6].map(ofSize)).toEqual([29, 229, 140, 12])
    expect(rules.filter(({ redundant }) => redundant)).toHaveLength(18)
    expect(associationRules(sets, { confidence: 0.5 })).toHaveLength(5668)
  })

  itWithTables('of groceries at a support of .006 and a confidence of .25 are 463', () => {
    const sets = frequentItemsets(groceries(), { support: 0.006 })
    expect(associationRules(sets, { confidence: 0.25 })).toHaveLength(463)
  })

  it('of the kitchen are 12 at a confidence of .7, and 6 at a lift of 1.2', () => {
    const sets = frequentItemsets(kitchen, { support: 0.6 })
    expect(associationRules(sets, { confidence: 0.7, right: 'any' })).toHaveLength(12)
    expect(associationRules(sets, { confidence: 0, lift: 1.2, right: 'any' })).toHaveLength(6)
  })

  it('measure what mlxtend measures: onion brings eggs', () => {
    const rules = associationRules(frequentItemsets(kitchen, { support: 0.6 }), { confidence: 0.7 })
    const rule = rules.find(({ left, right }) => left.join() === 'Onion' && right.join() === 'Eggs')
    expect(rule?.confidence).toBe(1)
    expect(rule?.lift).toBeCloseTo(1.25, 12)
    expect(rule?.leverage).toBeCloseTo(0.12, 12)
    expect(rule?.conviction).toBe(Number.POSITIVE_INFINITY)
    expect(rule?.zhang).toBeCloseTo(0.5, 12)
    // All three onions with eggs, of four in five: C(4,3)/C(5,3).
    expect(rule?.fisherP).toBeCloseTo(0.4, 12)
  })

  it('have the one-sided p of Fisher', () => {
    // The tea tasting of R. A. Fisher, The Design of Experiments: 3 of 4 right, p = 17/70.
    const cups = [...'aaaa'].map((_, cup) => ['milk first', cup < 3 ? 'said so' : 'said not'])
    const others = [...'bbbb'].map((_, cup) => ['tea first', cup < 3 ? 'said not' : 'said so'])
    const rules = associationRules(frequentItemsets([...cups, ...others], { count: 1 }), { confidence: 0 })
    const rule = rules.find(({ left, right }) => left[0] === 'milk first' && right[0] === 'said so')
    expect(rule?.fisherP).toBeCloseTo(17 / 70, 12)
  })

  it('keep the laws that bind their measures', () => {
    fc.assert(
      fc.property(basketsOf, (baskets) => {
        const sets = frequentItemsets(baskets, { count: 1 })
        const rules = associationRules(sets, { confidence: 0.3, right: 'any' })
        const isMoreGeneral = (one: AssociationRule, than: AssociationRule): boolean =>
          one.left.length < than.left.length &&
          one.left.every((item) => than.left.includes(item)) &&
          [...one.right].sort().join() === [...than.right].sort().join() &&
          one.confidence >= than.confidence
        for (const rule of rules) {
          expect(rule.confidence).toBeGreaterThanOrEqual(rule.support)
          expect(rule.zhang).toBeGreaterThanOrEqual(-1 - 1e-12)
          expect(rule.zhang).toBeLessThanOrEqual(1 + 1e-12)
          expect(rule.fisherP).toBeGreaterThan(0)
          expect(rule.fisherP).toBeLessThanOrEqual(1)
          if (Math.abs(rule.leverage) > 1e-12) expect(rule.lift > 1).toBe(rule.leverage > 0)
          expect(rule.redundant).toBe(rules.some((other) => isMoreGeneral(other, rule)))
        }
      }),
    )
  })

  it('refuse sets whose parts are missing', () => {
    const sets = { baskets: 3, sets: [{ items: ['a', 'b'], count: 2 }] }
    expect(refusedBy(() => associationRules(sets))).toBe('associationRules.found')
    expect(refusedBy(() => associationRules(sets, { confidence: 2 }))).toBe('associationRules.confidence')
  })
})
