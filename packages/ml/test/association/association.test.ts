import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import { detectorContract } from '@andon/testkit/vitest'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssociationOptions, type AssociationState, association } from '../../src/index.js'
import { refusedBy } from '../support/refused.js'
import { resumesAnywhere } from '../support/resumes-anywhere.js'
import { badBatch, fleet } from './fleet.js'

const day = 86_400_000

interface Told {
  readonly fault: string
  readonly mainboard?: string
  readonly line?: string
  readonly firmware?: string
  readonly model?: string
  readonly onDay?: number
  readonly unit?: string
}

function feedbackOf(index: number, told: Told): FeedbackRecord {
  const at = new Date(sampleStart + (told.onDay ?? 0) * day + index * 1000).toISOString()
  const { batchNumber: _, componentBatches: __, ...sample } = sampleFeedback(index)
  return {
    ...sample,
    serialNumber: told.unit ?? `S-${index}`,
    productModel: told.model ?? 'KX-500',
    faultCode: { catalog: 'andon', code: told.fault },
    receivedAt: at,
    lastOccurrenceTime: at,
    ...(told.mainboard === undefined ? {} : { componentBatches: { mainboard: told.mainboard } }),
    ...(told.line === undefined ? {} : { productionSite: { plant: 'P1', line: told.line } }),
    ...(told.firmware === undefined ? {} : { attributes: { firmware: told.firmware } }),
  }
}

const streamOf = (told: readonly Told[]): FeedbackRecord[] => told.map((one, index) => feedbackOf(index, one))

/** `count` cases, of which every `nth` is of the fault. */
const cases = (count: number, nth: number, told: Omit<Told, 'fault'>, fault = 'E-DISP'): Told[] =>
  Array.from({ length: count }, (_, index) => ({
    ...told,
    fault: index % nth === 0 ? fault : `E-${index % 7}`,
  }))

