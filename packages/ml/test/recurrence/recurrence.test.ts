import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import { detectorContract } from '@andon/testkit/vitest'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RecurrenceOptions, type RecurrenceState, recurrence } from '../../src/index.js'
import { refusedBy } from '../support/refused.js'
import { resumesAnywhere } from '../support/resumes-anywhere.js'

const day = 86_400_000

interface Told {
  readonly unit: string | undefined
  readonly onDay: number
  readonly fault?: string
  readonly byTechnician?: boolean
}

/** Feedback in the order in which it arrives: on the day on which it happened. */
const feedbackOf = (
  index: number,
  { unit, onDay, fault = 'E-COOL-01', byTechnician }: Told,
): FeedbackRecord => {
  const at = new Date(sampleStart + onDay * day).toISOString()
  const { serialNumber: _, ...sample } = sampleFeedback(index, {
    receivedAt: at,
    lastOccurrenceTime: at,
    faultCode: { catalog: 'andon', code: fault },
    ...(byTechnician === true ? { channel: 'field-service', customerRole: 'technician' } : {}),
  })
  return unit === undefined ? sample : { ...sample, serialNumber: unit }
}

const streamOf = (told: readonly Told[]): FeedbackRecord[] => told.map((one, index) => feedbackOf(index, one))

/** 60 units fail, one a day, and are repaired; every third comes back after sixty days. */
const comingBack = (every: number): Told[] =>
  Array.from({ length: 60 }, (_, unit): Told[] => [
    { unit: `S-${unit}`, onDay: unit },
    ...(unit % every === 0 ? [{ unit: `S-${unit}`, onDay: unit + 60 }] : []),
  ])
    .flat()
    .sort((a, b) => a.onDay - b.onDay)

interface Ran {
  readonly findings: readonly Finding[]
  readonly state: RecurrenceState
}

function run(stream: readonly FeedbackRecord[], options: RecurrenceOptions = {}): Ran {
  const detector = recurrence(options)
  const state = detector.init()
  const findings = stream.flatMap((feedback) =>
    detector.observe(state, [feedback], new Date(feedback.receivedAt)),
  )
  return { findings, state }
}

const levels = ({ findings }: Ran): readonly unknown[] => findings.map(({ numbers }) => numbers.level)

detectorContract(() => ({ detector: recurrence(), stream: streamOf(comingBack(3)) }))

describe('a fault that comes back', () => {
  it('on a third of the repaired units is confirmed, in a plain sentence of both languages', () => {
    const { findings } = run(streamOf(comingBack(3)))
    const last = findings.at(-1)
    expect(last?.numbers).toMatchObject({ level: 'confirmed', basis: 'serial number', units: 60 })
    expect(last?.numbers.lower).toBeGreaterThan(0.15)
    expect(last?.key).toBe('["recurrence","KX-500","E-COOL-01"]')
    expect(last?.title.en).toMatch(
      /^KX-500: E-COOL-01 comes back on \d+\.\d % of repaired units within \d+ days, on/,
    )
    expect(last?.title.zh).toMatch(/^KX-500：E-COOL-01 在维修后 \d+ 天内于 \d+\.\d% 的产品上复发，至少/)
    expect(last?.numbers.goesAway).toHaveProperty('zh')
  })

  it('on one in twenty is nothing', () => {
    expect(run(streamOf(comingBack(20))).findings).toEqual([])
  })

  it('names the reports that say that it is back, and only those', () => {
    const stream = streamOf(comingBack(3))
    const last = run(stream).findings.at(-1)
    const back = new Set(
      stream
        .filter(({ receivedAt }, index) => {
          const unit = stream[index]?.serialNumber
          return stream.some((other) => other.serialNumber === unit && other.receivedAt < receivedAt)
        })
        .map(({ feedbackId }) => feedbackId),
    )
    expect(last?.feedbackIds.length).toBe(last?.numbers.recurrences)
    expect(last?.feedbackIds.every((id) => back.has(id))).toBe(true)
  })

  it('is one problem with one key, told again only when it is worse', () => {
    const { findings } = run(streamOf(comingBack(2)))
    expect(new Set(findings.map(({ key }) => key)).size).toBe(1)
    const confirmed = findings.filter(({ numbers }) => numbers.level === 'confirmed')
    const counts = confirmed.map(({ numbers }) => Number(numbers.recurrences))
    for (const [index, count] of counts.slice(1).entries())
      expect(count).toBeGreaterThanOrEqual(2 * (counts[index] ?? 0))
  })

  it('is not hidden by many fresh repairs, as it is from the crude share', () => {
    const old = comingBack(4)
    const fresh = Array.from({ length: 60 }, (_, unit): Told => ({ unit: `N-${unit}`, onDay: 100 }))
    const late = [{ unit: 'S-59', onDay: 130 }]
    const { findings } = run(streamOf([...[...old, ...fresh].sort((a, b) => a.onDay - b.onDay), ...late]), {
      leastRecurrences: 16,
      watch: true,
    })
    const numbers = findings[0]?.numbers
    expect(Number(numbers?.crude)).toBeLessThan(0.15)
    expect(Number(numbers?.rate)).toBeGreaterThan(0.2)
  })
})

