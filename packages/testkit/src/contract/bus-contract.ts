import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Bus, Message } from '@andon/core/connector'
import { type PluginCaseId, type PluginGiven, pluginCases } from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Exemptions, type Factory, needed, registerSuite } from './suite.js'
import { commit, patience, promptly, type Reader, readerOf, settle, within } from './waiting.js'

/** A bus under test. */
export interface BusGiven extends PluginGiven {
  readonly bus: Bus
  /** A topic that nobody has used, made ready if the broker wants that. */
  topic(): Promise<string>
  /** Another bus on the same broker, as a process has it that comes up after a kill -9. */
  restart(): Promise<Bus>
  /** The longest wait for one batch; default 10,000. */
  readonly patienceMs?: number
  readonly readAhead?: {
    /** How many messages a consumer holds at most that its reader has not asked for. */
    readonly limit: number
    /** How many messages the bus has taken from the broker for the group so far. */
    pulled(topic: string, group: string): number | Promise<number>
  }
}

export type BusCaseId =
  | PluginCaseId
  | 'delivery'
  | 'empty'
  | 'order'
  | 'groups'
  | 'sharing'
  | 'uncommitted'
  | 'committed'
  | 'committed-closed'
  | 'durable'
  | 'abort'
  | 'backpressure'

const keys = ['KX-500', 'KX-700', '华南', 'ключ'] as const

function messagesOf(first: number, count: number): readonly Message[] {
  return Array.from({ length: count }, (_, step) => {
    const index = first + step
    return {
      id: `message-${index}`,
      key: keys[index % keys.length] ?? 'KX-500',
      body: Buffer.from(`body ${index} 起火\u0000`),
      headers: { traceparent: `trace-${index}` },
    }
  })
}

const read = (bus: Bus, topic: string, group: string, patienceMs: number | undefined): Reader<Message> =>
  readerOf((signal) => bus.consume({ topic, group, signal }), patienceMs)

const idsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ id }) => id)
const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort()

function assertOrderByKey(messages: readonly Message[], sent: readonly Message[]): void {
  for (const key of keys) {
    const got = idsOf(messages.filter((message) => message.key === key))
    assert.deepEqual(got, idsOf(sent.filter((message) => message.key === key)), `the order of key ${key}`)
  }
}

