import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Backdrop, Sums } from '../../src/emerging-issue/backdrop.js'
import { emergingSchema } from '../../src/emerging-issue/emerging-options.js'
import { emptyEmerging } from '../../src/emerging-issue/emerging-state.js'
import { casesSince, countCase, forgetBefore, noCounts } from '../../src/emerging-issue/period-counts.js'
import {
  countDelay,
  type DelayState,
  longestDelay,
  noDelays,
  reportedShares,
  settleDelays,
} from '../../src/emerging-issue/reporting-delay.js'
import { randomFrom } from '../../src/scan/random.js'

const settings = emergingSchema.parse({})

/** Weeks of `perWeek` cases each, of which those are counted that are reported by `now`. */
function watched(weeks: number, perWeek: number, mean: number, settle: boolean): DelayState {
  const random = randomFrom(7)
  const state = noDelays()
  const now = weeks - 1
  const all = Array.from({ length: weeks * perWeek }, (_, index) => {
    const period = Math.floor(index / perWeek)
    return { period, delay: Math.floor(-Math.log(1 - random.next()) * mean) }
  })
  const arrivals = all.filter(({ period, delay }) => period + delay <= now && delay <= longestDelay)
  for (const { period, delay } of arrivals.sort((a, b) => a.period + a.delay - b.period - b.delay)) {
    countDelay(state, period, delay)
    if (settle) settleDelays(state, period + delay)
  }
  return state
}

describe('the share that is reported by now', () => {
  it('is that of the delays, though long ones of the latest weeks are still to come', () => {
    const mean = 8
    const shares = reportedShares(watched(120, 200, mean, false), 119)
    for (const weeks of [0, 2, 4, 8, 16, 40]) {
      // Within d whole weeks: less than d + 1.
      expect(shares[weeks]).toBeCloseTo(1 - Math.exp(-(weeks + 1) / mean), 1)
    }
  })

  it('is the same when old weeks are put together as they are completed', () => {
    const [kept, settled] = [watched(260, 40, 8, false), watched(260, 40, 8, true)]
    expect(settled.rows.length).toBeLessThan(110)
    const [a, b] = [reportedShares(kept, 259), reportedShares(settled, 259)]
    for (const [delay, share] of a.entries()) expect(b[delay]).toBeCloseTo(share, 10)
  })

  it('grows with the delay, up to all', () => {
    const shares = reportedShares(watched(120, 20, 12, true), 119)
    for (const [delay, share] of shares.entries())
      expect(share).toBeGreaterThanOrEqual(shares[delay - 1] ?? 0)
    expect(shares[longestDelay]).toBe(1)
  })

  it('is all, as long as nothing has come late', () => {
    expect(reportedShares(noDelays(), 0).every((share) => share === 1)).toBe(true)
  })

  it('is not put down by a few old cases that came late', () => {
    const state = noDelays()
    for (let week = 0; week < 60; week++) for (let n = 0; n < 30; n++) countDelay(state, week, 0)
    countDelay(state, 0, 59)
    expect(reportedShares(state, 60)[0]).toBeGreaterThan(0.95)
  })
})

const counted = fc.array(fc.integer({ min: 100, max: 140 }), { maxLength: 60 })
const span = fc.tuple(fc.integer({ min: 90, max: 145 }), fc.integer({ min: 90, max: 145 }))

describe('cases by period', () => {
  it('are summed the same way by either means, in whatever order they come', () => {
    fc.assert(
      fc.property(counted, span, (periods, [from, to]) => {
        const counts = noCounts()
        for (const period of periods) countCase(counts, period)
        const expected = periods.filter((period) => period >= from && period <= to).length
        expect(casesSince(counts, [from + 5, from], to)[1]).toBe(expected)
        expect(new Sums(counts, 145, 100).in(from, to)).toBe(expected)
        expect(counts.periods).toEqual([...new Set(periods)].sort((a, b) => a - b))
      }),
    )
  })

  it('are forgotten before a period', () => {
    const counts = noCounts()
    for (const period of [3, 5, 5, 9]) countCase(counts, period)
    forgetBefore(counts, 5)
    expect(counts).toEqual({ periods: [5, 9], counts: [2, 1] })
  })
})

describe('exposure', () => {
  it('adds up: of a span it is that of its parts, and each period counts by what is reported of it', () => {
    const state = { ...emptyEmerging(), period: 119, delays: watched(120, 50, 8, false) }
    const backdrop = new Backdrop(state, settings)
    const shares = reportedShares(state.delays, 119)
    expect(backdrop.exposure(119, 119)).toBeCloseTo(shares[0] ?? 0, 10)
    expect(backdrop.exposure(100, 119)).toBeCloseTo(
      backdrop.exposure(100, 110) + backdrop.exposure(111, 119),
      10,
    )
    // Older than the longest delay: all of it.
    expect(backdrop.exposure(-80, -71)).toBeCloseTo(10, 10)
    expect(backdrop.exposure(5, 4)).toBe(0)
  })

  it('leaves out the weeks of which too little is reported', () => {
    const state = { ...emptyEmerging(), period: 119, delays: watched(120, 50, 8, false) }
    const silent = 119 - new Backdrop(state, { ...settings, leastReported: 0.5 }).latest
    const shares = reportedShares(state.delays, 119)
    expect(silent).toBeGreaterThan(2)
    expect(shares[silent]).toBeGreaterThanOrEqual(0.5)
    expect(shares[silent - 1]).toBeLessThan(0.5)
  })
})
