import type { Batch, RawPayload, Source } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import type { MemoryFault } from './fault.js'
import { changeOrAbort } from './wait.js'

export interface MemorySourceOptions {
  /** Default `memory`. */
  readonly name?: string
  /** True: after the last batch it waits for `push` until the signal is aborted. Default false: it ends. */
  readonly endless?: boolean
  /** The upstream's bad days; asked before each batch with the operation `receive`. */
  readonly fault?: MemoryFault
}

export interface MemorySource extends Source {
  /** One more batch upstream. */
  push(batch: readonly RawPayload[]): void
  /** How many payloads were read so far. */
  pulled(): number
  /** How many batches are committed, counted from the first. */
  committed(): number
  close(): Promise<void>
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('memory'),
  endless: z.boolean().default(false),
  fault: z.custom<MemoryFault>((value) => typeof value === 'function').optional(),
})
const positionSchema = z.object({ batch: z.int().min(0) })

/**
 * The reference source: brings the batches it was given, each with its position. A new iteration begins
 * after the last committed batch, or after `resumeFrom` when that is further on.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; SOURCE_FAILED while iterating when `fault` says so.
 */
export function memorySource(
  batches: readonly (readonly RawPayload[])[],
  options: MemorySourceOptions = {},
): MemorySource {
  const { name, endless, fault } = checkedOptions(optionsSchema, options)
  const upstream = [...batches]
  let wake = Promise.withResolvers<void>()
  let committed = 0
  let pulled = 0
  let closed = false

  return {
    contract: 1,
    name,
    capabilities: { resumable: true, endless },
    push(batch) {
      upstream.push(batch)
      wake.resolve()
      wake = Promise.withResolvers()
    },
    pulled: () => pulled,
    committed: () => committed,
    async close() {
      closed = true
      wake.resolve()
    },
    async *receive({ signal, resumeFrom }): AsyncGenerator<Batch<RawPayload>> {
      const from = resumeFrom === undefined ? 0 : positionSchema.parse(resumeFrom).batch
      for (let next = Math.max(from, committed); !signal.aborted && !closed; ) {
        const cause = fault?.('receive')
        if (cause !== undefined) {
          throw new AndonError('SOURCE_FAILED', { details: { source: name, problem: cause.message }, cause })
        }
        const items = upstream[next]
        if (items === undefined) {
          if (!endless) return
          await changeOrAbort(wake.promise, signal)
          continue
        }
        next += 1
        pulled += items.length
        const batch = next
        yield {
          items,
          position: { batch },
          async commit() {
            committed = Math.max(committed, batch)
          },
        }
      }
    },
  }
}
