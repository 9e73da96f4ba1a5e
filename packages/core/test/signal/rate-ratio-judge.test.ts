import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EffectTest } from '../../src/action/action.js'
import type { Series } from '../../src/connector/judge.js'
import { binomialAtLeast, binomialAtMost } from '../../src/signal/judge/binomial.js'
import { rateRatioJudge } from '../../src/signal/judge/rate-ratio-judge.js'

const test: EffectTest = {
  metric: 'complaint rate',
  direction: 'down',
  minimumEffect: 0.5,
  settleMs: 0,
  windowMs: 86_400_000,
  onFailure: 'reopen',
}
const counts = (count: number, exposure: number): Series => [{ at: 0, value: count / exposure, n: exposure }]
const verdict = (before: Series, after: Series, change: Partial<EffectTest> = {}): string =>
  rateRatioJudge({ test: { ...test, ...change }, before, after, at: 0 }).verdict

/** C(n, k) · a^k · (b − a)^(n − k), summed up to k and divided by b^n, in whole numbers. */
function exactly(k: number, n: number, a: number, b: number): number {
  let ways = 1n
  let sum = 0n
  for (let i = 0; i <= k; i++) {
    sum += ways * BigInt(a) ** BigInt(i) * BigInt(b - a) ** BigInt(n - i)
    ways = (ways * BigInt(n - i)) / BigInt(i + 1)
  }
  return Number((sum * 10n ** 15n) / BigInt(b) ** BigInt(n)) / 1e15
}

describe('the binomial tail', () => {
  it('is that of arithmetic in whole numbers', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.nat(120), fc.integer({ min: 1, max: 99 }), (some, more, percent) => {
        const [k, n] = [Math.min(some, more), Math.max(some, more)]
        const expected = exactly(k, n, percent, 100)
        expect(binomialAtMost(k, n, percent / 100)).toBeCloseTo(expected, 10)
        expect(binomialAtLeast(n - k, n, 1 - percent / 100)).toBeCloseTo(expected, 10)
      }),
    )
  })

  it('does not lose thousands of complaints to underflow', () => {
    // By symmetry: P(X ≤ 2,499 of 4,999 at ½) is a half.
    expect(binomialAtMost(2499, 4999, 0.5)).toBeCloseTo(0.5, 9)
  })
})

describe('counts are judged', () => {
  it.each([
    ['far fewer in the same time', counts(20, 24), counts(3, 24), 'effective'],
    ['none, after enough to notice', counts(5, 24), counts(0, 24), 'effective'],
    ['none, after too few to notice', counts(3, 24), counts(0, 24), 'undecided'],
    ['as many in a longer time', counts(12, 24), counts(12, 72), 'effective'],
    ['surely fewer, and not by half', counts(400, 24), counts(300, 24), 'not effective'],
    ['as many', counts(30, 24), counts(31, 24), 'not effective'],
    ['a few more', counts(5, 24), counts(7, 24), 'undecided'],
    ['many more', counts(10, 24), counts(30, 24), 'harmful'],
    ['nothing at all', counts(0, 24), counts(0, 24), 'undecided'],
    ['nothing was watched', [], [], 'undecided'],
  ])('%s', (_, before, after, expected) => expect(verdict(before, after)).toBe(expected))

  it('upwards the same way round', () => {
    const upwards = { direction: 'up', minimumEffect: 0.2 } as const
    expect(verdict(counts(600, 1000), counts(900, 1000), upwards)).toBe('effective')
    expect(verdict(counts(600, 1000), counts(400, 1000), upwards)).toBe('harmful')
    expect(verdict(counts(6000, 10_000), counts(6000, 10_000), upwards)).toBe('not effective')
  })

  it('says its numbers, in both languages', () => {
    const { text, numbers } = rateRatioJudge({ test, before: counts(20, 24), after: counts(3, 24), at: 0 })
    expect(numbers).toMatchObject({ countBefore: 20, exposureBefore: 24, countAfter: 3, alpha: 0.05 })
    expect(numbers.pFell).toBeCloseTo(exactly(3, 23, 1, 2), 9)
    expect(text.en).toBe(
      '0.833 before, 0.125 after: at least 50 % as registered, and chance hardly explains it',
    )
    expect(text.zh).toContain('达到预先登记的 50 %')
  })
})

/** mulberry32, public domain. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('where nothing changed', () => {
  const rounds = 2000
  const seed = 4711

  /** How often each verdict is given of series that the same process makes before and after. */
  function shares(
    make: (random: () => number) => Series,
    change: Partial<EffectTest>,
  ): Record<string, number> {
    const random = seeded(seed)
    const seen: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      const given = verdict(make(random), make(random), change)
      seen[given] = (seen[given] ?? 0) + 1 / rounds
    }
    return seen
  }

  it('counts are called effective, or harmful, in at most one of twenty', () => {
    const poisson = (random: () => number): Series =>
      Array.from({ length: 24 }, (_, at) => {
        let count = -1
        for (let product = 1; product > Math.exp(-0.5); product *= random()) count++
        return { at, value: count, n: 1 }
      })
    const { effective = 0, harmful = 0 } = shares(poisson, { minimumEffect: 0 })
    expect(effective, `seed ${seed}`).toBeLessThanOrEqual(0.05)
    expect(harmful, `seed ${seed}`).toBeLessThanOrEqual(0.05)
  })

  it('readings of a process that remembers are seldom called effective, unlike by a plain t-test', () => {
    const normal = (random: () => number): number =>
      Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const remembering = (random: () => number): Series => {
      let level = normal(random)
      return Array.from({ length: 100 }, (_, at) => {
        level = 0.6 * level + 0.8 * normal(random)
        return { at, value: 100 + level }
      })
    }
    const plain = (): number => {
      const random = seeded(seed)
      let found = 0
      for (let round = 0; round < rounds; round++) {
        const [before, after] = [remembering(random), remembering(random)].map((series) => {
          const mean = series.reduce((sum, { value }) => sum + value, 0) / series.length
          const squares = series.reduce((sum, { value }) => sum + (value - mean) ** 2, 0)
          return { mean, error: squares / (series.length - 1) / series.length }
        })
        if (before === undefined || after === undefined) continue
        if (after.mean - before.mean < -1.645 * Math.sqrt(after.error + before.error)) found++
      }
      return found / rounds
    }
    const { effective = 0 } = shares(remembering, { minimumEffect: 0 })
    expect(plain(), `seed ${seed}`).toBeGreaterThan(0.15)
    expect(effective, `seed ${seed}`).toBeLessThan(0.07)
  })

  it('a few readings tell nothing, and many tell a plain fall', () => {
    const around = (level: number, length: number): Series =>
      Array.from({ length }, (_, at) => ({ at, value: level + (at % 2 === 0 ? 1 : -1) * (1 + (at % 3)) }))
    expect(verdict(around(100, 5), around(20, 5))).toBe('undecided')
    expect(verdict(around(100, 40), around(20, 40))).toBe('effective')
    expect(verdict(around(100, 40), around(80, 40))).toBe('not effective')
    expect(verdict(around(100, 40), around(120, 40))).toBe('harmful')
  })
})
