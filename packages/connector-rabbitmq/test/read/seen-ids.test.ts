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

it('has seen nothing at first', () => {
  expect(new SeenIds(10).has('', 0)).toBe(false)
})
