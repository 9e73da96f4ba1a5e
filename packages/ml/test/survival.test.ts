import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  kaplanMeier,
  logRank,
  meanCumulative,
  type Observation,
  survivalAt,
  type UnitHistory,
} from '../src/index.js'
import { refusedBy } from './support/refused.js'

/** `6+` is censored at 6. */
const observed = (text: string): Observation[] =>
  text.split(' ').map((word) => ({ time: Number.parseFloat(word), event: !word.endsWith('+') }))

// The leukaemia trial of E. A. Freireich and others, Blood 21 (1963) 699–716: weeks of remission.
const treated = observed('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+')
const placebo = observed('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23')

const observation = fc.record({ time: fc.integer({ min: 0, max: 20 }), event: fc.boolean() })
const observations = fc.array(observation, { minLength: 1, maxLength: 40 })

describe('the share that survives', () => {
  // R survival 3.5-3: survfit(conf.type = "log-log")
  it.each([
    [6, 21, 0.857142857143, 0.0763603548321, 0.619717955266, 0.951551747647],
    [7, 17, 0.806722689076, 0.0869352851801, 0.563146564622, 0.922809019203],
    [13, 12, 0.690196078431, 0.106814707775, 0.431610222486, 0.849065963349],
    [23, 6, 0.448179271709, 0.1345914567558, 0.188052005959, 0.680142628495],
  ])('of the treated at %i weeks is what R gives', (time, atRisk, survival, error, lower, upper) => {
    const step = survivalAt(kaplanMeier(treated), time)
    expect(step?.atRisk).toBe(atRisk)
    expect(step?.survival).toBeCloseTo(survival, 11)
    expect(step?.standardError).toBeCloseTo(error, 11)
    expect(step?.lower).toBeCloseTo(lower, 11)
    expect(step?.upper).toBeCloseTo(upper, 11)
  })

  it('has its median where half have had the event, if they have', () => {
    expect(kaplanMeier(treated).median).toBe(23)
    expect(kaplanMeier(placebo).median).toBe(8)
    expect(kaplanMeier(observed('1 2+ 3+ 4+')).median).toBeNull()
  })

  it('is the plain share when nobody is censored', () => {
    fc.assert(
      fc.property(observations, (units) => {
        const events = units.map(({ time }) => ({ time, event: true }))
        for (const { time, survival } of kaplanMeier(events).steps)
          expect(survival).toBeCloseTo(events.filter((unit) => unit.time > time).length / events.length, 12)
      }),
    )
  })

  it('falls only at events, and counts a censoring at the instant of an event after it', () => {
    fc.assert(
      fc.property(observations, (units) => {
        let before = 1
        for (const { survival, events, atRisk, time } of kaplanMeier(units).steps) {
          expect(atRisk).toBe(units.filter((unit) => unit.time >= time).length)
          expect(survival).toBeCloseTo(before * (1 - events / atRisk), 12)
          before = survival
        }
      }),
    )
  })

  it('is unknown beyond the last observation unless nobody is left, and 1 before the first', () => {
    expect(survivalAt(kaplanMeier(treated), 36)).toBeUndefined()
    expect(survivalAt(kaplanMeier(treated), 5)).toBeUndefined()
    expect(survivalAt(kaplanMeier(placebo), 36)).toMatchObject({
      survival: 0,
      lower: null,
      standardError: null,
    })
    expect(kaplanMeier([])).toEqual({ steps: [], median: null })
  })

  it('refuses what is no time', () => {
    expect(refusedBy(() => kaplanMeier([{ time: -1, event: true }]))).toBe('kaplanMeier.observations.0.time')
    expect(refusedBy(() => kaplanMeier([], 1))).toBe('kaplanMeier.confidence')
  })
})

