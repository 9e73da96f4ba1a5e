import type { Clock } from '@andon/core/connector'

/** Waits by the clock, or until the signal is aborted. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.setTimer(milliseconds, done)
    signal.addEventListener('abort', done, { once: true })
  })
}