describe('a rate above the limit with a lower end below it', () => {
  it('is told only on request, and again when it is confirmed', () => {
    const few = streamOf(comingBack(3))
    expect(levels(run(few))).not.toContain('watch')
    expect(levels(run(few, { watch: true })).slice(0, 2)).toEqual(['watch', 'confirmed'])
  })
})

describe('a case', () => {
  const backOf = (told: readonly Told[]): number => run(streamOf(told)).state.faults[0]?.backCount ?? 0

  it('is one however often it is told within three weeks', () => {
    expect(backOf([0, 3, 10, 20].map((onDay) => ({ unit: 'S', onDay })))).toBe(0)
    expect(backOf([0, 3, 10, 22].map((onDay) => ({ unit: 'S', onDay })))).toBe(1)
  })

  it('ends with the technician: what is reported the next day is a recurrence', () => {
    const repaired = { unit: 'S', onDay: 4, byTechnician: true }
    expect(backOf([{ unit: 'S', onDay: 0 }, repaired, { unit: 'S', onDay: 4.5 }])).toBe(0)
    expect(backOf([{ unit: 'S', onDay: 0 }, repaired, { unit: 'S', onDay: 6 }])).toBe(1)
  })

  it('waits for a technician who comes late', () => {
    expect(
      backOf([
        { unit: 'S', onDay: 0 },
        { unit: 'S', onDay: 40, byTechnician: true },
      ]),
    ).toBe(0)
  })

  it('belongs to one unit and one fault', () => {
    expect(
      backOf([
        { unit: 'S', onDay: 0 },
        { unit: 'T', onDay: 60 },
      ]),
    ).toBe(0)
    expect(
      backOf([
        { unit: 'S', onDay: 0 },
        { unit: 'S', onDay: 60, fault: 'E-NOISE' },
      ]),
    ).toBe(0)
  })
})