describe('the log-rank test', () => {
  // R survival 3.5-3: survdiff
  it('tells the treated from the others as R does', () => {
    const { groups, statistic, degrees, pValue } = logRank([treated, placebo])
    expect(groups.map(({ observed: events }) => events)).toEqual([9, 21])
    expect(groups[0]?.expected).toBeCloseTo(19.250500948, 9)
    expect(statistic).toBeCloseTo(16.7929409892, 9)
    expect(degrees).toBe(1)
    expect(pValue).toBeCloseTo(4.16880910933e-5, 15)
  })

  it('tells three groups apart as R does', () => {
    const all = [...treated, ...placebo]
    const thirds = [0, 1, 2].map((third) => all.filter((_, index) => index % 3 === third))
    const { groups, statistic, degrees, pValue } = logRank(thirds)
    expect(groups.map(({ observed: events }) => events)).toEqual([11, 10, 9])
    expect(groups[2]?.expected).toBeCloseTo(10.90977543634, 10)
    expect(statistic).toBeCloseTo(0.716380589169, 10)
    expect(degrees).toBe(2)
    expect(pValue).toBeCloseTo(0.698940057843, 10)
  })

  it('finds no difference between a group and itself, and does not care which comes first', () => {
    fc.assert(
      fc.property(observations, observations, (one, other) => {
        expect(logRank([one, one]).statistic ?? 0).toBeCloseTo(0, 9)
        expect(logRank([other, one]).statistic ?? -1).toBeCloseTo(logRank([one, other]).statistic ?? -1, 6)
      }),
    )
  })

  it('says nothing without events, without company, and leaves empty groups out', () => {
    expect(logRank([observed('1+ 2+'), observed('3+')])).toMatchObject({ statistic: null, pValue: null })
    expect(logRank([observed('1 2'), []])).toMatchObject({ statistic: null })
    expect(logRank([treated, [], placebo]).statistic).toBeCloseTo(16.7929409892, 9)
    expect(refusedBy(() => logRank([treated]))).toBe('logRank.groups')
  })
})

describe('the mean cumulative function', () => {
  const histories = fc.array(
    fc.integer({ min: 1, max: 12 }).chain((end) =>
      fc.record({
        events: fc.array(fc.integer({ min: 0, max: end }), { maxLength: 4 }),
        end: fc.constant(end),
      }),
    ),
    { minLength: 1, maxLength: 15 },
  )

  /** The variance as its definition has it, unit by unit. */
  function plainVariance(units: readonly UnitHistory[], until: number): number {
    const ages = [...new Set(units.flatMap(({ events }) => events))].filter((age) => age <= until)
    const terms = units.map(({ events, end }) =>
      ages
        .filter((age) => age <= end)
        .reduce((sum, age) => {
          const atRisk = units.filter((unit) => unit.end >= age).length
          const all = units.flatMap((unit) => unit.events).filter((other) => other === age).length
          const own = events.filter((other) => other === age).length
          return sum + (own - all / atRisk) / atRisk
        }, 0),
    )
    return terms.reduce((sum, term) => sum + term ** 2, 0)
  }

  it('adds up failures per unit still watched', () => {
    const steps = meanCumulative([
      { events: [1, 3], end: 5 },
      { events: [3], end: 3 },
      { events: [], end: 2 },
      { events: [4], end: 6 },
    ])
    expect(steps.map(({ age, atRisk, events }) => [age, atRisk, events])).toEqual([
      [1, 4, 1],
      [3, 3, 2],
      [4, 2, 1],
    ])
    expect(steps[2]?.mean).toBeCloseTo(1 / 4 + 2 / 3 + 1 / 2, 12)
  })

  it('has the variance of its definition', () => {
    fc.assert(
      fc.property(histories, (units) => {
        for (const { age, standardError, mean, lower, upper } of meanCumulative(units)) {
          expect(standardError ** 2).toBeCloseTo(plainVariance(units, age), 9)
          expect(lower).toBeLessThanOrEqual(mean)
          expect(upper).toBeGreaterThanOrEqual(mean)
        }
      }),
    )
  })

  it('is the plain mean when all are watched as long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }), { minLength: 1 }),
        (all) => {
          const last = meanCumulative(all.map((events) => ({ events, end: 10 }))).at(-1)
          expect(last?.mean ?? 0).toBeCloseTo(all.flat().length / all.length, 12)
        },
      ),
    )
  })

  it('has no step without events, and refuses a failure that nobody can have seen', () => {
    expect(meanCumulative([{ events: [], end: 5 }])).toEqual([])
    expect(refusedBy(() => meanCumulative([{ events: [1, 6], end: 5 }]))).toBe(
      'meanCumulative.units.0.events.1',
    )
  })
})