/** All of them in turn, so that the end is as the beginning. */
const mixed = (...groups: readonly Told[][]): Told[] =>
  groups
    .flatMap((group) => group.map((told, index) => ({ told, at: index / group.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ told }) => told)

interface Ran {
  readonly findings: readonly Finding[]
  readonly state: AssociationState
}

function run(stream: readonly FeedbackRecord[], options: AssociationOptions = {}): Ran {
  const detector = association(options)
  const state = detector.init()
  const findings = stream.flatMap((feedback) =>
    detector.observe(state, [feedback], new Date(feedback.receivedAt)),
  )
  return { findings, state }
}

const keysOf = ({ findings }: Ran): readonly string[] => [...new Set(findings.map(({ key }) => key))]

const strong = fleet(3, 500, { lift: 8 })

detectorContract(() => ({ detector: association(), stream: strong }))

describe('a fault that comes with a batch', () => {
  it('is told with its numbers, in a plain sentence of both languages', () => {
    const [first] = run(strong).findings
    expect(first?.key).toBe(`["association","E-DISP",["component","mainboard","${badBatch}"]]`)
    expect(first?.title.en).toMatch(
      /^E-DISP comes with mainboard batch M-7a \d+\.\d times as often as by chance, at least \d+\.\d times \(\d+ cases where \d+\.\d were expected\)/,
    )
    expect(first?.title.zh).toMatch(/^E-DISP 与 mainboard 批次 M-7a 同时出现的次数是偶然情形的 \d+\.\d 倍/)
    expect(first?.numbers.eb05).toBeGreaterThanOrEqual(2)
    expect(first?.numbers.goesAway).toHaveProperty('zh')
    expect(Number(first?.numbers.casesToClear)).toBeGreaterThan(0)
  })

  it('names the cases with both, and only those', () => {
    const [first] = run(strong).findings
    const both = strong.filter(
      ({ faultCode, componentBatches }) =>
        faultCode?.code === 'E-DISP' && componentBatches?.mainboard === badBatch,
    )
    expect(first?.feedbackIds).toHaveLength(Number(first?.numbers.cases))
    const ids = new Set(both.map(({ feedbackId }) => feedbackId))
    expect(first?.feedbackIds.every((id) => ids.has(id))).toBe(true)
  })

  it('is one problem, told again only with twice as many cases', () => {
    const ran = run(fleet(5, 6000, { lift: 6 }))
    expect(keysOf(ran)).toHaveLength(1)
    const counts = ran.findings.map(({ numbers }) => Number(numbers.cases))
    expect(counts.length).toBeGreaterThan(1)
    for (const [index, count] of counts.slice(1).entries())
      expect(count).toBeGreaterThanOrEqual(2 * (counts[index] ?? 0))
  })

  it('is not told when enough other cases of the batch have come', () => {
    const bad = cases(60, 3, { mainboard: 'M-7' })
    const good = cases(600, 20, { mainboard: 'M-1' })
    expect(run(streamOf(mixed(bad, good))).findings.at(-1)?.numbers.casesToClear).toBeGreaterThan(0)
    const others = cases(90, 20, { mainboard: 'M-7' })
    expect(run(streamOf(mixed(bad, others, good))).findings).toEqual([])
  })
})

describe('what merely goes with the batch', () => {
  it('is not blamed: line L2 builds most of the bad mainboards in, and good ones as well', () => {
    const ran = run(
      streamOf(
        mixed(
          cases(80, 2, { mainboard: 'M-7', line: 'L2' }),
          cases(20, 2, { mainboard: 'M-7', line: 'L1' }),
          cases(100, 20, { mainboard: 'M-1', line: 'L2' }),
          cases(800, 20, { mainboard: 'M-1', line: 'L1' }),
        ),
      ),
    )
    expect(keysOf(ran)).toEqual(['["association","E-DISP",["component","mainboard","M-7"]]'])
  })

  it('is named beside it where the cases are the same, and the part comes before the line', () => {
    const ran = run(
      streamOf(
        mixed(
          cases(80, 2, { mainboard: 'M-7', line: 'L2' }),
          cases(900, 20, { mainboard: 'M-1', line: 'L1' }),
        ),
      ),
    )
    expect(ran.findings[0]?.numbers).toMatchObject({
      attributes: [{ group: 'component', name: 'mainboard', value: 'M-7' }],
      alike: [{ group: 'line', value: 'P1 L2' }],
    })
    expect(ran.findings[0]?.title.en).toContain('; the same cases have line P1 L2')
  })
})

describe('a large known defect', () => {
  it('does not hide a smaller one of the same fault', () => {
    const ran = run(
      streamOf(
        mixed(
          cases(400, 2, { mainboard: 'M-7', firmware: '1' }),
          cases(60, 3, { mainboard: 'M-1', firmware: '2' }),
          cases(900, 30, { mainboard: 'M-1', firmware: '1' }),
        ),
      ),
    )
    expect(keysOf(ran)).toEqual([
      '["association","E-DISP",["component","mainboard","M-7"]]',
      '["association","E-DISP",["attribute","firmware","2"]]',
    ])
  })
})

describe('cases', () => {
  it('that do not tell a batch are not held against it: technicians write it down with displays only', () => {
    const told = mixed(cases(300, 1, { mainboard: 'M-7' }), cases(900, 20, {}))
    expect(run(streamOf(told)).findings).toEqual([])
  })

  it('are compared with those of the same model: displays of another model fail anyway', () => {
    const told = mixed(
      cases(300, 2, { mainboard: 'M-7', model: 'KX-1' }),
      cases(900, 20, { mainboard: 'M-1', model: 'KX-2' }),
    )
    expect(run(streamOf(told)).findings).toEqual([])
  })

  it('are compared with those of the same month: in summer all of them fail', () => {
    const told = [
      ...cases(600, 20, { mainboard: 'M-1', onDay: 0 }),
      ...cases(300, 2, { mainboard: 'M-7', onDay: 200 }),
    ]
    expect(run(streamOf(told)).findings).toEqual([])
  })

  it('that are told twice count once', () => {
    expect(run(strong.flatMap((feedback) => [feedback, feedback])).findings).toEqual(run(strong).findings)
  })

  it('are one when a unit tells of the same fault again within three weeks', () => {
    const told = mixed(
      Array.from({ length: 60 }, (): Told => ({ fault: 'E-DISP', mainboard: 'M-7', unit: 'S' })),
      cases(600, 20, { mainboard: 'M-1' }),
    )
    expect(run(streamOf(told)).findings).toEqual([])
    expect(run(streamOf(told)).state.cases.count).toBe(601)
  })

  it('with names that objects know already do no harm', () => {
    const words = ['__proto__', 'constructor', 'toString', '7']
    const told = mixed(
      ...words.map((word) => cases(60, 3, { mainboard: word, firmware: word, model: word }, word)),
    )
    expect(run(streamOf(told)).state.attributeNames.values.toSorted()).toEqual(
      [...words, ...words].toSorted(),
    )
  })
})

describe('a combination', () => {
  /** 20 % of units have firmware 2, 20 % mainboard B; displays fail when both come together. */
  const both = mixed(
    cases(80, 2, { mainboard: 'B', firmware: '2' }),
    cases(420, 21, { mainboard: 'B', firmware: '1' }),
    cases(420, 21, { mainboard: 'A', firmware: '2' }),
    cases(1300, 21, { mainboard: 'A', firmware: '1' }),
  )

  it('that no single attribute explains is told as one', () => {
    const ran = run(streamOf(both))
    expect(keysOf(ran)).toEqual([
      '["association","E-DISP",["attribute","firmware","2"],["component","mainboard","B"]]',
    ])
    const numbers = ran.findings[0]?.numbers
    expect(Number(numbers?.cases)).toBeGreaterThan(2 * Number(numbers?.expectedByParts))
    expect(ran.findings[0]?.title.en).toMatch(/^E-DISP comes with firmware 2 and mainboard batch B /)
  })

  it('is not looked for on request', () => {
    expect(run(streamOf(both), { patterns: false }).findings).toEqual([])
  })

  it('whose one part does it all is told as that part', () => {
    const told = mixed(
      cases(100, 2, { mainboard: 'B', firmware: '2' }),
      cases(100, 2, { mainboard: 'B', firmware: '1' }),
      cases(900, 21, { mainboard: 'A', firmware: '2' }),
      cases(900, 21, { mainboard: 'A', firmware: '1' }),
    )
    expect(keysOf(run(streamOf(told)))).toEqual(['["association","E-DISP",["component","mainboard","B"]]'])
  })

  it('within a batch is named: above all with a firmware', () => {
    const told = mixed(
      cases(200, 1, { mainboard: 'B', firmware: '2' }),
      cases(500, 25, { mainboard: 'B', firmware: '1' }),
      cases(900, 30, { mainboard: 'A', firmware: '2' }),
      cases(3500, 30, { mainboard: 'A', firmware: '1' }),
    )
    const last = run(streamOf(told)).findings.at(-1)
    expect(last?.numbers).toMatchObject({
      attributes: [{ name: 'mainboard', value: 'B' }],
      aboveAll: [{ name: 'firmware', value: '2' }],
    })
    expect(last?.title.en).toContain(', above all with firmware 2')
  })
})

describe('its memory', () => {
  it('has a limit: the latest cases are found among, and the finding says how many are forgotten', () => {
    const { findings, state } = run(fleet(11, 3000, { lift: 8 }), { mostCases: 800 })
    expect(state.ids).toHaveLength(800)
    expect(state.attributes).toHaveLength(800 * 16)
    expect(Number(findings.at(-1)?.numbers.forgottenCases)).toBeGreaterThan(0)
  })

  it('has a limit for the attributes of a case', () => {
    const { state } = run(strong, { mostAttributes: 2 })
    expect(state.attributes).toHaveLength(2 * state.ids.length)
    expect(state.attributeNames.kinds.map(({ group }) => group)).toContain('batch')
  })

  it('forgets names that no case has any longer, and finds the same', () => {
    const stream = fleet(11, 3000, { lift: 8 })
    const detector = association({ mostCases: 500 })
    const [kept, forgetting] = [detector.init(), detector.init()]
    const found = stream.map((feedback, index) => {
      if (index % 500 === 0) forgetting.mostNames = 0
      const at = new Date(feedback.receivedAt)
      return [detector.observe(kept, [feedback], at), detector.observe(forgetting, [feedback], at)]
    })
    for (const [one, other] of found) expect(other).toEqual(one)
    expect(found.flat(2).length).toBeGreaterThan(0)
    expect(forgetting.attributeNames.values.length).toBeLessThan(kept.attributeNames.values.length)
  })

  it('is in its state alone: killed and resumed anywhere it finds the same', () => {
    resumesAnywhere(association({ mostCases: 400 }), fleet(7, 900, { lift: 8 }), 20)
  })

  it('finds the batch in whatever order the cases arrive', () => {
    const shuffled = fc.shuffledSubarray(strong, { minLength: strong.length, maxLength: strong.length })
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(keysOf(run(order))).toEqual(keysOf(run(strong)))
      }),
      { numRuns: 10 },
    )
  })
})

describe('options', () => {
  it('that cannot be are refused by name', () => {
    expect(refusedBy(() => association({ limit: 0 }))).toBe('association.limit')
    expect(refusedBy(() => association({ mostCases: 10 }))).toBe('association.mostCases')
    expect(refusedBy(() => association(JSON.parse('{"batches":true}')))).toBe('association.batches')
  })
})
