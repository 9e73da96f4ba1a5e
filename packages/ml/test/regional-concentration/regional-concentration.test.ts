import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { detectorContract } from '@andon/testkit/vitest'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { installedBase, regionalConcentration } from '../../src/index.js'
import { base, feedbackOf, found, places, regions, year } from './simulated-regions.js'
import { faultsOf, four, later, run, streamOf, tableOf, turns } from './told-streams.js'

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

  it('about more than a year ago is counted nowhere, least of all today', () => {
    const old = streamOf(turns(400, ...concentrated)).map((feedback) => ({
      ...feedback,
      lastOccurrenceTime: new Date(Date.parse(feedback.lastOccurrenceTime) - 1000 * 86_400_000).toISOString(),
    }))
    const { findings, state } = run(old, { installedBase: four })
    expect(findings).toEqual([])
    expect(state.faults).toEqual([])
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
