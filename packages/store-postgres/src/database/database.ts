import { setTimeout as pause } from 'node:timers/promises'
import { AndonError } from '@andon/core/errors'
import { Client, type ClientConfig, Pool } from 'pg'
import { failureOf, isConnectionLoss, storeFailed } from '../failure.js'
import type { Settings } from '../options.js'
import { queryOf, timelineNow } from './query.js'
import type { Row } from './row.js'
import { Session } from './session.js'
import type { Statement } from './statement.js'

const doubtPauseMs = 100

/**
 * The connections of one store. Transactions have a pool of their own: a work may read from the store meanwhile, and
 * must not wait for a connection that only its own end can free.
 */
export class Database {
  readonly settings: Settings
  readonly #config: ClientConfig
  readonly #transactions: Pool
  readonly #others: Pool

  constructor(settings: Settings) {
    this.settings = settings
    this.#config = configOf(settings)
    const pool = {
      ...this.#config,
      max: settings.connections,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
    }
    this.#transactions = new Pool(pool)
    this.#others = new Pool(pool)
    // A connection that breaks while nobody uses it is replaced when one is needed; there is nobody to tell.
    for (const each of [this.#transactions, this.#others]) each.on('error', () => undefined)
  }

  /** A connection outside the pools, not yet connected. */
  client(): Client {
    return new Client({ ...this.#config, connectionTimeoutMillis: this.settings.connectTimeoutMs })
  }

  /** One statement that is a transaction by itself. */
  async run(
    operation: string,
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#others.query<Record<string, unknown>>(queryOf(statement, values))
      return rows
    } catch (error) {
      throw failureOf(operation, error)
    }
  }

  /** Several reads of one moment. */
  snapshot<T>(operation: string, read: (session: Session) => Promise<T>): Promise<T> {
    return this.#within(this.#others, operation, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', read)
  }

  /** A transaction of the store's own housekeeping: short, never around a user's work. */
  change<T>(operation: string, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#within(this.#others, operation, 'BEGIN', work)
  }

  /** A transaction around a user's work. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#within(this.#transactions, 'write', 'BEGIN', work)
  }

  async #within<T>(
    pool: Pool,
    operation: string,
    begin: string,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw failureOf(operation, error)
    })
    const session = new Session(client)
    // While it is in use the pool does not listen: a broken connection would be an uncaught error.
    client.on('error', ignore)
    try {
      const value = await this.#worked(session, operation, begin, work)
      const lost = await session.commit().catch((error: unknown) => {
        throw failureOf('commit', error)
      })
      if (lost !== undefined) await this.#resolveDoubt(session, lost)
      return value
    } finally {
      client.off('error', ignore)
      client.release(session.isUsable ? undefined : true)
    }
  }

  /** The transaction up to its commit; taken back when the work fails. */
  async #worked<T>(
    session: Session,
    operation: string,
    begin: string,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    try {
      session.later({ name: '', text: begin })
      const value = await work(session)
      await session.settle()
      return value
    } catch (error) {
      // What failed first is what went wrong; later statements only say that the transaction is over.
      const origin = session.failure ?? error
      await session.rollback()
      throw failureOf(operation, origin)
    }
  }

  /**
   * The connection was lost between COMMIT and its answer. The server knows by the transaction's id whether it was
   * committed (`pg_xact_status`), as long as it is the same server: another one that took over may have given the id
   * to another transaction, and has another timeline.
   *
   * @throws AndonError STORE_FAILED when it was not committed, or when that cannot be known
   */
  async #resolveDoubt({ id, timeline }: Session, lost: unknown): Promise<void> {
    const end = performance.now() + this.settings.doubtTimeoutMs
    while (id !== undefined && performance.now() < end) {
      const status = await this.#statusOf(id, timeline).catch((error: unknown) => {
        if (isConnectionLoss(error)) return 'in progress'
        throw storeFailed('commit', error)
      })
      if (status === 'committed') return
      if (status === 'aborted') throw storeFailed('commit', lost)
      if (status !== 'in progress') break
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

  async #statusOf(id: string, timeline: string | undefined): Promise<unknown> {
    const client = this.client()
    client.on('error', ignore)
    try {
      await client.connect()
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT pg_xact_status($1::xid8) AS status, ${timelineNow} AS timeline`,
        [id],
      )
      return rows[0]?.timeline === timeline ? rows[0]?.status : undefined
    } finally {
      await client.end().catch(ignore)
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#transactions.end(), this.#others.end()])
  }
}

const ignore = (): void => undefined

function configOf(settings: Settings): ClientConfig {
  const { host, port, database, user, password, tls = false, statementTimeoutMs, lockTimeoutMs } = settings
  return {
    ...{ host, port, keepAlive: true, pipeline: true, application_name: `andon ${settings.name}` },
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: passwordOf(password) }),
    ssl: typeof tls === 'boolean' ? tls : { ...tls },
    ...{ statement_timeout: statementTimeoutMs, lock_timeout: lockTimeoutMs },
    // A process that hangs in the middle of a work must not hold its locks for ever.
    idle_in_transaction_session_timeout: Math.max(statementTimeoutMs, lockTimeoutMs) * 2,
  }
}

function passwordOf(password: NonNullable<Settings['password']>): string | (() => Promise<string>) {
  if (typeof password === 'string') return password
  return async () => {
    const answer: unknown = await password()
    if (typeof answer === 'string') return answer
    throw new AndonError('OPTIONS_INVALID', {
      details: { option: 'postgresStore.password', problem: 'the function gave no text' },
    })
  }
}
