import type { Batch, Message, PartitionedBus } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import type { MemoryFault } from './fault.js'
import { type MemoryBroker, memoryBroker } from './memory-broker.js'
import type { Membership } from './memory-members.js'
import { memoryPartition } from './memory-partition.js'
import { changeOrAbort } from './wait.js'

export interface MemoryBusOptions {
  /** Default `memory`. */
  readonly name?: string
  /** Shared by several buses; default one of its own. */
  readonly broker?: MemoryBroker
  /** The most messages in one batch; default 100. */
  readonly batchSize?: number
  /** The broker's bad days; asked with `publish`, `consume`, `prepare`, `partitions`, `read`, `append` and `commit`. */
  readonly fault?: MemoryFault
}

export interface MemoryBus extends PartitionedBus {
  close(): Promise<void>
  /**
   * Vanishes as a process does at kill -9: others get its partitions at once, it hears nothing of that and thinks that
   * they are still its own. Whatever it does now fails, and nothing comes to it any more.
   */
  die(): void
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('memory'),
  broker: z.custom<MemoryBroker>((value) => typeof value === 'object' && value !== null).optional(),
  batchSize: z.int().min(1).max(100_000).default(100),
  fault: z.custom<MemoryFault>((value) => typeof value === 'function').optional(),
})

/**
 * The reference bus: at least once, ordered by key, shared within a group; and partitions, a key's where Kafka puts it.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; BUS_FAILED when closed or when `fault` says so.
 */
export function memoryBus(options: MemoryBusOptions = {}): MemoryBus {
  const { name, broker = memoryBroker(), batchSize, fault } = checkedOptions(optionsSchema, options)
  const closing = new AbortController()
  const memberships = new Set<Membership>()
  let dead = false

  const failed = (problem: string, cause?: Error, retryable = true): AndonError =>
    new AndonError('BUS_FAILED', { details: { bus: name, problem }, cause, retryable })
  const use = (operation: string): void => {
    const cause = fault?.(operation)
    if (cause !== undefined) throw failed(cause.message, cause)
    if (closing.signal.aborted) throw failed('it is closed')
    if (dead) throw failed('it is gone')
  }

  return {
    contract: 1,
    name,
    capabilities: { durable: false, orderedByKey: true, partitioned: true, batchSize },
    async publish(topic, messages) {
      use('publish')
      broker.publish(topic, messages)
    },
    async *consume({ topic, group, signal }): AsyncGenerator<Batch<Message>> {
      const consumer = {}
      use('consume')
      try {
        while (!signal.aborted && !closing.signal.aborted) {
          const changed = broker.changed()
          const claims = dead ? [] : broker.claim(topic, group, consumer, batchSize)
          if (claims.length === 0) {
            await changeOrAbort(changed, signal, closing.signal)
            continue
          }
          yield {
            items: claims.map(({ message }) => message),
            commit: async () => broker.commit(topic, group, claims),
          }
        }
      } finally {
        broker.leave(topic, group, consumer)
      }
    },
    async prepare(needs) {
      use('prepare')
      for (const { topic, partitions } of needs) {
        const there = broker.prepare(topic, partitions)
        if (partitions === undefined || there >= partitions) continue
        throw failed(
          `the topic ${topic} has ${there} partitions, and ${partitions} are needed`,
          undefined,
          false,
        )
      }
    },
    async *partitions({ topics, group, signal }) {
      use('partitions')
      if (signal.aborted) return
      const membership = broker.join(group, topics)
      const leave = (): void => membership.leave()
      memberships.add(membership)
      // Whoever is busy with a partition and does not ask for the next one is to hear of the end, too.
      signal.addEventListener('abort', leave)
      closing.signal.addEventListener('abort', leave)
      try {
        while (!signal.aborted && !closing.signal.aborted) {
          const changed = broker.changed()
          const holding = membership.next()
          if (holding === undefined) await changeOrAbort(changed, signal, closing.signal)
          else
            yield memoryPartition(holding, {
              broker,
              group,
              batchSize,
              use,
              closing: closing.signal,
              dead: () => dead,
            })
        }
      } finally {
        signal.removeEventListener('abort', leave)
        closing.signal.removeEventListener('abort', leave)
        memberships.delete(membership)
        leave()
      }
    },
    async close() {
      closing.abort()
    },
    die() {
      dead = true
      for (const membership of memberships) membership.vanish()
    },
  }
}
