import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ears, farrington } from '../src/index.js'
import { refusedBy } from './support/refused.js'

/** 340 weeks with a season, some noise, a slow rise and an outbreak every 97 weeks. */
const seasonal = Array.from({ length: 340 }, (_, week) =>
  Math.floor(
    5 * (1 + 0.5 * Math.sin((2 * Math.PI * week) / 52)) +
      ((week * 7919) % 13) / 2 +
      (week % 97 === 40 ? 20 : 0) +
      week / 100,
  ),
)

/** 340 weeks that rise from 1 to 18, with an outbreak in the last. */
const rising = Array.from({ length: 340 }, (_, week) =>
  Math.floor(1 + week / 20 + ((week * 7919) % 13) / 4 + (week === 339 ? 30 : 0)),
)

describe("Farrington's alarm", () => {
  // R surveillance 1.20.3: algo.farrington(b = 5, w = 3, alpha = .05), which is one-sided .025
  it.each([
    [0, 11.35547484, 18.6745442, false],
    [1, 11.19549879, 18.4669806, false],
    [4, 12.37711793, 20.5440876, true],
    [6, 11.39228231, 19.2718075, true],
    [8, 9.21192648, 15.8621166, false],
  ])('in its original form gives what R gives, %i weeks on', (index, expected, threshold, hasTrend) => {
    const point = farrington(seasonal, { method: 'original', level: 0.025, from: 330 })[index]
    expect(point?.expected).toBeCloseTo(expected, 6)
    expect(point?.threshold).toBeCloseTo(threshold, 6)
    expect(point?.trend !== null).toBe(hasTrend)
  })

  it('in its original form gives what R gives where counts vary more than Poisson counts', () => {
    const points = farrington(rising, { method: 'original', level: 0.025, from: 330 })
    expect(points.map(({ alarm }) => alarm)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      true,
      true,
      false,
      true,
    ])
    // By the same regressions in R's glm, converged to 1e-14 instead of its 1e-8, which leaves 10.3603771 and 18.457645.
    expect(points[5]?.expected).toBeCloseTo(10.36037511, 8)
    expect(points[5]?.threshold).toBeCloseTo(18.45763308, 8)
    expect(points[5]?.pValue).toBeCloseTo(1 - 0.981215921, 6)
  })

  // R surveillance 1.20.3: farringtonFlexible(b = 5, w = 3, weightsThreshold = 2.58, noPeriods = 10,
  // pastWeeksNotIncluded = 26, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = .025)
  it.each([
    [0, 13.403329, 21, 0.36659548],
    [1, 13.291846, 21, 1.9766009e-7],
    [4, 12.69193, 20, 0.61485223],
    [5, 11.529494, 19, 0.48368197],
    [9, 10.650269, 17, 0.73547742],
  ])('in its improved form gives what R gives, %i weeks on', (index, expected, threshold, pValue) => {
    const point = farrington(seasonal, { level: 0.025, from: 330 })[index]
    expect(point?.expected).toBeCloseTo(expected, 6)
    expect(point?.threshold).toBe(threshold)
    expect(point?.pValue).toBeCloseTo(pValue, 8)
  })

  it('in its improved form takes a trend only as far as counts have been', () => {
    const points = farrington(rising, { level: 0.025, from: 336 })
    expect(points.map(({ trend }) => trend)).toEqual([null, null, null, null])
    expect(points[0]?.expected).toBeCloseTo(10.857143, 6)
    expect(points[0]?.dispersion).toBeCloseTo(1.1282062, 5)
    expect(points.map(({ alarm }) => alarm)).toEqual([true, true, false, true])
  })

  it('needs five events in four weeks, and something in the week itself', () => {
    const quiet = new Array<number>(300).fill(0)
    const alarmed = (last: readonly number[]): boolean | undefined =>
      farrington([...quiet, ...last]).at(-1)?.alarm
    expect(alarmed([0, 0, 0, 4])).toBe(false)
    expect(alarmed([0, 0, 0, 5])).toBe(true)
    expect(alarmed([2, 1, 1, 1])).toBe(true)
    expect(alarmed([3, 3, 3, 0])).toBe(false)
  })

  it('judges the rate where the exposure is known', () => {
    const from = 335
    const exposure = seasonal.map((_, week) => (week >= 320 ? 3 : 1))
    const [plain] = farrington(seasonal, { from })
    const [perUnit] = farrington(seasonal, { from, exposure, recent: 26 })
    expect(perUnit?.expected).toBeCloseTo(3 * (plain?.expected ?? 0), 6)
  })

  it('reads months too', () => {
    const months = Array.from({ length: 84 }, (_, month) => (month === 80 ? 40 : 6 + ((month * 7) % 5)))
    const points = farrington(months, { period: 12 })
    expect(points[0]?.period).toBe(61)
    expect(points.filter(({ alarm }) => alarm).map(({ period }) => period)).toEqual([80])
  })

  it('rarely calls where nothing happens', () => {
    // Counts of a fixed stream of chance: Poisson with mean 8, after D. E. Knuth.
    let state = 20_240_601
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    }
    const poisson = (mean: number): number => {
      let count = -1
      for (let product = 1; product > Math.exp(-mean); product *= next()) count++
      return count
    }
    const counts = Array.from({ length: 52 * 5 + 3 + 300 }, () => poisson(8))
    const calls = farrington(counts, { level: 0.01 }).filter(({ alarm }) => alarm).length
    expect(calls).toBeLessThanOrEqual(9)
  })

  it('has nothing to say without history, and refuses what cannot be', () => {
    expect(farrington(seasonal.slice(0, 263))).toEqual([])
    expect(farrington(seasonal.slice(0, 264))).toHaveLength(1)
    expect(refusedBy(() => farrington(seasonal, { from: 10 }))).toBe('farrington.from')
    expect(refusedBy(() => farrington([1, -1]))).toBe('farrington.counts.1')
    expect(refusedBy(() => farrington([1], { exposure: [] }))).toBe('farrington.exposure')
    expect(refusedBy(() => farrington([], { seasons: 60 }))).toBe('farrington.seasons')
    expect(refusedBy(() => farrington([], { window: 40 }))).toBe('farrington.window')
  })
})

