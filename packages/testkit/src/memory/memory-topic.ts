import type { LoggedMessage, Message } from '@andon/core/connector'
import { partitionOf } from './partition-of.js'

/** A topic of a memory broker: what was published, in one row for groups and in its partitions for workers. */
export interface MemoryTopic {
  readonly partitions: number
  /** Everything, in the order of its arrival. */
  readonly all: readonly LoggedMessage[]
  /** Each message goes to the partition of its key, or all of them to the one that is named. */
  add(messages: readonly Message[], at: number, partition?: number): void
  slice(partition: number, from: number, limit: number): readonly LoggedMessage[]
}

export function memoryTopic(partitions: number): MemoryTopic {
  const all: LoggedMessage[] = []
  const logs: readonly LoggedMessage[][] = Array.from({ length: partitions }, () => [])
  return {
    partitions,
    all,
    add(messages, at, partition) {
      for (const message of messages) {
        const log = logs[partition ?? partitionOf(message.key, partitions)]
        if (log === undefined) continue
        const body = Uint8Array.from(message.body)
        const logged: LoggedMessage = { ...message, body, position: log.length, at }
        log.push(logged)
        all.push(logged)
      }
    },
    slice: (partition, from, limit) =>
      logs[partition]?.slice(Math.max(0, from), Math.max(0, from) + limit) ?? [],
  }
}
