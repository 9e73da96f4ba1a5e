import type { Partition } from '@andon/core/connector'
import { memoryBroker, memoryBus, virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'

const message = (id: string) => ({ id, key: id, body: Buffer.from(id) })
const forever = (): AbortSignal => new AbortController().signal

/** A member that keeps what it is given, and does not give back what it loses. */
function keeper(bus: ReturnType<typeof memoryBus>, signal = forever()) {
  const got: Partition[] = []
  const run = async (): Promise<void> => {
    for await (const partition of bus.partitions({ topics: ['topic'], group: 'quality', signal })) {
      got.push(partition)
    }
  }
  return { got, done: run() }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('a member that does not give back what it has lost keeps others waiting only so long', async () => {
  const clock = virtualClock()
  const broker = memoryBroker({ clock, handoverMs: 2_000, partitions: 2 })
  const first = keeper(memoryBus({ broker }))
  await turn()
  const second = keeper(memoryBus({ broker }))
  await turn()
  expect(first.got.map(({ lost }) => lost.aborted)).toEqual([false, true])
  await clock.advance(1_999)
  expect(second.got).toEqual([])
  await clock.advance(1)
  expect(second.got.map(({ number }) => number)).toEqual([1])
})

it('a bus that died thinks that its partitions are its own, and can do nothing with them', async () => {
  const broker = memoryBroker({ partitions: 1 })
  const dying = memoryBus({ broker })
  const first = keeper(dying)
  await turn()
  dying.die()
  const second = keeper(memoryBus({ broker }))
  await turn()
  const [zombie] = first.got
  expect(zombie?.lost.aborted).toBe(false)
  expect(second.got).toHaveLength(1)
  await expect(zombie?.append([message('late')])).rejects.toMatchObject({ code: 'BUS_FAILED' })
  await expect(dying.publish('topic', [message('late')])).rejects.toMatchObject({ code: 'BUS_FAILED' })
  await zombie?.release()
  await turn()
  expect(second.got.map(({ lost }) => lost.aborted)).toEqual([false])
  expect(broker.read('topic', 0, 0, 10)).toEqual([])
})

it('messages are stamped by the clock of the broker', async () => {
  const clock = virtualClock('2026-03-01T08:00:00Z')
  const broker = memoryBroker({ clock, partitions: 1 })
  await memoryBus({ broker }).publish('topic', [message('one')])
  await clock.advance(5)
  await memoryBus({ broker }).publish('topic', [message('two')])
  expect(broker.read('topic', 0, 0, 10).map(({ at }) => at - Date.parse('2026-03-01T08:00:00Z'))).toEqual([
    0, 5,
  ])
})
