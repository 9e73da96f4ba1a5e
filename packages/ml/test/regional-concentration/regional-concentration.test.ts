import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { detectorContract } from '@andon/testkit/vitest'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type InstalledBase,
  installedBase,
  type RegionalConcentrationOptions,
  type RegionalState,
  regionalConcentration,
} from '../../src/index.js'
import { FaultPlaces } from '../../src/regional-concentration/fault-places.js'
import type { FaultRegions } from '../../src/regional-concentration/regional-state.js'
import { refusedBy } from '../support/refused.js'
import { base, feedbackOf, found, places, regions, type Told, year } from './simulated-regions.js'

const streamOf = (told: readonly Told[]): FeedbackRecord[] =>
  told.map((one, index) => feedbackOf(index, { unit: `S-${index}`, ...one }))

interface Ran {
  readonly findings: readonly Finding[]
  readonly state: RegionalState
}

function run(stream: readonly FeedbackRecord[], options: RegionalConcentrationOptions = {}): Ran {
  const detector = regionalConcentration(options)
  const state = detector.init()
  const findings = stream.flatMap((feedback) =>
    detector.observe(state, [feedback], new Date(feedback.receivedAt)),
  )
  return { findings, state }
}

/** Four regions with 1,000 units each. */
const four: InstalledBase = installedBase(
  ['north', 'east', 'south', 'west'].map((region) => ({
    model: 'KX-500',
    region,
    from: '2025-01-01',
    units: 1000,
  })),
)

/** One case a day in turn; the weights say how many of eight turns are a region's. */
const turns = (days: number, ...regions: readonly string[]): Told[] =>
  Array.from({ length: days }, (_, onDay) => ({ onDay, region: regions[onDay % regions.length] ?? '' }))

const later =
  (days: number): ((told: Told) => Told) =>
  (told) => ({ ...told, onDay: told.onDay + days })

/** The faults when all cases are counted: the latest wait in a log. */
function faultsOf({ state }: Pick<Ran, 'state'>): readonly FaultRegions[] {
  const copy: RegionalState = structuredClone(state)
  new FaultPlaces(copy, 2000, 1000).countAll()
  return copy.faults
}

/** Cases by fault, week and region. */
function tableOf({ state }: Ran): unknown {
  const table: Record<string, number> = {}
  for (const { fault, cells, counts } of faultsOf({ state }))
    for (const [index, cell] of cells.entries()) {
      const key = `${fault} ${Math.floor(cell / 4096)} ${state.regions[cell % 4096]}`
      table[key] = (table[key] ?? 0) + (counts[index] ?? 0)
    }
  return table
}

const concentrated = ['south', 'north', 'south', 'east', 'south', 'west', 'south', 'south']
const fourfold = year(11, 400, [['KX-500', 'E-1']], { planted: { region: 'R-10', times: 4, fromDay: 0 } })

detectorContract(() => ({
  detector: regionalConcentration({ installedBase: base, places }),
  stream: streamOf(fourfold),
}))

