import type { Detector, JsonObject } from '@andon/core/connector'
import { sampleFeedback } from '@andon/testkit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaseLog, emptyCaseLog } from '../../src/detector/case-log.js'
import { CaseRing, emptyCaseRing } from '../../src/detector/case-ring.js'
import { day, instantOf, monthOf } from '../../src/detector/instant.js'
import { keyOf, keyOfPair } from '../../src/detector/key.js'
import { KeyIndex } from '../../src/detector/key-index.js'
import { emptyLastUsed, LastUsed } from '../../src/detector/last-used.js'
import { readingsOf } from '../../src/detector/reading.js'
import { association, emergingIssue, recurrence, regionalConcentration } from '../../src/index.js'

const copied = <T>(state: T): T => JSON.parse(JSON.stringify(state))

describe('an instant of a record', () => {
  it('is read as Date.parse reads it, in every year of four digits', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (at) => instantOf(at.toISOString()) === at.getTime()),
      { numRuns: 2000 },
    )
  })

  it('is of the month that the calendar says, counted from the year 0', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(date, (at) => monthOf(at.getTime()) === at.getUTCFullYear() * 12 + at.getUTCMonth()),
      { numRuns: 2000 },
    )
  })
})

describe('cases', () => {
  const opened = (ring: CaseRing, told: readonly [string, string, number][]): number[] =>
    told.map(([unit, fault, onDay]) => ring.open(keyOfPair(keyOf(unit), keyOf(fault)), onDay * day))

  it('are opened once per unit, fault and window, whichever report comes first', () => {
    const ring = new CaseRing(emptyCaseRing(), 10, 21 * day)
    const told: [string, string, number][] = [
      ['S', 'cool', 30],
      ['S', 'cool', 50],
      ['S', 'cool', 10],
      ['S', 'noise', 31],
      ['T', 'cool', 30],
      ['S', 'cool', 52],
      ['S', 'cool', 30],
    ]
    expect(opened(ring, told)).toEqual([0, -1, -1, 1, 2, 3, -1])
  })

  it('are forgotten in the order in which they were opened, and go on from JSON as if nothing had been', () => {
    const told = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
      fc.constantFrom('cool', 'noise'),
      fc.integer({ min: 0, max: 60 }),
    )
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), fc.nat(60), (all, cut) => {
        const state = emptyCaseRing()
        const places = opened(new CaseRing(state, 5, 10 * day), all)
        const kept: { unit: string; fault: string; at: number }[] = []
        const expected = all.map(([unit, fault, at]) => {
          const latest = kept.slice(-5)
          if (latest.some((one) => one.unit === unit && one.fault === fault && Math.abs(one.at - at) <= 10))
            return -1
          kept.push({ unit, fault, at })
          return (kept.length - 1) % 5
        })
        expect(places).toEqual(expected)
        const first = emptyCaseRing()
        const before = opened(new CaseRing(first, 5, 10 * day), all.slice(0, cut))
        const after = opened(new CaseRing(copied(first), 5, 10 * day), all.slice(cut))
        expect([...before, ...after]).toEqual(expected)
      }),
    )
  })
})

describe('places for the keys used last', () => {
  it('are those of a list to whose end each used key moves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 60 }), fc.nat(60), (keys, cut) => {
        let state = emptyLastUsed()
        let places = new LastUsed(state, 4)
        let model: string[] = []
        for (const [index, number] of keys.entries()) {
          if (index === cut) {
            state = copied(state)
            places = new LastUsed(state, 4)
          }
          const key = String(number)
          const place = places.use(key)
          expect(place >= 0).toBe(model.includes(key))
          if (place < 0) places.take(key)
          model = [...model.filter((other) => other !== key), key].slice(-4)
          expect(state.keys.toSorted()).toEqual(model.toSorted())
          expect(state.keys[state.newest]).toBe(key)
          expect(state.keys[state.oldest]).toBe(model[0])
        }
      }),
    )
  })
})

