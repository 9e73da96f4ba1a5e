import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Held, InHand } from '../../src/read/in-hand.js'
import type { Delivery } from '../../src/read/shard-channel.js'

it('finds what is in it and nothing else, also where hashes meet', () => {
  // Nothing of it is read here.
  const delivery = {} as Delivery
  const step = fc.record({ id: fc.integer({ min: 0, max: 12 }).map(String), goes: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.constantFrom(1, 2, 7), (steps, expected) => {
      const inHand = new InHand(expected)
      const model = new Map<string, Held>()
      for (const { id, goes } of steps) {
        const hash = Number(id) % 5
        const there = model.get(id)
        if (goes && there !== undefined) {
          expect(inHand.delete(there)).toBe(true)
          expect(inHand.delete(there)).toBe(false)
          model.delete(id)
        } else if (there === undefined) {
          const held = new Held({ id, key: 'k', body: Buffer.alloc(0) }, hash, delivery)
          inHand.add(held)
          model.set(id, held)
        }
        for (let other = 0; other <= 12; other += 1)
          expect(inHand.find(String(other), other % 5)).toBe(model.get(String(other)))
      }
    }),
  )
})
