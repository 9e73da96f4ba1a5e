import { type Clock, type LoggedMessage, type Message, systemClock } from '@andon/core/connector'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import { type Membership, memoryMembers } from './memory-members.js'
import { type MemoryTopic, memoryTopic } from './memory-topic.js'

export interface MemoryBrokerOptions {
  /** How many partitions a topic gets that nobody has prepared; default 4. */
  readonly partitions?: number
  /** Stamps messages, and times those who do not give back what they lost; default the system's. */
  readonly clock?: Clock
  /** How long a member may take to release a partition it has lost until others get it (ms); default 2,000. */
  readonly handoverMs?: number
}

/** What stays when a memory bus is closed. Open several buses over it, as several processes do over a broker. */
export interface MemoryBroker {
  publish(topic: string, messages: readonly Message[]): void
  /** The next messages for one consumer of a group, at most `limit`; none when there is nothing for it now. */
  claim(topic: string, group: string, consumer: object, limit: number): readonly Claim[]
  commit(topic: string, group: string, claims: readonly Claim[]): void
  /** Gives back what a consumer holds and did not commit. */
  leave(topic: string, group: string, consumer: object): void
  /** How many claims the group has made so far. */
  claimed(topic: string, group: string): number
  /** Resolves when something changes that may let a waiting consumer go on. */
  changed(): Promise<void>
  /** Creates the topic if it is not there; how many partitions it has. */
  prepare(topic: string, partitions?: number): number
  /** Puts messages into one partition, whatever their keys. */
  append(topic: string, partition: number, messages: readonly Message[]): void
  /** At most `limit` messages of a partition, at and after the position `from`. */
  read(topic: string, partition: number, from: number, limit: number): readonly LoggedMessage[]
  /** How many messages of a partition have been read so far. */
  pulled(topic: string, partition: number): number
  /** Notes how far a group says to be with a partition. */
  note(topic: string, partition: number, group: string, position: number): void
  /** How far that is; undefined when it has said nothing. */
  noted(topic: string, partition: number, group: string): number | undefined
  /** Takes a member into a group that shares the partitions of topics. */
  join(group: string, topics: readonly string[]): Membership
}

/** One message in the hands of one consumer. */
export interface Claim {
  readonly index: number
  readonly message: Message
}

interface Group {
  /** Indexes below are done. */
  from: number
  readonly done: Set<number>
  readonly held: Map<number, object>
  claimed: number
}

const optionsSchema = z.strictObject({
  partitions: z.int().min(1).max(10_000).default(4),
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null).default(systemClock),
  handoverMs: z.int().min(0).default(2_000),
})

/** What is there under a key, made when it is not. */
function found<T>(map: Map<string, T>, key: string, make: () => T): T {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

/**
 * A durable log for each topic, in memory. A key is never in the hands of two consumers of one group, nor a partition
 * in those of two members.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function memoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  const { partitions, clock, handoverMs } = checkedOptions(optionsSchema, options)
  const topics = new Map<string, MemoryTopic>()
  const groups = new Map<string, Group>()
  const members = new Map<string, ReturnType<typeof memoryMembers>>()
  const pulled = new Map<string, number>()
  const noted = new Map<string, number>()
  let change = Promise.withResolvers<void>()

  const announce = (): void => {
    change.resolve()
    change = Promise.withResolvers()
  }
  const topicOf = (topic: string, count = partitions): MemoryTopic =>
    found(topics, topic, () => memoryTopic(count))
  const groupOf = (topic: string, name: string): Group =>
    found(groups, JSON.stringify([topic, name]), () => ({
      from: 0,
      done: new Set(),
      held: new Map(),
      claimed: 0,
    }))
  const add = (topic: string, messages: readonly Message[], partition?: number): void => {
    if (messages.length === 0) return
    topicOf(topic).add(messages, clock.now(), partition)
    announce()
  }

  return {
    publish: (topic, messages) => add(topic, messages),
    claim(topic, name, consumer, limit) {
      const { all } = topicOf(topic)
      const group = groupOf(topic, name)
      const busy = new Set<string>()
      const claims: Claim[] = []
      for (let index = group.from; index < all.length && claims.length < limit; index += 1) {
        const message = all[index]
        if (message === undefined || group.done.has(index)) continue
        const holder = group.held.get(index)
        // Whoever holds a message of a key gets the later ones of it too, or their order would be lost.
        if (holder !== undefined && holder !== consumer) busy.add(message.key)
        if (holder !== undefined || busy.has(message.key)) continue
        group.held.set(index, consumer)
        claims.push({ index, message })
      }
      group.claimed += claims.length
      return claims
    },
    commit(topic, name, claims) {
      const group = groupOf(topic, name)
      for (const { index } of claims) {
        group.held.delete(index)
        group.done.add(index)
      }
      for (; group.done.has(group.from); group.from += 1) group.done.delete(group.from)
      announce()
    },
    leave(topic, name, consumer) {
      const group = groupOf(topic, name)
      for (const [index, holder] of group.held) if (holder === consumer) group.held.delete(index)
      announce()
    },
    claimed: (topic, name) => groupOf(topic, name).claimed,
    changed: () => change.promise,
    prepare: (topic, count) => topicOf(topic, count).partitions,
    append: (topic, partition, messages) => add(topic, messages, partition),
    read(topic, partition, from, limit) {
      const messages = topicOf(topic).slice(partition, from, limit)
      const key = JSON.stringify([topic, partition])
      pulled.set(key, (pulled.get(key) ?? 0) + messages.length)
      return messages
    },
    pulled: (topic, partition) => pulled.get(JSON.stringify([topic, partition])) ?? 0,
    note: (topic, partition, group, position) => {
      noted.set(JSON.stringify([topic, partition, group]), position)
    },
    noted: (topic, partition, group) => noted.get(JSON.stringify([topic, partition, group])),
    join: (group, wanted) =>
      found(members, group, () =>
        memoryMembers({ clock, handoverMs, partitionsOf: (topic) => topicOf(topic).partitions, announce }),
      ).join(wanted),
  }
}
