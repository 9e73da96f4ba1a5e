import type { Clock } from '../../connector/clock.js'
import { AndonError } from '../../errors/index.js'
import { onAbort } from './on-abort.js'

/**
 * Runs `work` with a signal that aborts after `milliseconds` or when `stop` aborts. A work that ignores
 * its signal is left behind: the promise rejects at the deadline all the same.
 *
 * @throws AndonError TARGET_TIMEOUT, ABORTED
 */
export async function withDeadline<T>(
  clock: Clock,
  milliseconds: number,
  target: string,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const give = (error: AndonError): void => {
      done()
      controller.abort(error)
      reject(error)
    }
    const cancelTimer = clock.setTimer(milliseconds, () =>
      give(new AndonError('TARGET_TIMEOUT', { details: { target, milliseconds } })),
    )
    const cancelStop = onAbort(stop, () => give(new AndonError('ABORTED', { retryable: true })))
    const done = (): void => {
      cancelTimer()
      cancelStop()
    }
    work(controller.signal).then(
      (value) => {
        done()
        resolve(value)
      },
      (error: unknown) => {
        done()
        reject(error)
      },
    )
  })
}
