import type { Logger } from '@andon/core/connector'
import { isAndonError, problemOf } from '@andon/core/errors'
import { BusError } from './events/bus-failure.js'
import { type Speaker, unavailable } from './failures.js'
import type { CallMeans } from './http/salesforce-http.js'
import { pause } from './pause.js'

const firstPauseMs = 250
const longestPauseMs = 30_000

/** Does work until it succeeds: what passes by itself is waited for, with growing pauses; anything else is thrown. */
export class Steady {
  readonly #speaker: Speaker
  readonly #logger: Logger
  readonly #means: CallMeans

  constructor(speaker: Speaker, logger: Logger, means: CallMeans) {
    this.#speaker = speaker
    this.#logger = logger
    this.#means = means
  }

  async do<T>(doing: string, work: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await work()
      } catch (error) {
        await this.after(error, doing, failures)
      }
    }
  }

  /** Waits after a failure. @throws the error where waiting is useless or nobody waits */
  async after(error: unknown, doing: string, failures: number): Promise<void> {
    const { signal, clock } = this.#means
    if (signal.aborted || !passes(error)) throw asFailure(error, this.#speaker)
    const wait = Math.min(longestPauseMs, firstPauseMs * 2 ** failures)
    this.#logger.warn(
      { source: this.#speaker.name, doing, problem: problemOf(error), waitMs: wait },
      'Salesforce does not answer as it should; trying again',
    )
    await pause(clock, wait, signal)
    if (signal.aborted) throw asFailure(error, this.#speaker)
  }
}

const passes = (error: unknown): boolean =>
  isAndonError(error) ? error.retryable : error instanceof BusError && error.failure.kind !== 'topic'

function asFailure(error: unknown, speaker: Speaker): unknown {
  if (!(error instanceof BusError)) return error
  return unavailable(speaker, { en: error.message, zh: error.message }, new Error(error.message))
}