describe('EARS', () => {
  // R surveillance 1.20.3: earsC(alpha = .001), upper bounds of weeks 337 to 340
  it.each([
    ['C1', [22.1527787975596, 22.6117312049329, 22.6117312049329, 22.3606387026582]],
    ['C2', [22.075422646659, 22.075422646659, 22.1527787975596, 22.6117312049329]],
  ] as const)('%s has the bounds that R gives', (method, bounds) => {
    const points = ears(rising, { method, leastDeviation: 1e-9 }).slice(-4)
    const z = 3.0902323061678132
    for (const [index, { count, expected, statistic }] of points.entries()) {
      const deviation = (count - expected) / statistic
      expect(expected + z * deviation).toBeCloseTo(bounds[index] ?? 0, 9)
    }
  })

  it('C3 adds up what three weeks were beyond one deviation', () => {
    const counts = [...rising.slice(0, 20), 9, 9, 9]
    const two = ears(counts, { method: 'C2' }).slice(-3)
    const three = ears(counts, { method: 'C3' }).at(-1)
    const sum = two.reduce((all, { statistic }) => all + Math.max(0, statistic - 1), 0)
    expect(three?.statistic).toBeCloseTo(sum, 12)
    expect(three?.alarm).toBe(sum > 2)
  })

  it('calls a jump at once, not a single event after silence', () => {
    const silence = new Array<number>(10).fill(0)
    expect(ears([...silence, 1], { method: 'C1' }).at(-1)?.alarm).toBe(false)
    expect(ears([...silence, 4], { method: 'C1' }).at(-1)?.alarm).toBe(true)
  })

  it('never depends on what comes later', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 })
    fc.assert(
      fc.property(counts, fc.constantFrom('C1' as const, 'C2' as const, 'C3' as const), (all, method) => {
        const whole = ears(all, { method })
        const part = ears(all.slice(0, -1), { method })
        expect(whole.slice(0, part.length)).toEqual(part)
      }),
    )
  })

  it('says nothing before its baseline, and refuses one of two', () => {
    expect(ears([1, 2, 3])).toEqual([])
    expect(refusedBy(() => ears([], { baseline: 2 }))).toBe('ears.baseline')
  })
})
