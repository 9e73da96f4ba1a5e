import assert from 'node:assert/strict'
import type { Batch } from '@andon/core/connector'

/** How long a real system may take to deliver something in a suite, unless the factory's product says otherwise. */
export const patience = 10_000
/** What "promptly" means: far above a busy machine's jitter, far below any polling interval worth the name. */
export const promptly = 1_000

/** The promise's result, or a failure that names what did not happen in time. */
export async function within<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new assert.AssertionError({ message: `${what}: not within ${milliseconds} ms` }))
    }, milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets a pump that does not wait for its reader show itself: 50 turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Reads batches as an engine does, with a deadline on every step. */
export interface Reader<T> {
  /** The next batch, or undefined at the end. */
  next(): Promise<Batch<T> | undefined>
  /** Reads on until `count` items have come; each batch goes through `each` (for instance to commit it). */
  take(count: number, each?: (batch: Batch<T>) => Promise<void>): Promise<readonly T[]>
  /** Aborts and sees the iteration end. */
  stop(): Promise<void>
}

export const commit = <T>(batch: Batch<T>): Promise<void> => batch.commit()

/** @param patienceMs the longest wait for one batch */
export function readerOf<T>(
  open: (signal: AbortSignal) => AsyncIterable<Batch<T>>,
  patienceMs = patience,
): Reader<T> {
  const stopper = new AbortController()
  const iterator = open(stopper.signal)[Symbol.asyncIterator]()
  let asked: Promise<IteratorResult<Batch<T>>> | undefined

  // A question that was asked and not yet answered is asked only once.
  const ask = (): Promise<IteratorResult<Batch<T>>> => {
    asked ??= iterator.next().finally(() => {
      asked = undefined
    })
    return asked
  }
  const next = async (): Promise<Batch<T> | undefined> => {
    const step = await within(ask(), patienceMs, 'the next batch')
    return step.done === true ? undefined : step.value
  }

  return {
    next,
    async take(count, each) {
      const items: T[] = []
      while (items.length < count) {
        const batch = await next()
        assert.ok(batch !== undefined, `the iteration ended after ${items.length} of ${count} items`)
        items.push(...batch.items)
        await each?.(batch)
      }
      return items
    },
    async stop() {
      stopper.abort()
      // What is on its way may still come; after that there must be an end, and soon.
      for (let left = 1_000; left > 0; left -= 1) {
        const step = await within(
          ask(),
          Math.min(promptly, patienceMs),
          'the end of the iteration after an abort',
        )
        if (step.done === true) return
      }
      assert.fail('the iteration went on for 1,000 batches after the signal was aborted')
    },
  }
}