describe('a fault of one region, where the installed base is known', () => {
  it('is told in a plain sentence of both languages, with its numbers', () => {
    const { findings } = run(streamOf(turns(120, ...concentrated)), { installedBase: four })
    const [first] = findings
    expect(first?.key).toBe('["region","KX-500","E-RUST","south"]')
    expect(first?.title.en).toMatch(
      /^KX-500: E-RUST is \d\.\d times as frequent in south as elsewhere, per unit in service, \d\.\d times at the very least \(\d+ cases in \d+ days, \d+(\.\d)? expected\)\.$/,
    )
    expect(first?.title.zh).toMatch(
      /^KX-500：E-RUST 按在用台数计，在south的发生率是其他地区的 \d\.\d 倍，至少/,
    )
    expect(first?.numbers).toMatchObject({
      basis: 'installed base',
      regions: ['south'],
      units: 1000,
      unitsElsewhere: 3000,
      limit: 3,
    })
    expect(first?.numbers.goesAway).toHaveProperty('zh')
  })

  it('has the rate and the ratio that a pocket calculator gives', () => {
    const numbers = run(streamOf(turns(120, ...concentrated)), { installedBase: four }).findings[0]?.numbers
    const [cases, elsewhere, days] = [numbers?.cases, numbers?.casesElsewhere, numbers?.days].map(Number)
    expect(numbers?.ratio).toBeCloseTo((3 * (cases ?? 0)) / (elsewhere ?? 0), 12)
    expect(numbers?.ratePerThousand).toBeCloseTo(((cases ?? 0) * 365.25) / (days ?? 0), 9)
    expect(numbers?.ratioToMean).toBeCloseTo((4 * (cases ?? 0)) / ((cases ?? 0) + (elsewhere ?? 0)), 12)
  })

  it('would go away with the cases elsewhere that the finding says', () => {
    const numbers = run(streamOf(turns(120, ...concentrated)), { installedBase: four }).findings[0]?.numbers
    const after = Number(numbers?.casesElsewhere) + Number(numbers?.casesToClear)
    expect((3 * Number(numbers?.cases)) / after).toBeLessThanOrEqual(3)
    expect((3 * Number(numbers?.cases)) / (after - 1)).toBeGreaterThan(3)
  })

  it('is nothing where as many more units are in service', () => {
    const more = installedBase([
      ...['north', 'east', 'west'].map((region) => ({
        model: 'KX-500',
        region,
        from: '2025-01-01',
        units: 1000,
      })),
      { model: 'KX-500', region: 'south', from: '2025-01-01', units: 5000 },
    ])
    expect(run(streamOf(turns(300, ...concentrated)), { installedBase: more }).findings).toEqual([])
  })

  it('is one problem with one key, told again only when it is surer or twice as many', () => {
    const { findings } = run(streamOf(turns(364, ...concentrated)), { installedBase: four })
    expect(findings.length).toBeGreaterThan(1)
    expect(new Set(findings.map(({ key }) => key)).size).toBe(1)
    for (const [index, { numbers }] of findings.slice(1).entries()) {
      const before = findings[index]?.numbers
      const isSurer = before?.level === 'likely' && numbers.level === 'confirmed'
      expect(isSurer || Number(numbers.cases) >= 2 * Number(before?.cases)).toBe(true)
    }
  })

  it('names the reports from there, and only those', () => {
    const stream = streamOf(turns(120, ...concentrated))
    const [first] = run(stream, { installedBase: four }).findings
    const regionOf = new Map(stream.map(({ feedbackId, region }) => [feedbackId, region]))
    expect(first?.feedbackIds.length).toBe(Math.min(50, Number(first?.numbers.cases)))
    expect(first?.feedbackIds.every((id) => regionOf.get(id) === 'south')).toBe(true)
  })

  it('leaves out regions in which no unit is known, and says how many cases those are', () => {
    const told = turns(200, ...concentrated, 'moon')
    const numbers = run(streamOf(told), { installedBase: four }).findings[0]?.numbers
    expect(numbers?.regions).toEqual(['south'])
    expect(Number(numbers?.casesWhereNoUnitIsKnown)).toBeGreaterThan(4)
  })
})

