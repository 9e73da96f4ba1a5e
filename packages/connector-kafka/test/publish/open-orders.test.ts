import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Order } from '../../src/publish/line.js'
import { OpenOrders } from '../../src/publish/open-orders.js'

const order = (deadline: number): Order => ({
  ...{ deadline, left: 1, settled: false },
  resolve: () => undefined,
  reject: () => undefined,
})

it('whatever is settled when: the open ones are known, the oldest and the expired too', () => {
  const step = fc.record({ settles: fc.boolean(), which: fc.nat(), at: fc.nat(200) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const orders = new OpenOrders()
      let open: Order[] = []
      for (const [deadline, { settles, which, at }] of steps.entries()) {
        const settled = settles ? open[which % open.length] : undefined
        if (settled === undefined) {
          const begun = order(deadline)
          open.push(begun)
          orders.add(begun)
        } else {
          open = open.filter((one) => one !== settled)
          settled.settled = true
          orders.settled()
        }
        expect(orders.count).toBe(open.length)
        expect(orders.oldest).toBe(open[0])
        expect(orders.open()).toEqual(open)
        expect(orders.expired(at)).toEqual(open.filter((one) => one.deadline <= at))
      }
    }),
  )
})

it('one that stays open does not keep all that passes by', () => {
  const orders = new OpenOrders()
  orders.add(order(0))
  for (let index = 1; index <= 20_000; index++) {
    const passing = order(index)
    orders.add(passing)
    passing.settled = true
    orders.settled()
  }
  expect(orders.count).toBe(1)
  expect(orders.held).toBeLessThan(2000)
})