describe('the index of a column', () => {
  it('finds what a Map finds, while keys come, move and go', () => {
    const step = fc.record({ key: fc.nat(400), place: fc.nat(2999) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1500, maxLength: 3000 }), (steps) => {
        const keys: number[] = []
        const index = new KeyIndex(keys)
        const model = new Map<number, number>()
        for (const { key: number, place } of steps) {
          const before = keys[place]
          if (before !== undefined) {
            index.remove(place)
            if (model.get(before) === place) model.delete(before)
          }
          const key = keyOf(`S-${number}`)
          keys[place] = key
          index.put(place)
          model.set(key, place)
        }
        for (let number = 0; number <= 400; number++) {
          const key = keyOf(`S-${number}`)
          expect(index.find(key)).toBe(model.get(key) ?? -1)
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('the key of a text', () => {
  /** Pairs with one value among so many: n²/2 over the number of values, when they are by chance. */
  const sharing = (keys: readonly number[], part: (key: number) => number): number => {
    const parts = Float64Array.from(keys, part).sort()
    return parts.reduce((pairs, one, place) => pairs + (place > 0 && parts[place - 1] === one ? 1 : 0), 0)
  }

  it('is its own among 200,000 serial numbers, ids and pairs alike, and each 32 bits of it are as if drawn', () => {
    const numbers = [...Array(200_000).keys()]
    const kinds = [
      numbers.map((number) => keyOf(`SN26${String(number).padStart(9, '0')}`)),
      numbers.map((number) =>
        keyOf(`0195b0c0-0000-7000-8000-${(number * 977).toString(16).padStart(12, '0')}`),
      ),
      numbers.map((number) => keyOfPair(keyOf(`S-${number >> 5}`), keyOf(`E-${number & 31}`))),
      numbers.map((number) => keyOfPair(keyOf(`${number & 511}`), keyOf(`${number >> 9}`))),
    ]
    for (const keys of kinds) {
      expect(sharing(keys, (key) => key)).toBe(0)
      expect(keys.every((key) => Number.isSafeInteger(key) && key >= 0)).toBe(true)
      // 4.7 are expected; 20 come once in 10^7 times.
      for (const shift of [0, 10, 21])
        expect(sharing(keys, (key) => Math.floor(key / 2 ** shift) % 2 ** 32)).toBeLessThan(20)
    }
  })

  it('knows the order of a pair', () => {
    const [one, other] = [keyOf('one'), keyOf('other')]
    expect(keyOfPair(one, other)).not.toBe(keyOfPair(other, one))
  })
})

describe('the readings of a batch', () => {
  it('are made once for the same feedback, and anew when an array is filled with other', () => {
    const batch = [sampleFeedback(0), sampleFeedback(1)]
    const readings = readingsOf(batch)
    expect(readingsOf(batch)).toBe(readings)
    batch[1] = sampleFeedback(2)
    expect(readingsOf(batch).map(({ feedback }) => feedback)).toEqual(batch)
    expect(readingsOf(batch.slice(0, 1))).toHaveLength(1)
  })
})

describe('a log of cases', () => {
  it('has each counted once, those of a fault in their order, also when it goes on from JSON', () => {
    const cases = fc.array(fc.nat(600), { minLength: 4000, maxLength: 9000 })
    fc.assert(
      fc.property(cases, fc.nat(9000), (faults, cut) => {
        const counted: Record<number, string[]> = {}
        const count = (fault: number, cell: number, id: string): void => {
          counted[fault] = [...(counted[fault] ?? []), `${cell} ${id}`]
        }
        let state = emptyCaseLog()
        let log = new CaseLog(state, count)
        for (const [index, fault] of faults.entries()) {
          if (index === cut) {
            state = copied(state)
            log = new CaseLog(state, count)
          }
          log.add(fault, index % 7, `f-${index}`)
        }
        log.countAll()
        const expected: Record<number, string[]> = {}
        for (const [index, fault] of faults.entries())
          expected[fault] = [...(expected[fault] ?? []), `${index % 7} f-${index}`]
        expect(counted).toEqual(expected)
        expect(state.count).toBe(0)
      }),
      { numRuns: 10 },
    )
  })
})

describe('a memory that another release has saved', () => {
  it('is emptied with an error that says so, once, by every detector', () => {
    for (const detector of [
      recurrence(),
      regionalConcentration(),
      association(),
      emergingIssue(),
    ] as Detector[]) {
      const { layout: _, ...saved } = detector.init() as JsonObject
      const state: JsonObject = {
        ...saved,
        cases: { count: 1, units: ['S-1'], faults: ['E-1'], at: [0], before: [-1] },
      }
      const observe = (): unknown => detector.observe(state, [sampleFeedback(0)], new Date(0))
      expect(observe).toThrow(`The saved memory of the detector ${detector.name} has layout 1`)
      expect(state).toMatchObject(detector.init() as JsonObject)
      expect(observe()).toEqual([])
    }
  })
})