describe('a fault of one region, where the installed base is not known', () => {
  const even = ['north', 'east', 'south', 'west']
  const lately = [...turns(240, ...even), ...turns(100, ...concentrated).map(later(240))]

  it('is told when it has risen more than elsewhere, and the finding says that this is no rate', () => {
    const [first] = run(streamOf([...lately, ...turns(100, ...concentrated).map(later(340))])).findings
    expect(first?.numbers.basis).toBe('own past, the installed base is not known')
    expect(first?.title.en).toContain('has risen')
    expect(first?.title.en).toContain('how many units are in service there is not known')
    expect(first?.numbers.regions).toEqual(['south'])
  })

  it('is nothing where it has always been so', () => {
    expect(run(streamOf(turns(364, ...concentrated))).findings).toEqual([])
  })

  it('is nothing where everything that is said of the model has risen as much: a market that grows', () => {
    const grown = [...lately, ...turns(100, ...concentrated).map(later(340))]
    const all = grown.flatMap((one) => [one, { ...one, fault: 'E-NOISE' }, { ...one, fault: 'E-LEAK' }])
    expect(run(streamOf(grown)).findings.length).toBeGreaterThan(0)
    expect(run(streamOf(all)).findings).toEqual([])
  })

  it('is nothing in a market that has just opened, whenever it does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 330 }), (opening) => {
        const fresh = [
          ...turns(opening, ...even),
          ...turns(360 - opening, 'north', 'island', 'island', 'east', 'south', 'west').map(later(opening)),
        ]
        expect(run(streamOf(fresh)).findings).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

describe('neighbouring regions', () => {
  const cross = ['R-2', 'R-6', 'R-7', 'R-8', 'R-12']
  const even = installedBase(
    regions.map((region) => ({ model: 'KX-500', region, from: '2025-01-01', units: 1000 })),
  )
  /** Nine cases in each region of the cross, one in every other region outside it. */
  const across = regions
    .flatMap((region, index) => Array.from({ length: cross.includes(region) ? 9 : index % 2 }, () => region))
    .map((region, index) => ({ onDay: index / 100, region }))

  it('none of which has enough cases by itself are found together, across their borders', () => {
    const options = { installedBase: even, leastCases: 10 }
    expect(found(across, options)).toEqual([])
    const first = found(across, { ...options, places })[0]
    const numbers = first?.finding.numbers
    expect(new Set([numbers?.regions].flat())).toEqual(new Set(cross))
    expect(numbers).toMatchObject({ cases: 45, units: 5000, unitsElsewhere: 15_000 })
    expect(first?.finding.title.en).toContain('and 1 more region as elsewhere')
  })
})

describe('feedback', () => {
  const told = turns(120, ...concentrated)
  it('that is told twice counts once, and so does a unit that complains again', () => {
    const stream = streamOf(told)
    const again = stream.map((feedback) => ({ ...feedback, feedbackId: `${feedback.feedbackId}-again` }))
    const twice = stream.flatMap((feedback, index) => [feedback, feedback, again[index] ?? feedback])
    expect(tableOf(run(twice))).toEqual(tableOf(run(stream)))
  })

  it('without a serial number counts once for each consumer, and each for itself where he is none', () => {
    const anonymous = streamOf(turns(20, 'north')).map(({ serialNumber: _, ...feedback }) => feedback)
    const countOf = (stream: readonly FeedbackRecord[]): number =>
      faultsOf(run(stream))[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0
    const role = (customerRole: FeedbackRecord['customerRole']): FeedbackRecord[] =>
      anonymous.map((feedback) => ({ ...feedback, customerRef: 'c-1', customerRole }))
    expect(countOf(role('consumer'))).toBe(1)
    expect(countOf(role('dealer'))).toBe(20)
    expect(countOf(anonymous)).toBe(20)
  })

  it('that comes late is put into the week in which it happened', () => {
    const stream = streamOf(told)
    const arrival = stream.at(-1)?.receivedAt ?? ''
    const late = stream.map((feedback) => ({ ...feedback, receivedAt: arrival }))
    const shuffled = fc.shuffledSubarray(late, { minLength: late.length, maxLength: late.length })
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(tableOf(run(order))).toEqual(tableOf(run(stream)))
      }),
      { numRuns: 20 },
    )
  })

  it('without a region is not counted, and names that objects know already do no harm', () => {
    const names = ['__proto__', 'constructor', 'toString', '7']
    const stream = streamOf(
      turns(80, ...names).map((one) => ({ ...one, model: '__proto__', fault: 'constructor' })),
    )
    expect(run(stream).state.regions).toEqual(names)
    const nowhere = stream.map(({ region: _, ...feedback }) => feedback)
    expect(run(nowhere).state.faults).toEqual([])
  })
})

describe('killed at any point and resumed from its state', () => {
  it('it finds what an undisturbed run finds', () => {
    const stream = streamOf(fourfold)
    const options = { installedBase: base, places }
    const undisturbed = run(stream, options)
    expect(undisturbed.findings.length).toBeGreaterThan(0)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(stream.length), { maxLength: 4 }), (cuts) => {
        let detector = regionalConcentration(options)
        let state = detector.init()
        const findings = stream.flatMap((feedback, index) => {
          if (cuts.includes(index)) {
            detector = regionalConcentration(options)
            state = JSON.parse(JSON.stringify(state))
          }
          return detector.observe(state, [feedback], new Date(feedback.receivedAt))
        })
        expect(findings).toEqual(undisturbed.findings)
        expect(state).toEqual(undisturbed.state)
      }),
      { numRuns: 25 },
    )
  })
})

