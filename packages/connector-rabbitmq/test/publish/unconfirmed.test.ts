import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Unconfirmed } from '../../src/publish/unconfirmed.js'

it('whatever is settled when: the others are known, in their order', () => {
  const step = fc.record({ settles: fc.boolean(), which: fc.nat(), clears: fc.nat(50).map((at) => at === 0) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const sent = new Unconfirmed<{ number: number }>()
      let open: { number: number }[] = []
      let gone: { number: number }[] = []
      for (const { settles, which, clears } of steps) {
        const settled = settles ? open[which % open.length] : undefined
        if (clears) {
          sent.clear()
          gone = [...gone, ...open]
          open = []
        } else if (settled === undefined) {
          // Now and then one that was sent before, over a channel that is lost.
          const item = (which % 3 === 0 ? gone.pop() : undefined) ?? { number: 0 }
          open.push(item)
          sent.add(item)
        } else {
          open = open.filter((one) => one !== settled)
          gone.push(settled)
          expect(sent.settle(settled)).toBe(true)
        }
        for (const one of gone) expect(sent.settle(one)).toBe(false)
        expect(sent.size).toBe(open.length)
        expect(sent.oldest).toBe(open[0])
        expect([...sent]).toEqual(open)
      }
    }),
  )
})

it('goes on with its order through thousands', () => {
  const sent = new Unconfirmed<{ number: number }>()
  const items = Array.from({ length: 5000 }, () => ({ number: 0 }))
  for (const [index, item] of items.entries()) {
    sent.add(item)
    const settled = items[index - 700]
    if (settled !== undefined) expect(sent.settle(settled)).toBe(true)
  }
  expect([...sent]).toEqual(items.slice(-700))
})
