import { isAndonError } from '@andon/core/errors'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { garwoodInterval, newcombeDifference, rateRatio, wilsonInterval } from '../src/index.js'
import { refusedBy } from './support/refused.js'

const proportion = fc
  .integer({ min: 1, max: 500 })
  .chain((trials) =>
    fc.record({ successes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }),
  )

describe('the interval of a proportion', () => {
  // R. G. Newcombe, Stat. Med. 17 (1998), table I, method 3
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is what Newcombe printed', (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials)
    expect(interval?.estimate).toBe(successes / trials)
    expect(interval?.lower).toBeCloseTo(lower, 4)
    expect(interval?.upper).toBeCloseTo(upper, 4)
  })

  it('is none without trials', () => {
    expect(wilsonInterval(0, 0)).toBeNull()
  })

  it('holds the estimate, stays within 0 and 1, and mirrors when failures are counted', () => {
    fc.assert(
      fc.property(proportion, ({ successes, trials }) => {
        const interval = wilsonInterval(successes, trials)
        const mirrored = wilsonInterval(trials - successes, trials)
        if (interval === null || mirrored === null) throw new Error('no interval')
        expect(interval.lower).toBeGreaterThanOrEqual(0)
        expect(interval.upper).toBeLessThanOrEqual(1)
        expect(interval.lower).toBeLessThanOrEqual(interval.estimate)
        expect(interval.upper).toBeGreaterThanOrEqual(interval.estimate)
        expect(interval.lower).toBeCloseTo(1 - mirrored.upper, 12)
      }),
    )
  })

  it('narrows with more trials and widens with more confidence', () => {
    fc.assert(
      fc.property(proportion, ({ successes, trials }) => {
        const width = (times: number, confidence: number): number => {
          const interval = wilsonInterval(successes * times, trials * times, confidence)
          return (interval?.upper ?? 0) - (interval?.lower ?? 0)
        }
        expect(width(4, 0.95)).toBeLessThan(width(1, 0.95))
        expect(width(1, 0.99)).toBeGreaterThan(width(1, 0.95))
      }),
    )
  })

  it('refuses what cannot be, and says in both languages what', () => {
    expect(refusedBy(() => wilsonInterval(3, 2))).toBe('wilsonInterval.successes')
    expect(refusedBy(() => wilsonInterval(1.5, 2))).toBe('wilsonInterval.successes')
    expect(refusedBy(() => wilsonInterval(0, -1))).toBe('wilsonInterval.trials')
    expect(refusedBy(() => wilsonInterval(0, Number.NaN))).toBe('wilsonInterval.trials')
    expect(refusedBy(() => wilsonInterval(1, 2, 1))).toBe('wilsonInterval.confidence')
    try {
      wilsonInterval(3, 2)
    } catch (error) {
      if (!isAndonError(error)) throw error
      expect(error.describe('en')).toBe('Option wilsonInterval.successes is not valid: must be at most 2.')
      expect(error.describe('zh')).toBe('选项 wilsonInterval.successes 无效：不得大于 2。')
    }
  })
})

