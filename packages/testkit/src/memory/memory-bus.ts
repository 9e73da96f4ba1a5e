import type { Batch, Bus, Message } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import type { MemoryFault } from './fault.js'
import { type MemoryBroker, memoryBroker } from './memory-broker.js'
import { changeOrAbort } from './wait.js'

export interface MemoryBusOptions {
  /** Default `memory`. */
  readonly name?: string
  /** Shared by several buses; default one of its own. */
  readonly broker?: MemoryBroker
  /** The most messages in one batch; default 100. */
  readonly batchSize?: number
  /** The broker's bad days; asked with the operations `publish` and `consume`. */
  readonly fault?: MemoryFault
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('memory'),
  broker: z.custom<MemoryBroker>((value) => typeof value === 'object' && value !== null).optional(),
  batchSize: z.int().min(1).max(100_000).default(100),
  fault: z.custom<MemoryFault>((value) => typeof value === 'function').optional(),
})

/**
 * The reference bus: at least once, ordered by key, shared within a group.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; BUS_FAILED when closed or when `fault` says so.
 */
export function memoryBus(options: MemoryBusOptions = {}): Bus & { close(): Promise<void> } {
  const { name, broker = memoryBroker(), batchSize, fault } = checkedOptions(optionsSchema, options)
  const closing = new AbortController()

  const use = (operation: string): void => {
    const cause = fault?.(operation)
    if (cause === undefined && !closing.signal.aborted) return
    const problem = cause?.message ?? 'it is closed'
    throw new AndonError('BUS_FAILED', { details: { bus: name, problem }, cause })
  }

  return {
    contract: 1,
    name,
    capabilities: { durable: false, orderedByKey: true, batchSize },
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
          const claims = broker.claim(topic, group, consumer, batchSize)
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
    async close() {
      closing.abort()
    },
  }
}
