import assert from 'node:assert/strict'
import type { CloudEvent, Sink } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { sampleEvent } from '../sample-event.js'
import { type PluginCaseId, type PluginGiven, pluginCases, rejection } from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Exemptions, type Factory, needed, registerSuite } from './suite.js'
import { patience, promptly, within } from './waiting.js'

/** A sink under test and its other side. Every call of the factory gives a fresh other side. */
export interface SinkGiven extends PluginGiven {
  readonly sink: Sink
  /**
   * What has arrived at the other side since the factory made it, each event as the value that a reader parses from its
   * JSON text, repetitions included; those of one `partitionkey` in their order. Resolves when there are at least
   * `count`, and rejects when they do not come.
   */
  received(count: number): Promise<readonly unknown[]>
  /** Another sink to the same other side, as a process has it that comes up after a kill -9. */
  restart(): Promise<Sink>
  /** How long the other side may take to show what was published; default 10,000. */
  readonly patienceMs?: number
}

export type SinkCaseId =
  | PluginCaseId
  | 'delivery'
  | 'empty'
  | 'order'
  | 'durable'
  | 'repeat'
  | 'large'
  | 'closed'
  | 'check'

const eventsOf = (first: number, count: number): readonly CloudEvent[] =>
  Array.from({ length: count }, (_, index) => sampleEvent(first + index))

const arrived = (
  { received, patienceMs = patience }: SinkGiven,
  count: number,
): Promise<readonly unknown[]> => within(received(count), patienceMs, `the arrival of ${count} events`)

const attribute = (event: unknown, name: string): unknown =>
  typeof event === 'object' && event !== null
    ? Object.getOwnPropertyDescriptor(event, name)?.value
    : undefined

const idsOf = (events: readonly unknown[]): readonly unknown[] =>
  events.map((event) => attribute(event, 'id'))

function assertOrderByKey(got: readonly unknown[], sent: readonly CloudEvent[]): void {
  for (const key of new Set(sent.map(({ partitionkey }) => partitionkey))) {
    const of = (events: readonly unknown[]) =>
      idsOf(events.filter((event) => attribute(event, 'partitionkey') === key))
    assert.deepEqual(of(got), of(sent), `the order of ${key}`)
  }
}

const sinkCases: readonly ContractCase<SinkGiven, SinkCaseId>[] = [
  ...pluginCases<SinkGiven>((given) => given.sink),
  {
    id: 'delivery',
    sentence: 'an event arrives as CloudEvents 1.0 in structured JSON, every attribute unchanged',
    async check(given) {
      const sent = [
        sampleEvent(0, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }),
        sampleEvent(1, {
          type: 'io.andon.signal.opened',
          tenant: '华南',
          source: '/andon/%E5%8D%8E%E5%8D%97',
        }),
        sampleEvent(2, { data: { text: 'a\u0000b \ud83d\udd25', deep: [[null, 0.1 + 0.2, {}]], none: '' } }),
      ]
      await given.sink.publish(sent)
      const got = new Map((await arrived(given, sent.length)).map((event) => [attribute(event, 'id'), event]))
      for (const event of sent) assert.deepEqual(got.get(event.id), event)
      assert.equal(got.size, sent.length)
    },
  },
  {
    id: 'empty',
    sentence: 'publishing nothing is no error',
    async check({ sink }) {
      await within(sink.publish([]), promptly, 'publishing nothing')
    },
  },
  {
    id: 'order',
    sentence: 'events of one partition key keep their order, within and across publishes',
    async check(given) {
      const sent = eventsOf(0, 60)
      for (let first = 0; first < sent.length; first += 15) {
        await given.sink.publish(sent.slice(first, first + 15))
      }
      assertOrderByKey(await arrived(given, sent.length), sent)
    },
  },
  {
    id: 'durable',
    sentence:
      'what was published stays when the process dies right after, and the next one goes on behind it',
    async check(given) {
      const sent = eventsOf(0, 9)
      await given.sink.publish(sent.slice(0, 6))
      const other = await given.restart()
      await other.publish(sent.slice(6))
      assertOrderByKey(await arrived(given, sent.length), sent)
      await other.close?.()
    },
  },
  {
    id: 'repeat',
    sentence: 'what is published again carries the same id, so that a reader can leave it out',
    async check(given) {
      const sent = eventsOf(0, 4)
      await given.sink.publish(sent)
      const other = await given.restart()
      await other.publish(sent)
      await other.publish(eventsOf(4, 3))
      const wanted = [...sent, ...eventsOf(4, 3)]
      // A sink that leaves repetitions out by itself shows seven events, any other eleven.
      const got = await arrived(given, wanted.length)
      const known = new Set(idsOf(wanted))
      assert.ok(
        idsOf(got).every((id) => known.has(id)),
        'an event came with an id of its own',
      )
      await other.close?.()
    },
  },
  {
    id: 'large',
    sentence: 'a large event and a large call arrive whole',
    async check(given) {
      const data = { text: '制冷'.repeat(60_000) }
      const sent = [sampleEvent(0, { data }), ...eventsOf(1, 499)]
      await given.sink.publish(sent)
      const got = await arrived(given, sent.length)
      assert.deepEqual(new Set(idsOf(got)), new Set(idsOf(sent)))
      assert.deepEqual(
        got.find((event) => attribute(event, 'id') === sent[0]?.id),
        sent[0],
      )
    },
  },
  {
    id: 'closed',
    sentence: 'after close() it takes nothing any more and says so: no event vanishes in it',
    async check({ sink, patienceMs = patience }) {
      await needed(sink.close?.bind(sink), 'closed', 'close()')()
      const late = within(sink.publish([sampleEvent(0)]), patienceMs, 'the refusal')
      const error = await rejection(late, 'publishing to a closed sink')
      assert.ok(isAndonError(error), `not an AndonError: ${String(error)}`)
    },
  },
  {
    id: 'check',
    sentence: 'it says that it is well, and not when it is closed',
    async check({ sink, patienceMs = patience }) {
      const check = needed(sink.check?.bind(sink), 'check', 'check()')
      const before = await within(check(), patienceMs, 'its health')
      assert.deepEqual(
        { ok: before.ok, detail: before.ok ? undefined : before.detail },
        { ok: true, detail: undefined },
      )
      await sink.close?.()
      assert.equal((await within(check(), patienceMs, 'its health')).ok, false)
    },
  },
]

/**
 * The contract of a sink, one test for each sentence of it.
 *
 * @param exemptions case id → why this sink cannot keep it; prints as skipped
 */
export function sinkContract(
  runner: ContractRunner,
  factory: Factory<SinkGiven>,
  exemptions: Exemptions<SinkCaseId> = {},
): void {
  registerSuite(runner, 'sink contract v1', sinkCases, factory, exemptions)
}
