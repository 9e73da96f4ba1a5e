import type { CallMeans } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Rest } from '../rest/rest.js'
import type { Steady } from '../steady.js'
import type { CheckedCaseOptions } from './case-options.js'
import type { KeysetReader, Page, PagesOptions } from './keyset-reader.js'

export interface PatientQueriesOptions {
  readonly options: CheckedCaseOptions
  readonly rest: Rest
  readonly means: CallMeans
  readonly steady: Steady
}

/** How long before room in the quota is looked for again (ms). */
const quotaPauseMs = 60_000

/** Queries that wait: while the org does not answer, and while its calls belong to others. */
export class PatientQueries {
  readonly #parts: PatientQueriesOptions
  #saidQuota = false

  constructor(parts: PatientQueriesOptions) {
    this.#parts = parts
  }

  /** All pages of a reader; what fails and passes is tried again, behind the last page. */
  async *pages(
    reader: KeysetReader,
    doing: string,
    which: PagesOptions = {},
  ): AsyncGenerator<Page, void, undefined> {
    const { means, steady } = this.#parts
    for (let failures = 0; ; failures += 1) {
      await this.room()
      try {
        for await (const page of reader.pages(means, which)) {
          failures = 0
          yield page
        }
        return
      } catch (error) {
        await steady.after(error, doing, failures)
      }
    }
  }

  /** Work that is tried until it succeeds, once there is room for it. */
  async do<T>(doing: string, work: () => Promise<T>): Promise<T> {
    await this.room()
    return this.#parts.steady.do(doing, work)
  }

  /** Waits while what is left of the org's calls belongs to others. */
  async room(): Promise<void> {
    const { rest, options, means, steady } = this.#parts
    const { quota } = rest.http
    while (quota.spent && !means.signal.aborted) {
      if (!this.#saidQuota) {
        options.logger.warn(
          { source: options.name, ...quota.usage },
          'the API calls of the org are used up to the share that is kept free: waiting',
        )
      }
      this.#saidQuota = true
      await pause(means.clock, quotaPauseMs, means.signal)
      if (means.signal.aborted) return
      // One call, which says how many there are now.
      await steady.do('asking for limits', () => rest.call({ method: 'GET', path: '/limits' }, means))
    }
    this.#saidQuota = false
  }
}
