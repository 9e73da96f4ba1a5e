import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '@andon/testkit'
import { type Channel, IllegalOperationError } from 'amqplib'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Acknowledger } from '../../src/read/acknowledger.js'

setFlagsFromString('--expose-gc')
const garbageCollected: () => void = runInNewContext('gc')

/** What a broker makes of acknowledgements: like RabbitMQ it knows no tag that it has had. */
class Broker {
  readonly open: number[] = []
  frames = 0

  ack({ fields }: { readonly fields: { readonly deliveryTag: number } }, allUpTo?: boolean): void {
    this.frames += 1
    const index = this.open.indexOf(fields.deliveryTag)
    if (index < 0) throw new Error(`PRECONDITION_FAILED - unknown delivery tag ${fields.deliveryTag}`)
    if (allUpTo === true) this.open.splice(0, index + 1)
    else this.open.splice(index, 1)
  }
}

const given = () => {
  const broker = new Broker()
  const acknowledger = new Acknowledger(broker as unknown as Channel)
  let tag = 0
  const deliver = (count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      tag += 1
      broker.open.push(tag)
      acknowledger.delivered(tag)
    }
  }
  return { broker, acknowledger, deliver }
}

it('acknowledges exactly what it is told, whatever comes when', () => {
  const step = fc.oneof(
    fc.record({ delivered: fc.integer({ min: 1, max: 8 }) }),
    fc.record({
      tags: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }),
      isFlushed: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { broker, acknowledger, deliver } = given()
      const told = new Set<number>()
      for (const next of steps) {
        if ('delivered' in next) deliver(next.delivered)
        else {
          for (const tag of next.tags) if (broker.open.includes(tag)) told.add(tag)
          acknowledger.acknowledge(next.tags)
          if (!next.isFlushed) continue
          const left = broker.open.filter((tag) => !told.has(tag))
          acknowledger.flush()
          expect(broker.open).toEqual(left)
        }
      }
    }),
  )
})

it('takes one frame for all that came before, and one each for what is ahead of others', () => {
  const { broker, acknowledger, deliver } = given()
  deliver(100)
  acknowledger.acknowledge(Array.from({ length: 60 }, (_, index) => index + 1))
  acknowledger.flush()
  expect(broker.frames).toBe(1)
  acknowledger.acknowledge([70, 71])
  acknowledger.flush()
  expect(broker.frames).toBe(3)
  acknowledger.acknowledge([69, 68, 67, 66, 65, 64, 63, 62, 61])
  acknowledger.flush()
  expect(broker.frames).toBe(4)
  expect(broker.open[0]).toBe(72)
})

it('acknowledges exactly what it is told also where some are held through thousands of others', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const random = seededRandom(seed)
    const { broker, acknowledger, deliver } = given()
    let isHeld = true
    for (let round = 0; round < 2000; round += 1) {
      deliver(10)
      // Now and then some of those that were held are let go.
      isHeld = random() < 0.02 ? !isHeld : isHeld
      const told = broker.open.filter((tag) => (isHeld ? tag % 700 > 2 : random() < 0.8))
      const left = broker.open.filter((tag) => !told.includes(tag))
      acknowledger.acknowledge(told)
      acknowledger.acknowledge(told)
      acknowledger.flush()
      expect(broker.open, `seed ${seed}`).toEqual(left)
    }
    deliver(1)
    broker.frames = 0
    acknowledger.acknowledge(broker.open.toReversed())
    acknowledger.flush()
    expect([broker.open.length, broker.frames], `seed ${seed}`).toEqual([0, 1])
  }
})

it('does not grow while one is held and millions are acknowledged', () => {
  const acknowledger = new Acknowledger({ ack: () => undefined } as unknown as Channel)
  const batch = 100
  const heap = (): number => {
    garbageCollected()
    return process.memoryUsage().heapUsed
  }
  acknowledger.delivered(1)
  const before = heap()
  for (let first = 2; first < 2_000_000; first += batch) {
    const tags = Array.from({ length: batch }, (_, index) => first + index)
    for (const tag of tags) acknowledger.delivered(tag)
    acknowledger.acknowledge(tags)
    acknowledger.flush()
  }
  // A boolean each would be 16 MB.
  expect(heap() - before).toBeLessThan(4_000_000)
  acknowledger.acknowledge([1])
  acknowledger.flush()
})

it('gathers what is acknowledged in one turn', async () => {
  const { broker, acknowledger, deliver } = given()
  deliver(30)
  for (let tag = 1; tag <= 20; tag += 1) acknowledger.acknowledge([tag])
  expect(broker.frames).toBe(0)
  await setImmediate()
  expect(broker.frames).toBe(1)
  expect(broker.open[0]).toBe(21)
  acknowledger.acknowledge([21])
  await setImmediate()
  expect(broker.open[0]).toBe(22)
})

it('leaves to the broker what a channel that is closing does not take', async () => {
  const { broker, acknowledger, deliver } = given()
  deliver(2)
  broker.ack = () => {
    throw new IllegalOperationError('Channel closing', '')
  }
  acknowledger.acknowledge([1])
  await setImmediate()
  broker.ack = () => {
    throw new Error('something else')
  }
  acknowledger.acknowledge([2])
  expect(() => acknowledger.flush()).toThrow('something else')
})
