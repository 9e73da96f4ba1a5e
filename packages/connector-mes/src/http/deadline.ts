import type { CallContext } from '@andon/core/connector'

/** What a call needs of the context that a target gets. */
export type Call = Pick<CallContext, 'signal' | 'clock' | 'traceparent'>

/** Says why it was aborted. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Milliseconds since it began, on the call's clock. */
  elapsed(): number
  end(): void
}

/** Aborts when the call's signal does, and when the time is over on the call's own clock. */
export function deadline({ signal, clock }: Call, milliseconds: number): Deadline {
  const controller = new AbortController()
  const started = clock.now()
  const stop = (): void => controller.abort()
  const cancel = clock.setTimer(milliseconds, stop)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  return {
    signal: controller.signal,
    elapsed: () => Math.max(0, Math.round(clock.now() - started)),
    end() {
      cancel()
      signal.removeEventListener('abort', stop)
    },
  }
}

/** The promise, or a rejection as soon as the signal is aborted; the promise itself goes on for others. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, aborted: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(aborted())
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
