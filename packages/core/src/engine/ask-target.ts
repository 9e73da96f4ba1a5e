import type { Clock } from '../connector/clock.js'
import type { Logger } from '../connector/logger.js'
import type { CallContext } from '../connector/target.js'
import { AndonError, isAndonError, problemOf } from '../errors/index.js'
import type { Localized } from '../text.js'
import { withDeadline } from './actuation/deadline.js'

export interface AskOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Longest wait for one answer (ms). */
  readonly timeoutMs: number
  /** Ends everything. */
  readonly stop: AbortSignal
}

/** What was asked of a target, or why there is no answer. */
export type Asked<T> = { readonly answer: T } | { readonly problem: Localized }

/**
 * Asks a target something that changes nothing, and once more when that fails.
 *
 * @throws AndonError ABORTED when stopped
 */
export async function askTwice<T>(
  target: string,
  { clock, logger, timeoutMs, stop }: AskOptions,
  question: (context: CallContext) => Promise<T>,
): Promise<Asked<T>> {
  const once = (): Promise<T> =>
    withDeadline(clock, timeoutMs, target, stop, (signal) => question({ signal, clock, logger }))
  const refused = (error: unknown): Asked<T> => {
    if (stop.aborted) throw new AndonError('ABORTED', { cause: error })
    const problem = problemOf(error)
    return { problem: isAndonError(error) ? error.text : { en: problem, zh: problem } }
  }
  if (stop.aborted) throw new AndonError('ABORTED')
  try {
    return { answer: await once() }
  } catch (error) {
    if (stop.aborted) return refused(error)
    return await once().then((answer) => ({ answer }), refused)
  }
}
