import type { Store } from '@andon/core/connector'
import { AndonError, problemOf } from '@andon/core/errors'
import { Database } from './database/database.js'
import { type ServerState, serverState } from './database/server-state.js'
import type { Session } from './database/session.js'
import { Transactions } from './database/transactions.js'
import { failureOf } from './failure.js'
import { counts } from './journal/counts.js'
import { journal } from './journal/journal.js'
import { logReader } from './journal/log-reader.js'
import { logWriter } from './journal/log-writer.js'
import { reviser } from './journal/revisions.js'
import { trimmer } from './journal/trim.js'
import { type PostgresStoreOptions, type Settings, settingsOf } from './options.js'
import { queries } from './queries.js'
import { migrate } from './schema/migrate.js'
import { Bell } from './shared/bell.js'
import { claims } from './shared/claims.js'
import { lanes } from './shared/lanes.js'
import { Tasks } from './tasks.js'
import { onceHeld } from './transaction/once-held.js'
import { type Transacted, transacting } from './transaction/transaction.js'

type Opened = Omit<Store, 'contract' | 'name' | 'capabilities' | 'open' | 'close' | 'check' | 'shared'> & {
  readonly shared: NonNullable<Store['shared']>
  check(): Promise<ServerState>
  close(): Promise<void>
}

/**
 * The store of several processes and machines: tables in one schema of a PostgreSQL database (13 or later). Every
 * write is flushed by the server before its promise resolves; concurrent transactions lock what they read.
 *
 * @throws AndonError OPTIONS_INVALID before any I/O; STORE_FAILED, STORE_INCOMPATIBLE from `open`
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const settings = settingsOf(options)
  let opened: Opened | undefined
  let opening: Promise<void> | undefined
  const use = (): Opened => {
    if (opened === undefined)
      throw new AndonError('STORE_FAILED', { details: { operation: 'answer', problem: 'it is not open' } })
    return opened
  }

  return {
    contract: 1,
    name: settings.name,
    capabilities: { durable: true, distributed: true, groupCommit: true },
    async open() {
      opening ??= openDatabase(settings).then((store) => {
        opened = store
      })
      await opening.catch((error: unknown) => {
        opening = undefined
        throw error
      })
    },
    async close() {
      const closing = opened
      opened = undefined
      opening = undefined
      await closing?.close()
    },
    async check() {
      try {
        const { warning } = await use().check()
        return warning === undefined ? { ok: true } : { ok: true, detail: warning }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    get journal() {
      return use().journal
    },
    get signals() {
      return use().signals
    },
    get actions() {
      return use().actions
    },
    get quarantine() {
      return use().quarantine
    },
    get beliefs() {
      return use().beliefs
    },
    get audit() {
      return use().audit
    },
    // There before it is open: that it can be shared is known at once.
    shared: {
      claim: async (request) => use().shared.claim(request),
      renew: async (claim, ttlMs) => use().shared.renew(claim, ttlMs),
      release: async (claim) => use().shared.release(claim),
      claimed: async (claim, work) => use().shared.claimed(claim, work),
      lane: (name, options) => use().shared.lane(name, options),
      trimLanes: async (before) => use().shared.trimLanes(before),
      onChange: (listener) => use().shared.onChange(listener),
    },
    // Asynchronous, so that a store that is closed rejects rather than throws.
    transaction: async (work) => use().transaction(work),
    checkpoint: async (stage) => use().checkpoint(stage),
    snapshot: async (stage) => use().snapshot(stage),
    position: async (source) => use().position(source),
    kept: async (name) => use().kept(name),
    aggregates: async (filter) => use().aggregates(filter),
  }
}

/** Connects, checks the server, brings the schema up to date; what was opened before a failure is closed again. */
async function openDatabase(settings: Settings): Promise<Opened> {
  const database = new Database(settings)
  const bell = new Bell(database)
  try {
    await serverState(database)
    await migrate(database)
    await bell.open()
    return assemble(database, bell)
  } catch (error) {
    await bell.close()
    await database.close()
    throw failureOf('open', error)
  }
}

function assemble(database: Database, bell: Bell): Opened {
  const { schema } = database.settings
  const counted = counts(database)
  const transact = transacting(schema, counted)
  const claiming = claims(database)
  const reader = logReader(database)
  const revise = reviser(database, reader)
  const trimming = trimmer(database)
  const tasks = new Tasks()
  const write = logWriter(database, tasks)
  const transactions = new Transactions(database, tasks)
  const journaling = { database, reader, write, revise, tasks }
  const partitions = lanes({ ...journaling, counts: counted, trimmer: trimming })

  const commit = async <T>(work: (session: Session) => Promise<Transacted<T>>): Promise<T> => {
    const { value, changes } = await tasks.track(transactions.run(work))
    bell.ring(changes)
    return value
  }

  return {
    ...queries(database),
    aggregates: (filter = {}) => counted.list(filter),
    journal: {
      ...journal(journaling),
      async trim(before, keepFrom) {
        const count = await trimming.trim(0, before, keepFrom)
        await trimming.drop()
        return count
      },
    },
    transaction: (work) => commit((session) => transact(session, work)),
    shared: {
      claim: claiming.claim,
      renew: claiming.renew,
      release: claiming.release,
      claimed: (claim, work) =>
        commit(async (session) => {
          const held = claiming.hold(session, claim)
          const done = transact(session, (transaction) => work(onceHeld(transaction, held)))
          await Promise.allSettled([held, done])
          // A lost claim comes first, whatever else failed, or if a work asked for nothing or went on all the same.
          await held
          return done
        }),
      lane: partitions.lane,
      trimLanes: partitions.trimLanes,
      onChange: (listener) => bell.listen(listener),
    },
    check: () => serverState(database),
    async close() {
      await tasks.settle()
      await bell.close()
      await database.close()
    },
  }
}