describe('whatever comes', () => {
  const reports = fc.array(
    fc.record({
      region: fc.constantFrom('north', 'east', 'south', 'west', 'moon', undefined),
      fault: fc.constantFrom('E-1', 'E-2'),
      model: fc.constantFrom('KX-500', 'unknown'),
      unit: fc.integer({ min: 0, max: 40 }),
      arrived: fc.integer({ min: 0, max: 500 }),
      before: fc.integer({ min: 0, max: 800 }),
      copies: fc.integer({ min: 1, max: 8 }),
    }),
    { minLength: 10, maxLength: 60 },
  )
  const eager = { limit: 1.001, usualRatio: 1, leastCases: 2, falseAlarms: 0.99 }

  it('in any order and however late, numbers are numbers and cases are counted once, in any batching', () => {
    let told = 0
    fc.assert(
      fc.property(
        reports,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        (all, isKnown, isInOrder, size) => {
          const ordered = isInOrder ? all.toSorted((a, b) => a.arrived - b.arrived) : all
          const stream = ordered.flatMap(({ region, unit, arrived, before, copies, ...about }, index) =>
            Array.from({ length: copies }, (_, copy): FeedbackRecord => {
              const { region: _region, ...feedback } = feedbackOf(10 * index + copy, {
                onDay: arrived,
                region: '',
                unit: `S-${unit}-${copy}`,
                ...about,
              })
              const occurred = new Date(Date.parse(feedback.receivedAt) - before * 86_400_000)
              const placed = { ...feedback, lastOccurrenceTime: occurred.toISOString() }
              return region === undefined ? placed : { ...placed, region }
            }),
          )
          const options = { ...eager, mostFaults: 3, ...(isKnown ? { installedBase: four } : {}) }
          const { findings, state } = run(stream, options)
          told += findings.length
          expect(JSON.parse(JSON.stringify(findings))).toEqual(findings)
          for (const { numbers, feedbackIds } of findings) {
            expect(Number(numbers.lower)).toBeLessThanOrEqual(Number(numbers.ratio ?? numbers.lower))
            expect(new Set(feedbackIds).size).toBe(feedbackIds.length)
          }
          for (const { cells, counts, ids, idRegions } of faultsOf({ state })) {
            expect(counts).toHaveLength(cells.length)
            expect(counts.every((count) => count > 0)).toBe(true)
            expect(idRegions).toHaveLength(ids.length)
          }
          const detector = regionalConcentration(options)
          const batched = detector.init()
          const same: Finding[] = []
          for (let first = 0; first < stream.length; first += size)
            same.push(...detector.observe(batched, stream.slice(first, first + size), new Date(0)))
          expect(same).toEqual(findings)
          expect(batched).toEqual(state)
        },
      ),
      { numRuns: 150 },
    )
    expect(told).toBeGreaterThan(0)
  })
})

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

describe('an installed base', () => {
  it('is read from a table, in any order, from the day of each row on', () => {
    const table = installedBase([
      { model: 'A', region: 'north', from: '2026-03-01', units: 20 },
      { model: 'A', region: 'north', from: '2026-01-01', units: 10 },
    ])
    const unitsOn = (date: string): number | undefined =>
      table.unitsInService({ tenant: 'default', model: 'A', at: new Date(date) })?.get('north')
    expect(['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01'].map(unitsOn)).toEqual([0, 10, 10, 20])
    expect(table.unitsInService({ tenant: 'default', model: 'B', at: new Date() })).toBeUndefined()
  })

  it('is asked for the tenant whose feedback it is', () => {
    const asked = new Set<string>()
    const watched: InstalledBase = {
      unitsInService: (question) => {
        asked.add(question.tenant)
        return four.unitsInService(question)
      },
    }
    run(
      streamOf(turns(30, 'north')).map((feedback) => ({ ...feedback, tenant: 'acme' })),
      { installedBase: watched },
    )
    expect([...asked]).toEqual(['acme'])
  })

  it('that tells negative units, or a row that cannot be, is refused by name', () => {
    const negative: InstalledBase = { unitsInService: () => new Map([['north', -1]]) }
    expect(refusedBy(() => run(streamOf(turns(30, 'north')), { installedBase: negative }))).toBe(
      'regionalConcentration.installedBase.unitsInService',
    )
    expect(refusedBy(() => installedBase([{ model: 'A', region: 'n', from: '1.3.2026', units: 1 }]))).toBe(
      'installedBase.rows.0.from',
    )
    expect(refusedBy(() => installedBase([{ model: 'A', region: 'n', from: '2026-03-01', units: -1 }]))).toBe(
      'installedBase.rows.0.units',
    )
  })

  it('and other options that are none are refused by name', () => {
    expect(refusedBy(() => regionalConcentration({ limit: 1 }))).toBe('regionalConcentration.limit')
    expect(refusedBy(() => regionalConcentration(JSON.parse('{"installedBase":{}}')))).toBe(
      'regionalConcentration.installedBase',
    )
    expect(refusedBy(() => regionalConcentration({ places: { n: { longitude: 200, latitude: 0 } } }))).toBe(
      'regionalConcentration.places.n.longitude',
    )
  })
})
