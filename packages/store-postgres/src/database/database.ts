import { AndonError, isAndonError } from '@andon/core/errors'
import { Client, type ClientConfig, Pool, type PoolClient } from 'pg'
import { failureOf } from '../failure.js'
import type { Settings } from '../options.js'
import { queryOf } from './query.js'
import type { Row } from './row.js'
import { Session } from './session.js'
import type { Statement } from './statement.js'

/**
 * The connections of one store. Transactions have a pool of their own: a work may read from the store meanwhile, and
 * must not wait for a connection that only its own end can free.
 */
export class Database {
  readonly settings: Settings
  readonly #config: ClientConfig
  /** For works of users, which may take long. */
  readonly transactions: Pool
  readonly #others: Pool

  constructor(settings: Settings) {
    this.settings = settings
    const config = configOf(settings)
    this.#config = config
    const { connections: max, connectTimeoutMs: connectionTimeoutMillis } = settings
    /** The limit is the client's: the pool's would count the time that one waits for another to be done, too. */
    class TimedClient extends Client {
      constructor() {
        super({ ...config, connectionTimeoutMillis })
      }
    }
    const pool = {
      ...config,
      ...{ max, Client: TimedClient, idleTimeoutMillis: 60_000, allowExitOnIdle: true },
    }
    this.transactions = new Pool(pool)
    this.#others = new Pool(pool)
    // A connection that breaks while nobody uses it is replaced when one is needed; there is nobody to tell.
    for (const each of [this.transactions, this.#others]) {
      each.on('error', ignore)
      // The values make no difference to these statements, and planning them anew takes longer than running them; so
      each.on('connect', (client) => {
        // does compiling them, which a guess at how many rows they have can set off for each connection. A plan is kept
        // for as long as the connection: made while a table was small, it must not read all of it when it is large.
        client
          .query('SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off')
          .catch(ignore)
      })
    }
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
    return this.#within(operation, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', read)
  }

  /** A transaction of the store's own housekeeping: short, never around a user's work. */
  change<T>(operation: string, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#within(operation, 'BEGIN', work)
  }

  async #within<T>(operation: string, begin: string, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await connected(this.#others, operation)
    const session = new Session(client)
    try {
      const value = await worked(session, operation, begin, () => work(session))
      const outcome = await session.commit(nothingMore).catch((error: unknown) => {
        throw failureOf(operation, error)
      })
      // Housekeeping can be repeated, whatever became of it.
      if ('lost' in outcome) throw failureOf(operation, outcome.lost)
      return value
    } finally {
      released(client, session)
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.transactions.end(), this.#others.end()])
  }
}

/** A connection of a pool; whoever takes it gives it back with `released`. */
export async function connected(pool: Pool, operation: string): Promise<PoolClient> {
  const client = await pool.connect().catch((error: unknown) => {
    throw failureOf(operation, error)
  })
  // While it is in use the pool does not listen: a broken connection would be an uncaught error.
  client.on('error', ignore)
  return client
}

export function released(client: PoolClient, session: Session): void {
  client.off('error', ignore)
  client.release(session.isUsable ? undefined : true)
}

/** A transaction up to its commit; taken back when the work fails. */
export async function worked<T>(
  session: Session,
  operation: string,
  begin: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    session.later({ name: '', text: begin })
    return await work()
  } catch (error) {
    // What failed first is what went wrong; later statements only say that the transaction is over.
    const origin = isAndonError(error, 'CLAIM_LOST') ? error : (session.failure ?? error)
    await session.rollback()
    throw failureOf(operation, origin)
  }
}

const ignore = (): void => undefined
const nothingMore: Statement = { name: 'nothing_more', text: 'SELECT' }

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
