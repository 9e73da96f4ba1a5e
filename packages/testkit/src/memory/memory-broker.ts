import type { Message } from '@andon/core/connector'

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

/** A durable log for each topic, in memory. A key is never in the hands of two consumers of one group. */
export function memoryBroker(): MemoryBroker {
  const topics = new Map<string, Message[]>()
  const groups = new Map<string, Group>()
  let change = Promise.withResolvers<void>()

  const announce = (): void => {
    change.resolve()
    change = Promise.withResolvers()
  }
  const logOf = (topic: string): Message[] => {
    const log = topics.get(topic) ?? []
    topics.set(topic, log)
    return log
  }
  const groupOf = (topic: string, name: string): Group => {
    const key = JSON.stringify([topic, name])
    const group = groups.get(key) ?? { from: 0, done: new Set(), held: new Map(), claimed: 0 }
    groups.set(key, group)
    return group
  }

  return {
    publish(topic, messages) {
      if (messages.length === 0) return
      const copies = messages.map((message) => ({ ...message, body: Uint8Array.from(message.body) }))
      logOf(topic).push(...copies)
      announce()
    },
    claim(topic, name, consumer, limit) {
      const log = logOf(topic)
      const group = groupOf(topic, name)
      const busy = new Set<string>()
      const claims: Claim[] = []
      for (let index = group.from; index < log.length && claims.length < limit; index += 1) {
        const message = log[index]
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
  }
}
