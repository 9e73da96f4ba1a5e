import type { CloudEvent, Sink } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import type { MemoryFault } from './fault.js'

export interface MemorySinkOptions {
  /** Default `memory`. */
  readonly name?: string
  /** Where the events arrive, each as one JSON text; shared by several sinks it is their other side. Default one of its own. */
  readonly log?: string[]
  /** The other side's bad days; asked with the operations `publish` and `check`. */
  readonly fault?: MemoryFault
}

export interface MemorySink extends Sink {
  /** Everything that has arrived so far, repetitions included, in the order of arrival. */
  events(): readonly CloudEvent[]
  close(): Promise<void>
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('memory'),
  log: z.custom<string[]>((value) => Array.isArray(value)).optional(),
  fault: z.custom<MemoryFault>((value) => typeof value === 'function').optional(),
})

/**
 * The reference sink.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; SINK_FAILED when closed or when `fault` says so.
 */
export function memorySink(options: MemorySinkOptions = {}): MemorySink {
  const { name, log = [], fault } = checkedOptions(optionsSchema, options)
  let closed = false

  return {
    contract: 1,
    name,
    capabilities: { durable: false },
    async publish(events) {
      const cause = fault?.('publish')
      if (cause !== undefined || closed) {
        const problem = cause?.message ?? 'it is closed'
        throw new AndonError('SINK_FAILED', { details: { sink: name, problem }, cause })
      }
      log.push(...events.map((event) => JSON.stringify(event)))
    },
    async check() {
      const cause = fault?.('check')
      if (cause !== undefined) return { ok: false, detail: cause.message }
      return closed ? { ok: false, detail: 'it is closed' } : { ok: true }
    },
    events: () => log.map((text): CloudEvent => JSON.parse(text)),
    async close() {
      closed = true
    },
  }
}
