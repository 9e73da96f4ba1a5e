import { detectorContract } from '@andon/testkit/vitest'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EmergingState, emergingIssue } from '../../src/index.js'
import { randomFrom } from '../../src/scan/random.js'
import { refusedBy } from '../support/refused.js'
import { type Complaint, run, streamOf, type World, world } from './streams.js'

const plant: World = { models: 3, faults: 4, years: 2, perWeek: 14, delay: 10 }
const rising = (from: number, to: number, times: number) => (onDay: number) =>
  onDay >= from && onDay < to ? times : 1
const stepped = streamOf(world(randomFrom(1), { ...plant, times: rising(500, 730, 6) }))
const key = '["emerging","M-0","E-0"]'

detectorContract(() => ({ detector: emergingIssue(), stream: stepped }))

describe('a fault that rises', () => {
  it('is told in a plain sentence of both languages, with what was expected and what would make it go away', () => {
    const [first] = run(stepped).findings
    expect(first?.key).toBe(key)
    expect(first?.title.en).toMatch(
      /^M-0: E-0 is rising: \d+ cases in \d+ days where [\d.]+ were to be expected by .+, [\d.]+ times as many, at least [\d.]+ times\.$/,
    )
    expect(first?.title.zh).toMatch(/^M-0：E-0 正在上升：\d+ 天内 \d+ 例，按.+预期为 [\d.]+ 例，是预期的/)
    expect(first?.numbers).toMatchObject({ windowDays: expect.any(Number), level: expect.any(Number) })
    const numbers = first?.numbers ?? {}
    expect(Number(numbers.ratio)).toBeGreaterThanOrEqual(2)
    expect(Number(numbers.lower)).toBeGreaterThan(1)
    expect(Number(numbers.upper)).toBeGreaterThan(Number(numbers.ratio))
    expect(Number(numbers.pValue)).toBeLessThan(Number(numbers.level))
    expect(Number(numbers.mostToClear)).toBeLessThan(Number(numbers.cases))
    expect(numbers.goesAway).toMatchObject({ zh: expect.stringMatching(/^若 \d+ 天内不超过 \d+ 例/) })
    expect(first?.feedbackIds).toHaveLength(Math.min(50, Number(numbers.cases)))
  })

  it('is found within three months of the rise, and nothing before', () => {
    const { findings } = run(stepped)
    const start = Date.parse(stepped[0]?.receivedAt ?? '')
    const found = (Date.parse(String(findings[0]?.numbers.until)) - start) / 86_400_000
    expect(found).toBeGreaterThan(500)
    expect(found).toBeLessThan(590)
  })

  it('is one problem with one key, told again only at twice the rate', () => {
    const worse = (onDay: number): number => (onDay < 400 ? 1 : onDay < 600 ? 4 : 10)
    const { findings } = run(streamOf(world(randomFrom(2), { ...plant, times: worse })))
    const told = findings.filter((finding) => finding.key === key)
    const rates = told.map(({ numbers }) => Number(numbers.cases) / Number(numbers.windowDays))
    expect(told.length).toBeGreaterThanOrEqual(1)
    expect(told.length).toBeLessThanOrEqual(4)
    for (const [index, rate] of rates.slice(1).entries())
      expect(rate).toBeGreaterThanOrEqual(2 * (rates[index] ?? 0))
  })

  it('that is a fire is watched whatever its fault code says, and is more severe', () => {
    const random = randomFrom(3)
    const quiet = world(random, plant)
    const fires = Array.from({ length: 12 }, (_, index): Complaint => {
      const at = 600 + index * 5
      return { at, told: at + 2, model: 'M-1', fault: `E-${index % 4}`, fire: true }
    })
    const { findings } = run(streamOf([...quiet, ...fires]))
    const fire = findings.find((finding) => finding.key === '["emerging","M-1","safety:fire"]')
    expect(fire).toMatchObject({ severity: 9, title: { zh: expect.stringContaining('起火 正在上升') } })
    expect(fire?.feedbackIds.length).toBe(fire?.numbers.cases)
    expect(run(streamOf([...quiet, ...fires]), { safety: [] }).findings).toEqual([])
  })

  it('of a model that is new is told by what the other models have', () => {
    const quiet = world(randomFrom(4), plant)
    const fresh = Array.from({ length: 60 }, (_, index): Complaint => {
      const at = 500 + index * 2
      return { at, told: at + 2, model: 'N-1', fault: index % 4 > 0 ? 'E-3' : `E-${index % 3}` }
    })
    const { findings } = run(streamOf([...quiet, ...fresh]))
    const told = findings.filter(({ key: of }) => of.includes('N-1'))
    expect(told[0]).toMatchObject({ key: '["emerging","N-1","E-3"]', numbers: { comparison: 'share' } })
  })
})