const busCases: readonly ContractCase<BusGiven, BusCaseId>[] = [
  ...pluginCases<BusGiven>((given) => given.bus),
  {
    id: 'delivery',
    sentence: 'it carries id, key, body and headers unchanged, whether published before or while consuming',
    async check({ bus, topic, patienceMs }) {
      const name = await topic()
      const sent = messagesOf(0, 10)
      await bus.publish(name, sent.slice(0, 6))
      const reader = read(bus, name, randomUUID(), patienceMs)
      const early = await reader.take(6, commit)
      await bus.publish(name, sent.slice(6))
      const late = await reader.take(4, commit)
      await reader.stop()
      const got = new Map([...early, ...late].map((message) => [message.id, message]))
      for (const message of sent) {
        const found = got.get(message.id)
        assert.equal(found?.key, message.key)
        assert.deepEqual(Buffer.from(found?.body ?? []), message.body)
        assert.equal(found?.headers?.traceparent, message.headers?.traceparent)
      }
      assert.equal(got.size, sent.length)
    },
  },
  {
    id: 'empty',
    sentence: 'publishing nothing is no error',
    async check({ bus, topic }) {
      await within(bus.publish(await topic(), []), promptly, 'publishing nothing')
    },
  },
  {
    id: 'order',
    sentence: 'messages of one key keep their order, within and across publishes',
    async check({ bus, topic, patienceMs }) {
      const name = await topic()
      const sent = messagesOf(0, 60)
      for (let first = 0; first < sent.length; first += 15) {
        await bus.publish(name, sent.slice(first, first + 15))
      }
      const reader = read(bus, name, randomUUID(), patienceMs)
      const got = await reader.take(sent.length, commit)
      await reader.stop()
      assertOrderByKey(got, sent)
    },
  },
  {
    id: 'groups',
    sentence: 'each group gets every message',
    async check({ bus, topic, patienceMs }) {
      const name = await topic()
      const sent = messagesOf(0, 12)
      await bus.publish(name, sent)
      for (const group of [randomUUID(), randomUUID()]) {
        const reader = read(bus, name, group, patienceMs)
        const got = await reader.take(sent.length, commit)
        await reader.stop()
        assert.deepEqual(sorted(idsOf(got)), sorted(idsOf(sent)))
      }
    },
  },
  {
    id: 'sharing',
    sentence: 'consumers of one group share the messages, and none is left behind',
    async check({ bus, topic, restart, patienceMs }) {
      const name = await topic()
      const group = randomUUID()
      const other = await restart()
      const readers = [bus, other].map((each) => ({
        reader: read(each, name, group, patienceMs),
        got: new Set<string>(),
      }))
      const wanted = new Set(idsOf(messagesOf(0, 80)))
      await settle()
      await bus.publish(name, messagesOf(0, 80))
      const drain = async ({ reader, got }: (typeof readers)[number]): Promise<void> => {
        while (wanted.size > 0) {
          const batch = await reader.next()
          if (batch === undefined) return
          for (const { id } of batch.items) {
            got.add(id)
            wanted.delete(id)
          }
          await batch.commit()
          if (wanted.size === 0) await Promise.all(readers.map((each) => each.reader.stop()))
        }
      }
      const limit = 3 * (patienceMs ?? patience)
      await within(Promise.all(readers.map(drain)), limit, 'every message, at one of two consumers')
      await other.close?.()
      assert.equal(wanted.size, 0, 'messages were left behind')
      const [mine, others] = readers.map(({ got }) => got)
      const both = [...(mine ?? [])].filter((id) => others?.has(id)).length
      // A few may come twice when a consumer joins; all of them twice is no sharing.
      const fewer = Math.min(mine?.size ?? 0, others?.size ?? 0)
      assert.ok(both <= fewer / 2, `${both} messages went to both consumers of one group`)
    },
  },
  {
    id: 'uncommitted',
    sentence: 'what was not committed is delivered again, in its order',
    async check({ bus, topic, restart, patienceMs }) {
      const name = await topic()
      const group = randomUUID()
      const sent = messagesOf(0, 16)
      await bus.publish(name, sent)
      const reader = read(bus, name, group, patienceMs)
      await reader.take(sent.length)
      await reader.stop()
      const other = await restart()
      const again = read(other, name, group, patienceMs)
      const got = await again.take(sent.length, commit)
      await again.stop()
      await other.close?.()
      assertOrderByKey(got, sent)
    },
  },
  {
    id: 'committed',
    sentence: 'what was committed is not delivered again to the group',
    async check({ bus, topic, restart, patienceMs }) {
      const name = await topic()
      const group = randomUUID()
      await bus.publish(name, messagesOf(0, 8))
      const reader = read(bus, name, group, patienceMs)
      await reader.take(8, commit)
      await reader.stop()
      // One later message for every key: whatever would come again stands before it.
      const later = messagesOf(8, keys.length)
      await bus.publish(name, later)
      const other = await restart()
      const again = read(other, name, group, patienceMs)
      const got = await again.take(later.length, commit)
      await again.stop()
      await other.close?.()
      assert.deepEqual(sorted(idsOf(got)), sorted(idsOf(later)))
    },
  },
  {
    id: 'committed-closed',
    sentence: 'what was committed is not delivered again, also when the bus is closed at that moment',
    async check({ bus, topic, restart, patienceMs }) {
      const name = await topic()
      const group = randomUUID()
      await bus.publish(name, messagesOf(0, 8))
      const closing = await restart()
      const reader = read(closing, name, group, patienceMs)
      await reader.take(8, commit)
      await closing.close?.()
      await reader.stop()
      const later = messagesOf(8, keys.length)
      await bus.publish(name, later)
      const other = await restart()
      const again = read(other, name, group, patienceMs)
      const got = await again.take(later.length, commit)
      await again.stop()
      await other.close?.()
      assert.deepEqual(sorted(idsOf(got)), sorted(idsOf(later)))
    },
  },
  {
    id: 'durable',
    sentence: 'a message is durable when publish resolves: a process that dies then loses nothing',
    async check({ bus, topic, restart, patienceMs }) {
      const name = await topic()
      const sent = messagesOf(0, 5)
      await bus.publish(name, sent)
      const other = await restart()
      const reader = read(other, name, randomUUID(), patienceMs)
      const got = await reader.take(sent.length, commit)
      await reader.stop()
      await other.close?.()
      assert.deepEqual(sorted(idsOf(got)), sorted(idsOf(sent)))
    },
  },
  {
    id: 'abort',
    sentence: 'an aborted signal ends a consumer that waits, promptly and without an error',
    async check({ bus, topic, patienceMs }) {
      const reader = read(bus, await topic(), randomUUID(), patienceMs)
      const waiting = reader.next()
      waiting.catch(() => undefined)
      await settle()
      await reader.stop()
      await within(waiting, promptly, 'the step that waited')
    },
  },
  {
    id: 'backpressure',
    sentence: 'the iteration is the backpressure: it does not read ahead without bound',
    async check({ bus, topic, readAhead, patienceMs }) {
      const { limit, pulled } = needed(readAhead, 'backpressure', 'readAhead')
      const name = await topic()
      const group = randomUUID()
      const count = limit * 4 + 40
      await bus.publish(name, messagesOf(0, count))
      const reader = read(bus, name, group, patienceMs)
      const batch = await reader.next()
      await settle()
      const taken = await pulled(name, group)
      assert.ok(
        taken <= (batch?.items.length ?? 0) + limit,
        `it took ${taken} of ${count} for a reader that asked for one batch`,
      )
      await reader.stop()
    },
  },
]

/**
 * The contract of a bus, one test for each sentence of it.
 *
 * @param exemptions case id → why this bus cannot keep it; prints as skipped
 */
export function busContract(
  runner: ContractRunner,
  factory: Factory<BusGiven>,
  exemptions: Exemptions<BusCaseId> = {},
): void {
  registerSuite(runner, 'bus contract v1', busCases, factory, exemptions)
}
