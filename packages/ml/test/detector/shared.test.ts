import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaseRing, emptyCaseRing } from '../../src/detector/case-ring.js'
import { day, instantOf, monthOf } from '../../src/detector/instant.js'
import { KeyIndex } from '../../src/detector/key-index.js'
import { emptyLastUsed, LastUsed } from '../../src/detector/last-used.js'

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
    told.map(([unit, fault, onDay]) => ring.open(unit, fault, onDay * day))

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
        const keys: string[] = []
        const index = new KeyIndex(keys)
        const model = new Map<string, number>()
        for (const { key, place } of steps) {
          const before = keys[place]
          if (before !== undefined) {
            index.remove(place)
            if (model.get(before) === place) model.delete(before)
          }
          keys[place] = `S-${key}`
          index.put(place)
          model.set(`S-${key}`, place)
        }
        for (let key = 0; key <= 400; key++) expect(index.find(`S-${key}`)).toBe(model.get(`S-${key}`) ?? -1)
      }),
      { numRuns: 20 },
    )
  })
})
