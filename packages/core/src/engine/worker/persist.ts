import type { Clock } from '../../connector/clock.js'
import { AndonError, problemOf } from '../../errors/index.js'
import { pause } from '../pause.js'

export interface PersistOptions {
  readonly clock: Clock
  /** The name of the bus that it works on. */
  readonly bus: string
  /** Ends it. */
  readonly signal: AbortSignal
  readonly failed: (error: AndonError) => void
}

const shortestPause = 500
const longestPause = 30_000

/**
 * Does something that is to go on until the signal is aborted: when it fails, or ends by itself, it begins anew after
 * a pause that grows from half a second to half a minute. Never rejects.
 *
 * @param work calls `went` whenever it gets on: the next pause is a short one then
 */
export async function persist(
  { clock, bus, signal, failed }: PersistOptions,
  work: (went: () => void) => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await work(() => {
        failures = 0
      })
    } catch (cause) {
      if (signal.aborted) return
      failed(busFailure(bus, cause))
    }
    await pause(clock, Math.min(longestPause, shortestPause * 2 ** failures), signal)
  }
}

/** What goes wrong between bus and store, as whoever watches is told. */
export function busFailure(bus: string, cause: unknown): AndonError {
  if (cause instanceof AndonError) return cause
  return new AndonError('BUS_FAILED', { details: { bus, problem: problemOf(cause) }, cause })
}