describe('the difference of two proportions', () => {
  // R. G. Newcombe, Stat. Med. 17 (1998) 873–890, table II, method 10
  it('of 56 in 70 and 48 in 80 is what Newcombe printed', () => {
    const interval = newcombeDifference({ successes: 56, trials: 70 }, { successes: 48, trials: 80 })
    expect(interval?.estimate).toBeCloseTo(0.2, 12)
    expect(interval?.lower).toBeCloseTo(0.0524, 4)
    expect(interval?.upper).toBeCloseTo(0.3339, 4)
  })

  it('changes its sign when the two change places', () => {
    fc.assert(
      fc.property(proportion, proportion, (first, second) => {
        const one = newcombeDifference(first, second)
        const other = newcombeDifference(second, first)
        expect(one?.lower).toBeCloseTo(-(other?.upper ?? Number.NaN), 12)
        expect(one?.lower).toBeLessThanOrEqual(one?.estimate ?? Number.NaN)
        expect(Math.abs(one?.upper ?? Number.NaN)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is none when either has no trials, and refuses what cannot be', () => {
    expect(newcombeDifference({ successes: 0, trials: 0 }, { successes: 1, trials: 2 })).toBeNull()
    expect(
      refusedBy(() => newcombeDifference({ successes: 1, trials: 2 }, { successes: 4, trials: 3 })),
    ).toBe('newcombeDifference.second.successes')
  })
})

describe('the interval of a Poisson rate', () => {
  // R 4.2: qchisq(.025, 2x)/2, qchisq(.975, 2x + 2)/2
  it.each([
    [0, 0, 3.6888794541139],
    [1, 0.0253178079843, 5.5716433909389],
    [5, 1.6234863901184, 11.6683320793227],
    [20, 12.2165195854039, 30.8883779026746],
  ])('of %i events is exact', (count, lower, upper) => {
    const interval = garwoodInterval(count)
    expect(interval?.lower).toBeCloseTo(lower, 11)
    expect(interval?.upper).toBeCloseTo(upper, 11)
    expect(garwoodInterval(count, 2)?.upper).toBeCloseTo(upper / 2, 11)
  })

  it('is none without exposure, and refuses what cannot be', () => {
    expect(garwoodInterval(0, 0)).toBeNull()
    expect(refusedBy(() => garwoodInterval(-1))).toBe('garwoodInterval.count')
    expect(refusedBy(() => garwoodInterval(1, Number.POSITIVE_INFINITY))).toBe('garwoodInterval.exposure')
  })
})

describe('the ratio of two rates', () => {
  it('of cancer in Fredericia to three other cities is what R computes', () => {
    // poisson.test(c(11, 21), c(800, 3011)), and with alternative = "greater" from its binomial
    const ratio = rateRatio({ count: 11, exposure: 800 }, { count: 21, exposure: 3011 })
    expect(ratio.estimate).toBeCloseTo(1.971488, 6)
    expect(ratio.lower).toBeCloseTo(0.8584264, 7)
    expect(ratio.upper).toBeCloseTo(4.2772659, 7)
  })

  it('has the chance of a draw: five of five from one region of twenty', () => {
    const ratio = rateRatio({ count: 5, exposure: 1 }, { count: 0, exposure: 19 })
    expect(ratio.pValue).toBeCloseTo(20 ** -5, 15)
    expect(ratio).toMatchObject({ estimate: null, upper: null })
    // (1/40)^(1/5) of the share, as odds, for nineteen times the exposure
    const share = 0.025 ** (1 / 5)
    expect(ratio.lower).toBeCloseTo((19 * share) / (1 - share), 9)
  })

  it('turns over when the two change places, and agrees with its p-value about 1', () => {
    const rate = fc.record({
      count: fc.integer({ min: 1, max: 60 }),
      exposure: fc.integer({ min: 1, max: 900 }),
    })
    fc.assert(
      fc.property(rate, rate, (first, second) => {
        const [ratio, other] = [rateRatio(first, second), rateRatio(second, first)]
        expect(ratio.lower * (other.upper ?? 0)).toBeCloseTo(1, 9)
        expect(ratio.lower).toBeLessThanOrEqual(ratio.estimate ?? 0)
        expect(ratio.upper ?? 0).toBeGreaterThanOrEqual(ratio.estimate ?? 0)
        if (Math.abs(ratio.pValue - 0.025) > 1e-9) expect(ratio.lower > 1).toBe(ratio.pValue < 0.025)
      }),
    )
  })

  it('says nothing without events, and refuses what has no exposure', () => {
    const nothing = rateRatio({ count: 0, exposure: 1 }, { count: 0, exposure: 1 })
    expect(nothing).toEqual({ estimate: null, lower: 0, upper: null, pValue: 1 })
    expect(refusedBy(() => rateRatio({ count: 1, exposure: 0 }, { count: 1, exposure: 1 }))).toBe(
      'rateRatio.first.exposure',
    )
  })
})
