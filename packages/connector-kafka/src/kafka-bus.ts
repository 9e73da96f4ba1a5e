import type { Health, Message, Partition, PartitionedBus } from '@andon/core/connector'
import { Bell } from './bell.js'
import { busOptionsSchema, type KafkaBusOptions } from './bus-options.js'
import { checkedOptions } from './checked-options.js'
import { Cluster } from './cluster/cluster.js'
import { failed, failureOf, reasonOf, type Speaker } from './failure.js'
import { Membership, type MembershipOptions } from './group/membership.js'
import { committedPosition, type GroupLag, lagOf } from './group/offsets.js'
import { Partitioner } from './publish/partitioner.js'
import { Sender } from './publish/sender.js'
import { consumeShares } from './read/consume.js'
import { Fetcher } from './read/fetcher.js'
import { kafkaPartition } from './read/kafka-partition.js'
import { Topics } from './topics/topics.js'

export interface KafkaBus extends PartitionedBus {
  /** Whether the brokers answer; what is not as configured and does no harm. */
  check(): Promise<Health>
  /** How far a group is behind, by topic and partition: those that it has ever committed. */
  lag(group: string): Promise<readonly GroupLag[]>
  close(): Promise<void>
}

/**
 * Kafka as the bus between stages: a topic is a log in partitions, a key's partition is the one that Java clients take.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, before any I/O; BUS_FAILED
 */
export function kafkaBus(options: KafkaBusOptions): KafkaBus {
  const checked = checkedOptions(busOptionsSchema, options)
  const { name, prefix, batchSize, deliveryTimeoutMs, sessionTimeoutMs, logger } = checked
  const speaker: Speaker = { code: 'BUS_FAILED', name }
  const onTrouble = (problem: unknown): void =>
    logger.warn({ bus: name, problem: reasonOf(problem) }, 'Kafka does not answer as it should; trying again')
  const cluster = new Cluster(checked)
  const topics = new Topics({
    cluster,
    speaker,
    table: checked.topics,
    prefix,
    create: checked.createTopics,
    timeoutMs: deliveryTimeoutMs,
  })
  const sender = new Sender({
    cluster,
    speaker,
    compression: checked.compression,
    deliveryTimeoutMs,
    batchBytes: 900_000,
  })
  const fetcher = new Fetcher({
    cluster,
    speaker,
    partitionBytes: checked.partitionBytes,
    maxWaitMs: 500,
    onTrouble,
  })
  const partitioner = new Partitioner()
  const closing = new AbortController()
  const memberships = new Set<Membership>()
  let closed: Promise<void> | undefined

  const use = (): void => {
    if (closing.signal.aborted) throw failed(speaker, 'it is closed', { cause: new Error('closed') })
  }
  const join = (
    group: string,
    names: readonly string[],
    handlers: Pick<MembershipOptions, 'give' | 'fail'>,
  ): Membership => {
    const membership = new Membership({
      cluster,
      speaker,
      groupId: prefix + group,
      topics: names,
      sessionTimeoutMs,
      handoverMs: checked.handoverMs ?? Math.floor(sessionTimeoutMs / 2),
      onTrouble,
      ...handlers,
    })
    memberships.add(membership)
    void membership.gone.then(() => memberships.delete(membership))
    return membership
  }

  return {
    contract: 1,
    name,
    capabilities: {
      durable: true,
      orderedByKey: true,
      partitioned: true,
      batchSize,
      compression: checked.compression,
    },
    async publish(topic, messages) {
      use()
      if (messages.length === 0) return
      const place = await topics.place(topic)
      await sender.send(place, messages, partitioner.for(place.leaders.length))
    },
    async *consume({ topic, group, signal }) {
      use()
      if (signal.aborted) return
      const { name: atBroker } = await topics.place(topic)
      yield* consumeShares(
        {
          fetcher,
          speaker,
          batchSize,
          ends: [signal, closing.signal],
          join: (handlers) => join(group, [atBroker], handlers),
          startOf: async ({ number }) =>
            (await committedPosition(cluster, prefix + group, atBroker, number)) ?? 0,
        },
        (_, batch) => batch,
      )
    },
    async prepare(needs) {
      use()
      await topics.prepare(needs)
    },
    async *partitions({ topics: wanted, group, signal }) {
      use()
      if (signal.aborted || wanted.length === 0) return
      const names = new Map<string, string>()
      for (const topic of wanted) names.set((await topics.place(topic)).name, topic)
      const bell = new Bell()
      const given: Partition[] = []
      let failure: unknown
      const membership = join(group, [...names.keys()], {
        give(holding) {
          const topic = names.get(holding.topic)
          if (topic === undefined) return
          const append = async (messages: readonly Message[]): Promise<void> => {
            use()
            if (messages.length > 0)
              await sender.send(await topics.place(topic), messages, () => holding.number)
          }
          given.push(kafkaPartition(holding, { topic, fetcher, speaker, batchSize, append }))
          bell.ring()
        },
        fail(error) {
          failure ??= error
          bell.ring()
        },
      })
      const end = (): void => {
        void membership.leave()
        // What was never taken is in nobody's hands.
        for (const partition of given.splice(0)) void partition.release()
        bell.ring()
      }
      signal.addEventListener('abort', end)
      closing.signal.addEventListener('abort', end)
      try {
        while (!signal.aborted && !closing.signal.aborted) {
          if (failure !== undefined) throw failure
          const partition = given.shift()
          if (partition === undefined) await bell.wait()
          else if (partition.lost.aborted) await partition.release()
          else yield partition
        }
      } finally {
        signal.removeEventListener('abort', end)
        closing.signal.removeEventListener('abort', end)
        end()
      }
    },
    async check() {
      try {
        use()
        await cluster.admin.metadata({ topics: [], forceUpdate: true })
        const warnings = [...topics.warnings.values()]
        return warnings.length === 0 ? { ok: true } : { ok: true, detail: warnings.join('; ') }
      } catch (error) {
        return { ok: false, detail: failureOf(speaker, error, 'asking the brokers').message }
      }
    },
    async lag(group) {
      use()
      try {
        return await lagOf(cluster, prefix, group)
      } catch (error) {
        throw failureOf(speaker, error, `looking for the lag of ${group}`)
      }
    },
    close() {
      closed ??= (async () => {
        closing.abort()
        await Promise.all([...memberships].map((membership) => membership.leave()))
        fetcher.end()
        await sender.close()
        await cluster.close()
      })()
      return closed
    },
  }
}