describe('what is no rise', () => {
  const isQuiet = (complaints: readonly Complaint[]): void =>
    expect(run(streamOf(complaints)).findings).toEqual([])

  it('is a season, however strong, that all models have', () => {
    const volume = (onDay: number): number => (1 + 0.9 * Math.sin((2 * Math.PI * onDay) / 365)) / 1.9
    isQuiet(world(randomFrom(5), { ...plant, years: 4, perWeek: 40, volume }))
  })

  it('is a season of one fault of one model, from its second year on', () => {
    const summer = (onDay: number): number => (onDay % 365 > 150 && onDay % 365 < 240 ? 6 : 1)
    const findings = run(streamOf(world(randomFrom(6), { ...plant, years: 5, times: summer }))).findings
    const start = Date.parse(stepped[0]?.receivedAt ?? '')
    const days = findings.map(({ numbers }) => (Date.parse(String(numbers.until)) - start) / 86_400_000)
    expect(days.every((onDay) => onDay < 2 * 365)).toBe(true)
  })

  it('is a model that sells better: all of its faults grow', () => {
    const random = randomFrom(7)
    const old = world(random, plant)
    const sold = world(random, { ...plant, models: 1, volume: (onDay) => onDay / 730 })
    isQuiet([...old, ...sold.map((one) => ({ ...one, model: 'G-1', fault: one.fault }))])
  })

  it('is a fault that rises in all models alike', () => {
    const random = randomFrom(8)
    const parts = [0, 1, 2, 3].map((model) =>
      world(random, { ...plant, models: 1, times: rising(500, 730, 3) }).map((one) => ({
        ...one,
        model: `M-${model}`,
      })),
    )
    isQuiet(parts.flat())
  })

  it('is one unit that complains again and again', () => {
    const random = randomFrom(9)
    const angry = Array.from(
      { length: 30 },
      (_, index): Complaint => ({
        at: 600 + index / 2,
        told: 600 + index / 2,
        model: 'M-2',
        fault: 'E-3',
        unit: 'S-angry',
      }),
    )
    isQuiet([...world(random, plant), ...angry])
  })
})

describe('a report', () => {
  it('that is told twice counts once', () => {
    expect(run(stepped.flatMap((one) => [one, one])).findings).toEqual(run(stepped).findings)
  })

  it('that comes late is counted when it happened: a pile of old reports is no rise of today', () => {
    const quiet = world(randomFrom(10), plant)
    const late = Array.from(
      { length: 40 },
      (_, index): Complaint => ({ at: 20 + index * 12, told: 700, model: 'M-2', fault: 'E-3' }),
    )
    expect(
      run(streamOf([...quiet, ...late])).findings.filter(({ numbers }) => numbers.windowDays === 28),
    ).toEqual([])
  })

  it('that is still to come is allowed for: what is young is compared with as much as is reported of it', () => {
    const slow = streamOf(world(randomFrom(11), { ...plant, delay: 60, times: rising(500, 730, 8) }))
    const finding = run(slow).findings.find((one) => one.key === key)
    expect(Number(finding?.numbers.reported)).toBeLessThan(0.95)
    expect(Number(finding?.numbers.reported)).toBeGreaterThan(0.2)
  })
})

describe('its state', () => {
  it('killed and resumed anywhere gives the same findings', () => {
    const whole = run(stepped)
    fc.assert(
      fc.property(fc.array(fc.nat(stepped.length), { maxLength: 6 }), (places) => {
        const detector = emergingIssue()
        const cuts = [0, ...places.sort((a, b) => a - b), stepped.length]
        let state: EmergingState = detector.init()
        const findings = cuts.slice(1).flatMap((end, index) => {
          const found = detector.observe(state, stepped.slice(cuts[index], end), new Date(0))
          state = JSON.parse(JSON.stringify(state))
          return found
        })
        expect(findings).toEqual(whole.findings)
        expect(state).toEqual(JSON.parse(JSON.stringify(whole.state)))
      }),
      { numRuns: 30 },
    )
  })

  it('has a limit for faults: those reported last stay, totals with them', () => {
    const many = Array.from(
      { length: 400 },
      (_, index): Complaint => ({ at: index, told: index, model: `M-${index % 50}`, fault: `E-${index}` }),
    )
    const { state } = run(streamOf(many), { mostFaults: 20, mostCases: 30 })
    expect(state.faults.length).toBeLessThanOrEqual(20)
    expect(state.faults.at(-1)?.fault).toBe('E-399')
    expect(state.models.length).toBeLessThanOrEqual(21)
    expect(state.everywhere.length).toBeLessThanOrEqual(21)
    expect(state.cases.keys).toHaveLength(30)
  })

  it('forgets periods that no look asks for', () => {
    const long = Array.from(
      { length: 800 },
      (_, index): Complaint => ({ at: index * 7, told: index * 7, model: 'M', fault: 'E' }),
    )
    expect(run(streamOf(long)).state.faults[0]?.cases.periods.length).toBeLessThan(370)
  })

  it('takes names that objects know already', () => {
    const named = ['__proto__', 'constructor', 'toString'].map(
      (name, index): Complaint => ({ at: index, told: index, model: name, fault: name }),
    )
    expect(run(streamOf(named)).state.faults.map(({ model }) => model)).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ])
  })
})

it('refuses options that are none, naming them', () => {
  expect(refusedBy(() => emergingIssue({ falseAlarms: 0 }))).toBe('emergingIssue.falseAlarms')
  expect(refusedBy(() => emergingIssue(JSON.parse('{"window":3}')))).toBe('emergingIssue.window')
})
