import { detectorContract } from '@andon/testkit/vitest'
import { describe, expect, it } from 'vitest'
import { emergingIssue } from '../../src/index.js'
import { randomFrom } from '../../src/scan/random.js'
import { resumesAnywhere } from '../support/resumes-anywhere.js'
import { type Complaint, run, streamOf, type World, world } from './streams.js'

const plant: World = { models: 3, faults: 4, years: 3, perWeek: 14, delay: 10 }
/** M-0's E-0 is told after its rise on day 500. */
const rising: World = { ...plant, times: (onDay) => (onDay < 500 ? 1 : 6) }
const own = '["emerging","M-0","E-0"]'
const fire = '["emerging","M-0","safety:fire"]'

/** One unit's fire every few days from a day on, reported two days later under some of the faults each. */
const fires = (
  from: number,
  faultsOf: (index: number) => readonly string[],
  { count = 12, every = 5 } = {},
): Complaint[] =>
  Array.from({ length: count }, (_, index) =>
    faultsOf(index).map((fault): Complaint => {
      const at = from + index * every
      return { at, told: at + 2, model: 'M-0', fault, unit: `F-${from}-${index}`, fire: true }
    }),
  ).flat()

const inRisingFault = streamOf([...world(randomFrom(1), rising), ...fires(700, () => ['E-0'])])
const toldOf = (stream: ReturnType<typeof streamOf>) =>
  run(stream).findings.map(({ key, numbers, severity }) => [key, numbers.fault, severity])

detectorContract(() => ({ detector: emergingIssue(), stream: inRisingFault }))

describe('a danger', () => {
  it('whose cases are mostly of a fault that was told is told in its signal, as what has become of it', () => {
    const { findings } = run(inRisingFault)
    const worse = findings.find(({ numbers }) => numbers.fault === 'safety:fire')

    expect(findings[0]).toMatchObject({ key: own, severity: 6, numbers: { fault: 'E-0', within: null } })
    expect(worse).toMatchObject({ key: own, severity: 9 })
    expect(worse?.numbers.within).toEqual({ fault: 'E-0', cases: worse?.numbers.cases })
    expect(worse?.title.en).toMatch(
      /^M-0: E-0 has become worse: fire is rising: \d+ cases in \d+ days .+ times; \d+ of them are cases of E-0, too\.$/,
    )
    expect(worse?.title.zh).toMatch(/^M-0：E-0 加重：起火 正在上升：.+倍；其中 \d+ 例同时属于 E-0。$/)
    expect(findings.map(({ key }) => key)).not.toContain(fire)
  })

  it('is counted to each fault that its unit is reported with, in whatever order', () => {
    const several = ['E-3', 'E-2', 'E-0']
    for (const faults of [several, several.toReversed()]) {
      const stream = streamOf([...world(randomFrom(1), rising), ...fires(700, () => faults)])
      expect(toldOf(stream)).toContainEqual([own, 'safety:fire', 9])
    }
  })

  it('stays a problem of its own when it lies in many faults, though one of them was told', () => {
    const stream = streamOf([...world(randomFrom(1), rising), ...fires(700, (index) => [`E-${index % 4}`])])
    expect(toldOf(stream)).toContainEqual([own, 'E-0', 6])
    expect(toldOf(stream)).toContainEqual([fire, 'safety:fire', 9])
  })

  it('stays one when half of its cases are of a told fault, and not more', () => {
    const stream = streamOf([...world(randomFrom(1), rising), ...fires(700, (index) => [`E-${index % 2}`])])
    expect(toldOf(stream)).toContainEqual([fire, 'safety:fire', 9])
  })

  it('stays one when nothing was told of the fault', () => {
    const stream = streamOf([...world(randomFrom(1), plant), ...fires(700, () => ['E-0'], { count: 6 })])
    expect(toldOf(stream)).toEqual([[fire, 'safety:fire', 9]])
  })

  it('stays one when the fault has been quiet for a year', () => {
    const calm = { ...plant, times: (onDay: number) => (onDay > 300 && onDay < 400 ? 8 : 1) }
    const stream = streamOf([...world(randomFrom(1), calm), ...fires(1000, () => ['E-0'])])
    expect(toldOf(stream)).toContainEqual([own, 'E-0', 6])
    expect(toldOf(stream)).toContainEqual([fire, 'safety:fire', 9])
  })

  it('keeps its own signal when the fault is told later', () => {
    const later = { ...plant, times: (onDay: number) => (onDay < 650 ? 1 : 6) }
    const worse = [
      ...fires(500, (index) => [`E-${index % 4}`]),
      ...fires(780, () => ['E-0'], { count: 60, every: 1 }),
    ]
    const told = toldOf(streamOf([...world(randomFrom(1), later), ...worse]))
    expect(told.filter(([, fault]) => fault === 'E-0')).toContainEqual([own, 'E-0', 6])
    expect(told.filter(([, fault]) => fault === 'safety:fire').length).toBeGreaterThan(1)
    for (const [key, fault] of told) if (fault === 'safety:fire') expect(key).toBe(fire)
  })
})

describe('a fault', () => {
  it('most of whose cases tell of a danger that was told is told in its signal', () => {
    const spread = fires(500, (index) => [`E-${index % 4}`])
    const burning = fires(620, () => ['E-9'], { count: 20 })
    const { findings } = run(streamOf([...world(randomFrom(1), plant), ...spread, ...burning]))
    const part = findings.find(({ numbers }) => numbers.fault === 'E-9')

    expect(findings[0]?.key).toBe(fire)
    expect(part).toMatchObject({ key: fire, severity: 9, numbers: { within: { fault: 'safety:fire' } } })
    expect(part?.title.en).toMatch(/^M-0: fire has become worse: E-9 is rising: .+ cases of fire, too\.$/)
  })
})

describe('what findings of one problem rest on', () => {
  it('is feedback about the time in which it rises, whatever has been told of years ago since', () => {
    const old = Array.from({ length: 60 }, (_, index): Complaint => {
      const told = 900 + index / 10
      return { at: told - 800, told, model: 'M-0', fault: 'E-0' }
    })
    const stream = streamOf([...world(randomFrom(1), { ...rising, perWeek: 4 }), ...old])
    const happened = new Map(stream.map((one) => [one.feedbackId, one.lastOccurrenceTime.slice(0, 10)]))
    const { findings } = run(stream)
    expect(findings.length).toBeGreaterThan(0)
    for (const { feedbackIds, numbers } of findings) {
      expect(feedbackIds.length).toBeGreaterThan(0.9 * Math.min(50, Number(numbers.cases)))
      for (const id of feedbackIds) expect(happened.get(id)?.localeCompare(String(numbers.from))).not.toBe(-1)
    }
  })

  it('is kept for as long as it may be looked at', () => {
    const yearly = Array.from({ length: 12 }, (_, year) =>
      fires(10 + year * 365, () => ['E-0'], { count: 1 }),
    ).flat()
    const { faults } = run(streamOf(yearly)).state
    for (const { dangers } of faults)
      for (const { cases } of dangers) expect(cases.periods.length).toBeLessThanOrEqual(9)
    expect(faults.map(({ dangers }) => dangers.length)).toEqual([1, 0])
  })

  it('survives a stop at any point', () => {
    resumesAnywhere(emergingIssue(), inRisingFault)
  })
})
