import { Worker } from 'node:worker_threads'
import type { ChannelSet } from '../channel/channel-set.js'
import type { RawPayload } from '../channel/payload.js'
import type { ReadContext } from '../channel/read.js'
import type { RuleMatcher } from '../rule/runtime/matcher.js'
import type { ReadBatch } from './read-batch.js'
import type { ReaderReply, ReaderSelectors, ReaderSetup } from './reader-messages.js'

interface Waiting {
  readonly resolve: (batch: ReadBatch | undefined) => void
}

interface Reader {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
}

/**
 * Threads that read payloads beside the host's event loop. Started when first needed; they never keep the
 * process alive. Whatever goes wrong with one only means that its batch is read here instead.
 */
export class ReaderPool {
  readonly #setup: () => ReaderSetup
  readonly #size: number
  readonly #failed: (problem: string) => void
  readonly #readers: Reader[] = []
  #next = 1
  #broken = false

  /** @param setup asked whenever a thread starts */
  constructor(setup: () => ReaderSetup, size: number, failed: (problem: string) => void) {
    this.#setup = setup
    this.#size = size
    this.#failed = failed
  }

  /** The batch, read by the least busy thread; undefined when it must be read here. */
  read(payloads: readonly RawPayload[], context: ReadContext): Promise<ReadBatch | undefined> {
    if (this.#broken) return Promise.resolve(undefined)
    const reader = this.#leastBusy()
    return new Promise((resolve) => {
      const id = this.#next++
      reader.waiting.set(id, { resolve })
      try {
        reader.worker.postMessage({ id, payloads, context })
        reader.worker.ref()
      } catch {
        // A body that cannot be cloned (it has functions): the batch is read where it is.
        reader.waiting.delete(id)
        resolve(undefined)
      }
    })
  }

  /** The rules have changed; what is handed in from now on is matched against the new ones. */
  renew(): void {
    const { selectors } = this.#setup()
    for (const { worker } of this.#readers) worker.postMessage({ selectors } satisfies ReaderSelectors)
  }

  async close(): Promise<void> {
    this.#broken = true
    await Promise.all(this.#readers.map(({ worker }) => worker.terminate()))
  }

  #leastBusy(): Reader {
    const idle = this.#readers.find(({ waiting }) => waiting.size === 0)
    if (idle !== undefined) return idle
    if (this.#readers.length < this.#size) return this.#start()
    return this.#readers.reduce((least, reader) =>
      reader.waiting.size < least.waiting.size ? reader : least,
    )
  }

  #start(): Reader {
    const worker = new Worker(new URL('./reader-thread.js', import.meta.url), {
      workerData: this.#setup(),
      // Records die young here: room for several batches keeps the garbage collector out of their way.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    })
    const reader: Reader = { worker, waiting: new Map() }
    worker.unref()
    worker.on('message', (reply: ReaderReply) => {
      const waiting = reader.waiting.get(reply.id)
      reader.waiting.delete(reply.id)
      if (reader.waiting.size === 0) worker.unref()
      if ('batch' in reply) waiting?.resolve(reply.batch)
      else {
        this.#breakDown(reply.problem)
        waiting?.resolve(undefined)
      }
    })
    worker.on('error', (error) => this.#breakDown(error.message))
    worker.on('exit', () => {
      for (const { resolve } of reader.waiting.values()) resolve(undefined)
      reader.waiting.clear()
    })
    this.#readers.push(reader)
    return reader
  }

  /** One honest warning, then everything is read on the host's thread. */
  #breakDown(problem: string): void {
    if (this.#broken) return
    this.#broken = true
    this.#failed(problem)
  }
}

/** Reading can run on threads when all channels come from one place that a thread can import. */
export function readerPool(
  { channels }: ChannelSet,
  stream: { readonly matcher: RuleMatcher },
  size: number,
  failed: (problem: string) => void,
): ReaderPool | undefined {
  const origin = channels[0]?.origin
  if (size === 0 || origin === undefined || channels.some((channel) => channel.origin !== origin))
    return undefined
  const names = channels.map(({ name }) => name)
  return new ReaderPool(
    () => ({ origin, channels: names, selectors: stream.matcher.selectors }),
    size,
    failed,
  )
}
