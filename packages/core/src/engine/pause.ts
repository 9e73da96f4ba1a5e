import type { Clock } from '../connector/clock.js'

/** Resolves after `milliseconds` of the clock, or at once when the signal aborts. */
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
