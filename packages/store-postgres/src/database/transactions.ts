import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AndonError } from '@andon/core/errors'
import type { PoolClient } from 'pg'
import { isConnectionLoss, sqlStateOf, storeFailed } from '../failure.js'
import type { Tasks } from '../tasks.js'
import { TurnTaker } from '../turn-taker.js'
import { connected, type Database, released, worked } from './database.js'
import { Session } from './session.js'
import { statements } from './statement.js'

const doubtPauseMs = 100
/** Lock and statement timeouts, deadlocks: the transaction that is asked for is still under way. */
const stillBusy = new Set(['55P03', '57014', '40P01', '40001'])

/** What ends a transaction: the first five arguments of `finish`. */
export interface Ended {
  readonly ending: readonly Buffer[]
}

/** A connection numbers its transactions: what it has committed can be asked for by number. */
interface Slot {
  readonly id: string
  token: number
}

/**
 * Transactions around works of users.
 *
 * Where several run at once, they commit without waiting for the disk (`synchronous_commit = off`, for that one
 * commit) and then share one flush, which covers everything committed before it. So they hold their locks for a
 * fraction of the time, and no promise resolves before its transaction is on disk.
 */
export class Transactions {
  readonly #database: Database
  readonly #sql
  readonly #slots = new WeakMap<PoolClient, Slot>()
  readonly #flushes: TurnTaker<undefined, true>
  #running = 0

  constructor(database: Database, tasks: Tasks) {
    this.#database = database
    this.#sql = statements(database.settings.schema, {
      finish: `SELECT * FROM $schema.finish($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::uuid, $7::bigint,
        $8::boolean)`,
      // A message that nobody reads: what counts is that its commit is flushed, and with it all before it.
      flush: "SELECT pg_logical_emit_message(true, 'andon', '')",
      settle: 'SELECT $schema.settle($1::uuid, $2::bigint) AS committed',
    })
    const flush = async (waiting: readonly undefined[]): Promise<readonly true[]> => {
      await database.run('commit', this.#sql.flush)
      return waiting.map(() => true)
    }
    this.#flushes = new TurnTaker(flush, () => 1, Number.POSITIVE_INFINITY, tasks)
  }

  async run<T extends Ended>(work: (session: Session) => Promise<T>): Promise<T> {
    this.#running++
    try {
      const client = await connected(this.#database.transactions, 'write')
      const session = new Session(client)
      const slot = this.#slotOf(client)
      const token = ++slot.token
      try {
        const result = await worked(session, 'write', 'BEGIN', () => work(session))
        const flushesLater = this.#running > 1
        const values = [...result.ending, slot.id, token, flushesLater]
        const outcome = await session.commit(this.#sql.finish, values).catch((error: unknown) => {
          throw storeFailed('commit', error)
        })
        if ('lost' in outcome) await this.#settle(slot.id, token, outcome.lost)
        else if (flushesLater && outcome.row?.written === true) await this.#flushed(slot.id, token)
        return result
      } finally {
        released(client, session)
      }
    } finally {
      this.#running--
    }
  }

  #slotOf(client: PoolClient): Slot {
    const slot = this.#slots.get(client) ?? { id: randomUUID(), token: 0 }
    this.#slots.set(client, slot)
    return slot
  }

  /** What is committed is on disk when this resolves; when the server died meanwhile, it may be gone. */
  async #flushed(slot: string, token: number): Promise<void> {
    await this.#flushes.take(undefined).catch((error: unknown) => this.#settle(slot, token, error))
  }

  /**
   * The connection was lost before the answer to a commit. The server knows by its number whether it was made; if it
   * was not, it can no longer be. Asking writes, and so flushes what was found.
   *
   * @throws AndonError STORE_FAILED when it was not committed, or when that cannot be known
   */
  async #settle(slot: string, token: number, lost: unknown): Promise<void> {
    const end = performance.now() + this.#database.settings.doubtTimeoutMs
    for (;;) {
      try {
        const [row] = await this.#database.run('commit', this.#sql.settle, [slot, token])
        if (row?.committed === true) return
        throw storeFailed('commit', lost)
      } catch (error) {
        const cause = error instanceof AndonError ? error.cause : error
        if (cause === lost || !(isConnectionLoss(cause) || stillBusy.has(sqlStateOf(cause) ?? '')))
          throw error
        if (performance.now() > end) break
      }
      await pause(doubtPauseMs)
    }
    throw new AndonError('STORE_FAILED', {
      details: {
        operation: 'commit',
        problem: 'the connection was lost, and nobody knows whether it was committed',
      },
      chinese: { problem: '连接中断，无法得知是否已提交' },
      cause: lost,
    })
  }
}
