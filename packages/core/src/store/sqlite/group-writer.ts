import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { AndonError, isAndonError, problemOf } from '../../errors/index.js'

interface Job {
  readonly work: () => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

// A group is bounded so that the first caller in it does not wait for ever.
const maxJobsPerCommit = 128

interface Done {
  readonly job: Job
  readonly value: unknown
}

/**
 * Group commit: works run one after another in the order they were handed in, and those that wait together
 * share one transaction and one flush to disk. A work that throws takes back only its own changes.
 *
 * The flush runs in the thread pool, not inside COMMIT: the host's event loop goes on meanwhile, and so do the next
 * transactions; the next flush is for all of them. A promise resolves after its flush, in the order of the works, so
 * what is told is on disk, as with synchronous = FULL.
 */
export class GroupWriter {
  readonly #jobs: Job[] = []
  readonly #statements: Record<'begin' | 'commit' | 'rollback' | 'save' | 'release' | 'undo', StatementSync>
  readonly #flush: () => Promise<void>
  readonly #takenBack: () => void
  #running = false
  #idle: Promise<void> = Promise.resolve()
  /** Committed, and not yet known to be on disk. */
  #unflushed: Done[] = []
  #flushing: Promise<void> | undefined
  /** After a failed flush nobody knows what is on disk: nothing more is promised. */
  #broken: AndonError | undefined

  /**
   * @param flush brings every commit so far to disk
   * @param takenBack told when changes were undone
   */
  constructor(database: DatabaseSync, flush: () => Promise<void>, takenBack: () => void) {
    this.#flush = flush
    this.#takenBack = takenBack
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      rollback: database.prepare('ROLLBACK'),
      save: database.prepare('SAVEPOINT job'),
      release: database.prepare('RELEASE job'),
      undo: database.prepare('ROLLBACK TO job'),
    }
  }

  /** Runs `work` in a transaction; resolves when it is on disk. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: (value) => resolve(value as T), reject })
      if (!this.#running) {
        this.#running = true
        this.#idle = this.#drain()
      }
    })
  }

  /** Resolves when everything handed in so far is on disk or rejected. */
  async settle(): Promise<void> {
    while (this.#running || this.#flushing !== undefined) {
      await this.#idle
      await this.#flushing
    }
  }

  async #drain(): Promise<void> {
    do {
      // One turn of the event loop, so that callers of the same turn share the commit.
      await new Promise((resolve) => setImmediate(resolve))
      // One commit may wait for its flush while another is flushed; more would only be smaller ones.
      if (this.#unflushed.length > 0) await this.#flushing
      await this.#commit(this.#jobs.splice(0, maxJobsPerCommit))
    } while (this.#jobs.length > 0)
    this.#running = false
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const { begin, commit, rollback, save, release, undo } = this.#statements
    if (this.#broken !== undefined) {
      for (const { reject } of jobs) reject(this.#broken)
      return
    }
    const done: Done[] = []
    try {
      begin.run()
      for (const job of jobs) {
        save.run()
        try {
          done.push({ job, value: await job.work() })
          release.run()
        } catch (error) {
          undo.run()
          release.run()
          this.#takenBack()
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
      this.#takenBack()
      const failure = storeFailed('commit', error)
      for (const job of jobs) job.reject(failure)
      return
    }
    this.#unflushed.push(...done)
    if (done.length > 0) this.#flushing ??= this.#flushAll()
  }

  /** One flush after another, each for all that was committed before it. */
  async #flushAll(): Promise<void> {
    while (this.#unflushed.length > 0) {
      const committed = this.#unflushed.splice(0)
      try {
        await this.#flush()
        for (const { job, value } of committed) job.resolve(value)
      } catch (error) {
        this.#broken = storeFailed('flush to disk', error)
        for (const { job } of [...committed, ...this.#unflushed.splice(0)]) job.reject(this.#broken)
      }
    }
    this.#flushing = undefined
  }
}

export function storeFailed(operation: string, cause: unknown): AndonError {
  return new AndonError('STORE_FAILED', { details: { operation, problem: problemOf(cause) }, cause })
}
