import type { Message, Partition, PartitionedBus } from '@andon/core/connector'
import { type PartitionedBusCaseId, partitionedBusContract, partitionOf } from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memoryPartitionsGiven } from '../support/given.js'

/** What a broken one never does it need not be given long for. */
const patienceMs = 250

const failures = (spoil: (bus: PartitionedBus) => PartitionedBus) =>
  failuresOf((runner) =>
    partitionedBusContract(runner, () => {
      const given = memoryPartitionsGiven()
      const restart = async () => spoil(await given.restart())
      return { ...given, bus: spoil(given.bus), restart, patienceMs, handoverMs: patienceMs }
    }),
  )

/** Changes each partition on its way. */
const handing =
  (change: (partition: Partition, bus: PartitionedBus) => Partition) =>
  (bus: PartitionedBus): PartitionedBus => ({
    ...bus,
    async *partitions(options) {
      for await (const partition of bus.partitions(options)) yield change(partition, bus)
    },
  })

let buses = 0

const brokenBuses: readonly {
  readonly what: string
  readonly spoil: (bus: PartitionedBus) => PartitionedBus
  readonly fails: readonly PartitionedBusCaseId[]
}[] = [
  {
    what: 'takes a topic that is too small without a word',
    spoil: (bus) => ({ ...bus, prepare: (needs) => bus.prepare(needs).catch(() => undefined) }),
    fails: ['fewer'],
  },
  {
    what: 'does not create what it is asked for',
    spoil: (bus) => ({ ...bus, prepare: (needs) => bus.prepare(needs.map(({ topic }) => ({ topic }))) }),
    fails: ['creates', 'fewer'],
  },
  {
    what: 'spreads keys by a hash that other processes do not know',
    spoil(bus) {
      buses += 1
      const salt = `${buses} `
      const salted = (message: Message): Message => ({
        ...message,
        headers: { ...message.headers, key: message.key },
        key: salt + message.key,
      })
      const plain = <T extends Message>(message: T): T => ({
        ...message,
        key: message.headers?.key ?? message.key,
      })
      return {
        ...handing((partition) => ({
          ...partition,
          async *read(options) {
            for await (const batch of partition.read(options)) yield batch.map(plain)
          },
        }))(bus),
        publish: (topic, messages) => bus.publish(topic, messages.map(salted)),
      }
    },
    fails: ['keys'],
  },
  {
    what: 'appends by key',
    spoil: handing((partition, bus) => ({
      ...partition,
      append: (messages) => bus.publish(partition.topic, messages),
    })),
    fails: ['append'],
  },
  {
    what: 'goes on from what was committed',
    spoil: handing((partition) => {
      let committed = 0
      return {
        ...partition,
        async commit(position) {
          committed = position
          await partition.commit(position)
        },
        read: ({ from, signal }) => partition.read({ from: Math.max(from, committed), signal }),
      }
    }),
    fails: ['from'],
  },
  {
    what: 'never commits',
    spoil: handing((partition) => ({ ...partition, commit: async () => undefined })),
    fails: ['commit'],
  },
  {
    what: 'gives every member everything',
    spoil: (bus) => ({
      ...bus,
      partitions: (options) => bus.partitions({ ...options, group: `${options.group} ${Math.random()}` }),
    }),
    fails: ['join', 'leave', 'death'],
  },
  {
    what: 'does not say what is lost',
    spoil: handing((partition) => ({ ...partition, lost: new AbortController().signal })),
    fails: ['join', 'abort'],
  },
  {
    what: 'does not listen to the signal of a reader',
    spoil: handing((partition) => ({
      ...partition,
      read: ({ from }) => partition.read({ from, signal: new AbortController().signal }),
    })),
    fails: ['read-ends'],
  },
  {
    what: 'numbers messages by the reader',
    spoil: handing((partition) => ({
      ...partition,
      async *read(options) {
        let position = Math.floor(Math.random() * 1_000_000)
        for await (const batch of partition.read(options)) {
          yield batch.map((message) => {
            position += 1
            return { ...message, position }
          })
        }
      },
    })),
    fails: ['positions'],
  },
]

for (const { what, spoil, fails } of brokenBuses) {
  it(`a bus with partitions that ${what} fails the suite`, async () => {
    expect(await failures(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a bus with partitions that keeps the contract fails no case', async () => {
  expect(await failures((bus) => bus)).toEqual([])
  expect(partitionOf('KX-500', 5)).toBe(partitionOf('KX-500', 5))
})