describe('feedback', () => {
  it('that is told twice counts once', () => {
    const stream = streamOf(comingBack(3))
    expect(run(stream.flatMap((feedback) => [feedback, feedback])).findings).toEqual(run(stream).findings)
  })

  it('that comes late is put where it belongs', () => {
    const stream = streamOf(
      [...Array(12).keys()].flatMap((unit) => [0, 60].map((onDay) => ({ unit: `S-${unit}`, onDay }))),
    )
    const arrival = new Date(sampleStart + 100 * day).toISOString()
    const shuffled = fc.shuffledSubarray(stream, { minLength: stream.length, maxLength: stream.length })
    const unitsOf = ({ state: { units } }: Ran): unknown =>
      units.keys.map((key, place): unknown => [key, units.several[place]]).sort()
    const all = stream.map((feedback) => ({ ...feedback, receivedAt: arrival }))
    fc.assert(
      fc.property(shuffled, (order) => {
        const late = order.map((feedback) => ({ ...feedback, receivedAt: arrival }))
        expect(unitsOf(run(late))).toEqual(unitsOf(run(all)))
        expect(run(late).findings.at(-1)?.numbers.level).toBe('confirmed')
      }),
      { numRuns: 20 },
    )
  })

  it('with a date that is a typing error counts at its arrival', () => {
    const typed = streamOf([...Array(12).keys()].map((unit) => ({ unit: `S-${unit}`, onDay: 10 }))).map(
      (feedback) => ({
        ...feedback,
        lastOccurrenceTime: '1919-01-01T00:00:00.000Z',
      }),
    )
    const again = streamOf(
      [...Array(24).keys()].map((unit) => ({ unit: `S-${unit % 12}`, onDay: 12 })),
    ).slice(12)
    expect(run([...typed, ...again]).findings).toEqual([])
  })

  it('without serial numbers is watched by its share, and the finding says so', () => {
    const stream = streamOf(
      Array.from({ length: 200 }, (_, index) => ({
        unit: undefined,
        onDay: index,
        fault: index % 2 === 0 ? 'E-COOL-01' : `E-${index % 21}`,
      })),
    )
    const ran = run(stream)
    expect(levels(ran)).toEqual(['watch'])
    expect(ran.findings[0]?.numbers.basis).toBe('share of reports without a serial number')
    expect(ran.findings[0]?.title.en).toContain('cannot be told without serial numbers')
  })

  it('with names that objects know already does no harm', () => {
    const told = ['__proto__', 'constructor', '7', 'toString'].flatMap((unit) => [
      { unit, onDay: 0, fault: '__proto__' },
      { unit, onDay: 60, fault: '__proto__' },
    ])
    const { state } = run(streamOf(told))
    expect(state.faults[0]).toMatchObject({ backCount: 4 })
    expect(state.faults[0]?.units).toBe(4)
  })
})

describe('its memory', () => {
  it('has a limit for units: those first reported last stay, and findings say how many are forgotten', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ unit: `S-${index}`, onDay: index }))
    const stream = streamOf(many)
    const { state } = run(stream, { mostUnits: 10 })
    expect(state.faults).toMatchObject([{ units: 10, forgotten: 40 }])
    expect(state.units.ids.toSorted()).toEqual(stream.slice(-10).map(({ feedbackId }) => feedbackId))
  })

  it('forgets a fault with its last unit', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({
      unit: `S-${index}`,
      onDay: index,
      fault: `E-${index}`,
    }))
    const { faults } = run(streamOf(many), { mostUnits: 7 }).state
    const kept = faults.flatMap((fault) => (fault === null ? [] : [fault.fault]))
    expect(kept.toSorted()).toEqual(many.slice(-7).map(({ fault }) => fault))
    expect(faults.length).toBeLessThanOrEqual(8)
  })

  it('has a limit for models and faults of reports without serial numbers', () => {
    const many = [...Array(150).keys()].map((onDay) => ({ unit: undefined, onDay, fault: `E-${onDay}` }))
    expect(run(streamOf(many)).state.nameless.models[0]?.faults).toHaveLength(100)
    const models = streamOf(many).map((feedback, index) => ({ ...feedback, productModel: `KX-${index}` }))
    expect(run(models, { mostModels: 9 }).state.nameless.models).toHaveLength(9)
  })

  it('counts what it keeps, whatever comes', () => {
    const told = fc.record({
      unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fault: fc.constantFrom('E-1', 'E-2', 'E-3'),
      onDay: fc.integer({ min: 0, max: 100 }),
      byTechnician: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), (all) => {
        const { state } = run(streamOf([...all].sort((a, b) => a.onDay - b.onDay)), { mostUnits: 4 })
        const { units, faults } = state
        expect(units.keys.length).toBeLessThanOrEqual(4)
        for (const [place, fault] of faults.entries()) {
          const its = units.fault.filter((of) => of === place).length
          expect(fault?.units ?? 0).toBe(its)
          if (fault === null) continue
          expect(fault.backCount).toBeLessThanOrEqual(its)
          expect(fault.backCount).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('is in its state alone: killed and resumed anywhere it finds the same', () => {
    resumesAnywhere(recurrence({ mostUnits: 40 }), streamOf([...comingBack(2), ...comingBack(3)]))
  })

  it('refuses a limit that is none', () => {
    expect(refusedBy(() => recurrence({ limit: 1 }))).toBe('recurrence.limit')
    expect(refusedBy(() => recurrence(JSON.parse('{"threshold":0.2}')))).toBe('recurrence.threshold')
  })
})
