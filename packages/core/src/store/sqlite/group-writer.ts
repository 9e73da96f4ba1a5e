import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { AndonError, isAndonError, problemOf } from '../../errors/index.js'

interface Job {
  /** True when the work may run; work that waits keeps its place in the order of calls. */
  ready: boolean
  /** Never rejects; what went wrong stands in `failure`. */
  readonly becameReady: Promise<void>
  failure?: unknown
  readonly work: () => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

// A group is bounded so that the first caller in it does not wait for ever.
const maxJobsPerCommit = 128

/**
 * Group commit: works run one after another in the order they were handed in, and those that are ready
 * together share one transaction and one fsync. A work that throws takes back only its own changes.
 */
export class GroupWriter {
  readonly #jobs: Job[] = []
  readonly #statements: Record<'begin' | 'commit' | 'rollback' | 'save' | 'release' | 'undo', StatementSync>
  #running = false
  #idle: Promise<void> = Promise.resolve()

  constructor(database: DatabaseSync) {
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      rollback: database.prepare('ROLLBACK'),
      save: database.prepare('SAVEPOINT job'),
      release: database.prepare('RELEASE job'),
      undo: database.prepare('ROLLBACK TO job'),
    }
  }

  /** Runs `work` in a transaction, not before `after` has settled; resolves when it is on disk. */
  run<T>(work: () => Promise<T>, after?: Promise<unknown>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const becameReady = Promise.resolve(after).then(
        () => {
          job.ready = true
        },
        (failure: unknown) => {
          job.failure = failure
          job.ready = true
        },
      )
      const job: Job = {
        ready: after === undefined,
        becameReady,
        work,
        resolve: (value) => resolve(value as T),
        reject,
      }
      this.#jobs.push(job)
      if (!this.#running) {
        this.#running = true
        this.#idle = this.#drain()
      }
    })
  }

  /** Resolves when everything handed in so far is on disk or rejected. */
  async settle(): Promise<void> {
    while (this.#running) await this.#idle
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that callers of the same turn share the commit.
    await new Promise((resolve) => setImmediate(resolve))
    for (let first = this.#jobs[0]; first !== undefined; first = this.#jobs[0]) {
      if (!first.ready) await first.becameReady
      let count = 0
      while (count < maxJobsPerCommit && this.#jobs[count]?.ready === true) count++
      await this.#commit(this.#jobs.splice(0, count))
    }
    this.#running = false
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const { begin, commit, rollback, save, release, undo } = this.#statements
    const done: { job: Job; value: unknown }[] = []
    try {
      begin.run()
      for (const job of jobs) {
        if (job.failure !== undefined) {
          job.reject(storeFailed('prepare', job.failure))
          continue
        }
        save.run()
        try {
          done.push({ job, value: await job.work() })
          release.run()
        } catch (error) {
          undo.run()
          release.run()
          job.reject(isAndonError(error) ? error : storeFailed('write', error))
        }
      }
      commit.run()
    } catch (error) {
      try {
        rollback.run()
      } catch {
        // No transaction was open: BEGIN itself failed, and that error is the one to tell.
      }
      const failure = storeFailed('commit', error)
      for (const job of jobs) job.reject(failure)
      return
    }
    for (const { job, value } of done) job.resolve(value)
  }
}

export function storeFailed(operation: string, cause: unknown): AndonError {
  return new AndonError('STORE_FAILED', { details: { operation, problem: problemOf(cause) }, cause })
}
