import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { Store } from '../../connector/store.js'
import { AndonError, problemOf } from '../../errors/index.js'
import { parseOptions } from '../../options.js'
import { GroupWriter } from './group-writer.js'
import { sqliteJournal } from './journal.js'
import { createTables, storeVersion } from './schema.js'
import { sqliteQueries } from './queries.js'
import { sqliteTransaction } from './transaction.js'

const optionsSchema = z.strictObject({
  path: z.string().min(1),
  name: z.string().min(1).optional(),
})

export interface SqliteStoreOptions {
  /** The database file; its folder is made when missing. Beside it stand `-wal`, `-shm` and `.lock`. */
  readonly path: string
  /** Default `sqlite`. */
  readonly name?: string
}

type Opened = Pick<Store, 'journal' | 'signals' | 'actions' | 'quarantine' | 'checkpoint' | 'snapshot' | 'position' | 'aggregates' | 'transaction'> & {
  close(): Promise<void>
  check(): void
}

/**
 * The embedded store: one file, write-ahead log, synchronous FULL, group commit. What a promise of it
 * has resolved survives kill -9 and loss of power. One process at a time may open a file.
 *
 * @throws AndonError OPTIONS_INVALID before any I/O; STORE_FAILED, STORE_INCOMPATIBLE from `open`.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { path, name = 'sqlite' } = parseOptions(optionsSchema, options, 'sqliteStore')
  let opened: Opened | undefined
  const use = (): Opened => {
    if (opened === undefined) throw new AndonError('STORE_FAILED', { details: { operation: 'answer', problem: 'it is not open' } })
    return opened
  }

  return {
    contract: 1,
    name,
    capabilities: { durable: true, distributed: false, groupCommit: true },
    async open() {
      opened ??= openDatabase(resolve(path))
    },
    async close() {
      const closing = opened
      opened = undefined
      await closing?.close()
    },
    async check() {
      try {
        use().check()
        return { ok: true }
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
    transaction: (work) => use().transaction(work),
    checkpoint: (stage) => use().checkpoint(stage),
    snapshot: (stage) => use().snapshot(stage),
    position: (source) => use().position(source),
    aggregates: (filter) => use().aggregates(filter),
  }
}

function openDatabase(path: string): Opened {
  mkdirSync(dirname(path), { recursive: true })
  const lock = lockFile(path)
  try {
    const database = new DatabaseSync(path)
    // 8 kB pages suit segments; checkpoints at 16 MB keep the stall of each one short.
    database.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 2000; PRAGMA temp_store = MEMORY;`)
    database.exec(createTables)
    checkVersion(database, path)
    const reader = new DatabaseSync(path, { readOnly: true })
    const writer = new GroupWriter(database)
    const transaction = sqliteTransaction(database)
    const version = reader.prepare("SELECT value FROM meta WHERE key = 'version'")
    return {
      ...sqliteQueries(reader),
      journal: sqliteJournal(writer, database, reader),
      transaction: (work) => writer.run(() => work(transaction)),
      check: () => {
        version.get()
      },
      async close() {
        await writer.settle()
        reader.close()
        database.close()
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    if (error instanceof AndonError) throw error
    throw new AndonError('STORE_FAILED', { details: { operation: `open ${path}`, problem: problemOf(error) }, cause: error })
  }
}

/** A second owner would break every promise; the operating system frees the lock when its owner dies. */
function lockFile(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock`)
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw new AndonError('STORE_FAILED', {
      details: { operation: `open ${path}`, problem: 'another Andon has it open; give each its own file' },
      cause: error,
      retryable: true,
    })
  }
}

function checkVersion(database: DatabaseSync, location: string): void {
  database.prepare("INSERT INTO meta VALUES ('version', ?) ON CONFLICT DO NOTHING").run(String(storeVersion))
  const found = Number(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.value)
  if (found !== storeVersion) {
    throw new AndonError('STORE_INCOMPATIBLE', { details: { location, found, expected: storeVersion } })
  }
}
