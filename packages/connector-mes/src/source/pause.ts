import { systemClock } from '@andon/core/connector'

/** Resolves after so many ms, or when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = systemClock.setTimer(milliseconds, done)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
