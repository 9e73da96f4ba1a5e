import { describe, expect, it } from 'vitest'
import { readingsOf } from '../../src/detector/reading.js'
import { installedBase } from '../../src/index.js'
import { againstUnits } from '../../src/regional-concentration/comparison.js'
import { Exposures } from '../../src/regional-concentration/exposure.js'
import { FaultPlaces } from '../../src/regional-concentration/fault-places.js'
import { type Measured, measure } from '../../src/regional-concentration/measure.js'
import { emptyFault, emptyRegionalState } from '../../src/regional-concentration/regional-state.js'
import { newsOf } from '../../src/regional-concentration/told-places.js'
import type { Zone } from '../../src/regional-concentration/zones.js'
import { feedbackOf, found, regions, type Told } from './simulated-regions.js'

const zone = (cases: number, ...of: readonly string[]): Zone => ({
  regions: of,
  cases,
  against: 1000,
  ratio: 4,
  pValue: 1e-9,
})
const measured = (level: Measured['level'], worst: string): Measured => ({
  level,
  worst,
  expected: 3,
  ratio: 4,
  lower: 2,
  upper: 8,
  casesToClear: 9,
})

describe('a place that was told', () => {
  it('is told again with twice as many cases, and not with one less', () => {
    const fault = emptyFault('KX-500', 'E-1')
    expect(newsOf(fault, zone(10, 'north'), measured('likely', 'north'), 1)).toBe('north')
    expect(newsOf(fault, zone(19, 'north'), measured('likely', 'north'), 2)).toBeNull()
    expect(newsOf(fault, zone(20, 'north'), measured('likely', 'north'), 3)).toBe('north')
  })

  it('is told again when it is confirmed, once', () => {
    const fault = emptyFault('KX-500', 'E-1')
    expect(newsOf(fault, zone(10, 'north'), measured('likely', 'north'), 1)).toBe('north')
    expect(newsOf(fault, zone(11, 'north'), measured('confirmed', 'north'), 2)).toBe('north')
    expect(newsOf(fault, zone(12, 'north'), measured('confirmed', 'north'), 3)).toBeNull()
    expect(newsOf(fault, zone(13, 'north'), measured('likely', 'north'), 4)).toBeNull()
  })

  it('keeps its name when its circle grows and another region is worse; a place apart has a name of its own', () => {
    const fault = emptyFault('KX-500', 'E-1')
    expect(newsOf(fault, zone(10, 'north'), measured('likely', 'north'), 1)).toBe('north')
    expect(newsOf(fault, zone(30, 'north', 'east'), measured('likely', 'east'), 2)).toBe('north')
    expect(newsOf(fault, zone(30, 'south'), measured('likely', 'south'), 2)).toBe('south')
    expect(fault.told.map(({ name, seen }) => ({ name, seen }))).toEqual([
      { name: 'north', seen: 2 },
      { name: 'south', seen: 2 },
    ])
  })
})

describe('a place in numbers', () => {
  const names = ['R-0', 'R-1', 'R-2', 'R-3']
  const cases = { starts: [0], spans: [Int32Array.from([60, 90, 10, 20])], names, numbers: new Map() }
  const exposure = {
    names,
    numbers: new Map([0, 1, 2, 3].map((index) => [`R-${index}`, index])),
    units: [1000, 1000, 1000, 1000],
    total: 4000,
  }
  const comparison = againstUnits(cases, 0, exposure)
  const both = { ...zone(150, 'R-0', 'R-1'), against: 2000 }

  it('is named after its region with most cases beyond what is expected', () => {
    expect(measure(comparison, both, { limit: 3, confidence: 0.95 }).worst).toBe('R-1')
  })

  it('is confirmed where the lower end of the ratio is above the limit, and likely where it is below', () => {
    const { lower, ratio } = measure(comparison, both, { limit: 3, confidence: 0.95 })
    expect(ratio).toBe(5)
    expect(measure(comparison, both, { limit: lower - 0.01, confidence: 0.95 }).level).toBe('confirmed')
    expect(measure(comparison, both, { limit: lower + 0.01, confidence: 0.95 }).level).toBe('likely')
  })
})

describe('units in service', () => {
  it('are those in the mean of the time that counts', () => {
    const rows = Array.from({ length: 365 }, (_, index) => ({
      model: 'A',
      region: 'north',
      from: new Date(index * 86_400_000).toISOString().slice(0, 10),
      units: index,
    }))
    const exposure = new Exposures(installedBase(rows)).of('default', 'A', 0, 364)
    expect(Math.abs((exposure?.total ?? 0) - 182)).toBeLessThan(1)
  })
})

describe('faults that are kept in mind', () => {
  it('are those reported last', () => {
    const state = emptyRegionalState()
    const places = new FaultPlaces(state, 3, 10)
    const report = (week: number, fault: string): number => {
      places.countAll()
      state.week = week
      const feedback = feedbackOf(week, { onDay: 7 * week, region: 'north', fault })
      const [place = -1] = readingsOf([feedback]).map((reading) => places.placeOf(reading))
      places.add(place, week, 0, feedback.feedbackId)
      return place
    }
    for (const [week, fault] of ['a', 'b', 'c', 'a', 'd', 'e'].entries()) report(week, fault)
    expect(state.faults.map(({ fault }) => fault).sort()).toEqual(['a', 'd', 'e'])
    const place = report(6, 'd')
    places.countAll()
    expect(state.faults[place]).toMatchObject({ fault: 'd', touched: 6 })
    expect(state.faults).toHaveLength(3)
  })
})

describe('a second place of a fault', () => {
  const even = installedBase(
    regions.map((region) => ({ model: 'KX-500', region, from: '2025-01-01', units: 1000 })),
  )
  const cases = regions.flatMap((region, index) =>
    Array.from({ length: index === 0 ? 30 : index === 5 ? 10 : 1 }, (): Told => ({ onDay: 1, region })),
  )
  const others = Array.from(
    { length: 30 },
    (_, index): Told => ({ onDay: 1, region: 'R-1', fault: `E-${index}` }),
  )
  const options = { installedBase: even, usualRatio: 1, falseAlarms: 0.99 }
  const placesOf = (told: readonly Told[]): unknown =>
    found(told, options).map(({ finding }) => finding.numbers.regions)

  it('has to be as clear as the first: among many faults less is by chance than among one', () => {
    expect(placesOf(cases)).toEqual([['R-0'], ['R-5']])
    expect(placesOf([...cases, ...others])).toEqual([['R-0']])
  })
})
