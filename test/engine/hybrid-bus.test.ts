import { hybridBus } from '@andon/core'
import { type Bus, isPartitioned, type PartitionedBus } from '@andon/core/connector'
import { memoryBroker, memoryBus } from '@andon/testkit'
import { busContract } from '@andon/testkit/vitest'
import { describe, expect, it } from 'vitest'

const broken = () => new Error('the layer below broke')
const badBus: object = {}

/** The contract holds for topics of either bus. */
for (const prefix of ['feedback', 'actions.']) {
  describe(`topics ${prefix}…`, () => {
    busContract(() => {
      const [stream, commands] = [memoryBroker(), memoryBroker()]
      const open = () =>
        hybridBus({ stream: memoryBus({ broker: stream }), commands: memoryBus({ broker: commands }) })
      let topics = 0
      return {
        bus: open(),
        async topic() {
          topics += 1
          return `${prefix}${topics}`
        },
        restart: async () => open(),
        readAhead: {
          limit: 0,
          pulled: (topic, group) => stream.claimed(topic, group) + commands.claimed(topic, group),
        },
        badOptions: [
          {
            option: 'hybridBus.stream',
            create: () => hybridBus(Object.assign({ commands: memoryBus() }, { stream: badBus as Bus })),
          },
          {
            option: 'hybridBus.name',
            create: () => hybridBus({ name: '', stream: memoryBus(), commands: memoryBus() }),
          },
        ],
        failure: {
          provoke: () =>
            hybridBus({
              stream: memoryBus({ fault: broken }),
              commands: memoryBus({ fault: broken }),
            }).publish(`${prefix}1`, []),
        },
      }
    })
  })
}

const message = { id: 'm-1', key: 'KX-500', body: Buffer.from('x') }

it('actions and alerts go to the one bus, all else to the other', async () => {
  const [stream, commands] = [memoryBroker(), memoryBroker()]
  const bus = hybridBus({ stream: memoryBus({ broker: stream }), commands: memoryBus({ broker: commands }) })
  for (const topic of ['actions', 'actions.press-shop', 'alerts', 'feedback.appliance', 'actionsome']) {
    await bus.publish(topic, [message])
  }
  const on = (broker: typeof stream, topic: string) => broker.claim(topic, 'test', {}, 10).length
  expect(['actions', 'actions.press-shop', 'alerts'].map((topic) => on(commands, topic))).toEqual([1, 1, 1])
  expect(['feedback.appliance', 'actionsome'].map((topic) => on(stream, topic))).toEqual([1, 1])
})

it('which topics are commands can be said', async () => {
  const [stream, commands] = [memoryBroker(), memoryBroker()]
  const isCommand = (topic: string) => topic.endsWith('!')
  const bus = hybridBus({
    stream: memoryBus({ broker: stream }),
    commands: memoryBus({ broker: commands }),
    isCommand,
  })
  await bus.publish('hold!', [message])
  await bus.publish('actions', [message])
  expect(commands.claim('hold!', 'test', {}, 10)).toHaveLength(1)
  expect(stream.claim('actions', 'test', {}, 10)).toHaveLength(1)
})

it('it is well when both are, and names the one that is not', async () => {
  const ill: Bus = {
    ...memoryBus({ name: 'rabbit' }),
    check: async () => ({ ok: false, detail: 'blocked: low on disk' }),
  }
  const bus = hybridBus({ stream: memoryBus(), commands: ill })
  expect(await bus.check?.()).toEqual({ ok: false, detail: 'rabbit: blocked: low on disk' })
  expect(await hybridBus({ stream: memoryBus(), commands: memoryBus() }).check?.()).toEqual({ ok: true })
})

describe('with a stream that has partitions', () => {
  const asked: string[] = []
  const stream: PartitionedBus = {
    ...memoryBus(),
    async prepare(topics) {
      asked.push(...topics.map(({ topic }) => topic))
    },
    async *partitions({ topics }) {
      asked.push(...topics)
      yield* []
    },
  }
  const bus = hybridBus({ stream, commands: memoryBus({ name: 'rabbit' }) })
  const { signal } = new AbortController()

  it('it has them, too', async () => {
    expect(isPartitioned(bus)).toBe(true)
    await bus.prepare([{ topic: 'feedback.appliance', partitions: 16 }])
    for await (const _ of bus.partitions({ topics: ['feedback.pump'], group: 'quality', signal }));
    expect(asked).toEqual(['feedback.appliance', 'feedback.pump'])
  })

  it('commands are not read by partition, and it says whose they are', async () => {
    await bus.prepare([{ topic: 'actions' }])
    expect(asked).not.toContain('actions')
    expect(() => bus.partitions({ topics: ['alerts.fire'], group: 'quality', signal })).toThrow('rabbit')
  })
})

it('without partitions of the stream it has none', () => {
  const { prepare: _, partitions: __, ...stream } = memoryBus()
  expect(isPartitioned(hybridBus({ stream, commands: memoryBus() }))).toBe(false)
})
