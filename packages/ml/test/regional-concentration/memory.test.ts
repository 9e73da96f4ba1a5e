import { describe, expect, it } from 'vitest'
import { faultsOf, later, run, streamOf, turns } from './told-streams.js'

describe('its memory', () => {
  it('has a limit for faults, regions and cases, and findings say what was not counted', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      onDay: index,
      region: `R-${index % 30}`,
      fault: `E-${index % 20}`,
    }))
    const { state } = run(streamOf(many), { mostFaults: 7, mostCases: 10 })
    expect(state.faults).toHaveLength(7)
    expect(state.cases.keys).toHaveLength(10)
    const few = run(streamOf(many.map((one) => ({ ...one, fault: 'E' }))), { mostRegions: 4 }).state
    expect(few.regions).toHaveLength(4)
    expect(few.faults[0]?.uncounted).toBe(52)
  })

  it('gives the place of a region without cases to a new one, and none of its evidence', () => {
    const told = [
      ...turns(14, 'north', 'souht'),
      ...turns(60, 'north').map(later(30)),
      ...turns(20, 'south', 'north').map(later(90)),
    ]
    const { state } = run(streamOf(told), { mostRegions: 2, windowDays: 28 })
    expect(state.regions).toEqual(['north', 'south'])
    const [fault] = faultsOf({ state })
    expect(fault?.idRegions.filter((region) => region === 1)).toHaveLength(10)
    expect(fault?.idRegions.filter((region) => region === -1)).toHaveLength(7)
  })

  it('forgets what is older than its window', () => {
    const faults = faultsOf(run(streamOf(turns(300, 'north', 'south')), { windowDays: 70 }))
    const weeks = faults.flatMap(({ cells }) => cells.map((cell) => Math.floor(cell / 4096)))
    expect(Math.max(...weeks) - Math.min(...weeks)).toBeLessThanOrEqual(11)
  })
})
