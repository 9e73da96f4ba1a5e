import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenIds } from '../../src/read/seen-ids.js'

/** So few that nearly all ids meet in one bucket, and many have the same hash. */
const poorHash = (id: string): number => id.length % 3

it('knows the ids of the latest additions and no others, whatever their hashes are', () => {
  const id = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.string({ maxLength: 300 }))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.array(id, { maxLength: 120 }), (limit, ids) => {
      const seen = new SeenIds(limit)
      for (const [index, added] of ids.entries()) {
        seen.add(added, poorHash(added))
        const latest = new Set(limit === 0 ? [] : ids.slice(0, index + 1).slice(-limit))
        for (const asked of ids) expect(seen.has(asked, poorHash(asked))).toBe(latest.has(asked))
      }
    }),
  )
})

it.each([1, 1023, 1024, 1025, 5000, 100_000])('keeps %i through all that it grows by', (limit) => {
  const seen = new SeenIds(limit)
  const hashOf = (number: number): number => Math.imul(number, 0x9e3779b1) >>> 0
  const total = 2 * limit + 3000
  for (let number = 0; number < total; number += 1) {
    seen.add(`message-${number}`, hashOf(number))
    const oldest = number - limit + 1
    expect(seen.has(`message-${number}`, hashOf(number))).toBe(true)
    expect(seen.has(`message-${oldest}`, hashOf(oldest))).toBe(oldest >= 0)
    expect(seen.has(`message-${oldest - 1}`, hashOf(oldest - 1))).toBe(false)
  }
})

it('keeps them when ids grow longer after the ring has gone round', () => {
  const limit = 300
  const seen = new SeenIds(limit)
  const ids = Array.from(
    { length: 3000 },
    (_, number) => `${'\u4e00'.repeat(number < 2000 ? 20 : 200)}-${number}`,
  )
  for (const [number, id] of ids.entries()) {
    seen.add(id, number)
    if (number % 50 > 0 && number % 50 < 48) continue
    for (const [other, asked] of ids.entries())
      expect(seen.has(asked, other), `${other} after ${number}`).toBe(
        other <= number && other > number - limit,
      )
  }
})

it('has seen nothing at first', () => {
  expect(new SeenIds(10).has('', 0)).toBe(false)
})
