import { type Health, type Message, type PartitionedBus, parseOptions } from '@andon/core/connector'
import { busOptionsSchema, type KafkaBusOptions } from './bus-options.js'
import { Client } from './client.js'
import { failureOf } from './failure.js'
import type { GroupLag } from './group/group-lag.js'
import { committedPosition, lagOf } from './group/offsets.js'
import { Partitioner } from './publish/partitioner.js'
import { consumeShares } from './read/consume.js'
import { partitionsOf } from './read/partitions-of.js'

export interface KafkaBus extends PartitionedBus {
  /** Whether the brokers answer; `detail` also says what is not as configured and does no harm. */
  check(): Promise<Health>
  /** How far a group is behind, by topic and partition: those of which it has ever committed something. */
  lag(group: string): Promise<readonly GroupLag[]>
  close(): Promise<void>
}

/**
 * Kafka as the bus between stages: a topic is a log in partitions, a key's partition is the one that Java clients take.
 * Topics and groups have the prefix at the broker. At least once: a message may be there twice after a second try.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, before any I/O. Later: BUS_FAILED.
 */
export function kafkaBus(options: KafkaBusOptions): KafkaBus {
  const checked = parseOptions(busOptionsSchema, options, 'kafkaBus')
  const { name, prefix, batchSize, compression } = checked
  const client = new Client({ ...checked, connection: checked, speaker: { code: 'BUS_FAILED', name } })
  const { topics, sender, fetcher, cluster, speaker, closing } = client
  const partitioner = new Partitioner()

  return {
    contract: 1,
    name,
    capabilities: { durable: true, orderedByKey: true, partitioned: true, batchSize, compression },
    async publish(topic, messages) {
      client.use()
      if (messages.length === 0) return
      const place = await topics.place(topic)
      await sender.send(place, messages, partitioner.for(place.leaders.length))
    },
    async *consume({ topic, group, signal }) {
      client.use()
      if (signal.aborted) return
      const ends = [signal, closing]
      const place = await client.place(topic, ends)
      if (place === undefined) return
      const { name: atBroker } = place
      const groupId = prefix + group
      yield* consumeShares(
        {
          fetcher,
          speaker,
          batchSize,
          ends,
          join: (handlers) => client.join(groupId, [atBroker], handlers),
          startOf: async ({ number }) => (await committedPosition(cluster, groupId, atBroker, number)) ?? 0,
        },
        (_, batch) => batch,
      )
    },
    async prepare(needs) {
      client.use()
      await topics.prepare(needs)
    },
    async *partitions({ topics: wanted, group, signal }) {
      client.use()
      if (signal.aborted || wanted.length === 0) return
      const names = new Map<string, string>()
      const ends = [signal, closing]
      for (const topic of wanted) {
        const place = await client.place(topic, ends)
        if (place === undefined) return
        names.set(place.name, topic)
      }
      yield* partitionsOf({
        fetcher,
        speaker,
        batchSize,
        names,
        ends,
        join: (handlers) => client.join(prefix + group, [...names.keys()], handlers),
        async append(topic, number, messages: readonly Message[]) {
          client.use()
          if (messages.length > 0) await sender.send(await topics.place(topic), messages, () => number)
        },
      })
    },
    check: () => client.check(),
    async lag(group) {
      client.use()
      try {
        return await lagOf(cluster, prefix, group)
      } catch (error) {
        throw failureOf(speaker, error, { en: `looking for the lag of ${group}`, zh: `查询 ${group} 的积压` })
      }
    },
    close: () => client.close(),
  }
}
