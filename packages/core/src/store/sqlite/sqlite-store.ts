import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { Store } from '../../connector/store.js'
import { AndonError, problemOf } from '../../errors/index.js'
import { parseOptions } from '../../options.js'
import { checkpointing } from './checkpointing.js'
import { GroupWriter, storeFailed } from './group-writer.js'
import { journalReading, journalWriting, packed } from './journal.js'
import { JournalClient } from './journal-client.js'
import { openDatabase } from './open-database.js'
import { sqliteQueries } from './queries.js'
import { stateLayout } from './schema.js'
import { type SqliteTransaction, sqliteTransaction } from './transaction.js'
import { walFlush } from './wal-flush.js'

const optionsSchema = z.strictObject({
  path: z.string().min(1),
  name: z.string().min(1).optional(),
})

export interface SqliteStoreOptions {
  /** The state's file; its folder is made when missing. The journal stands beside it as `<path>.journal`. */
  readonly path: string
  /** Default `sqlite`. */
  readonly name?: string
}

type Opened = Pick<
  Store,
  | 'journal'
  | 'signals'
  | 'actions'
  | 'quarantine'
  | 'checkpoint'
  | 'snapshot'
  | 'position'
  | 'kept'
  | 'beliefs'
  | 'audit'
  | 'aggregates'
  | 'transaction'
> & {
  close(): Promise<void>
  check(): void
}

/**
 * The embedded store: two SQLite files, write-ahead log, group commit, every commit flushed before it is told. The journal is
 * written by a thread of its own. What a promise of it has resolved survives kill -9 and loss of power.
 * One process at a time may open it.
 *
 * @throws AndonError OPTIONS_INVALID before any I/O; STORE_FAILED, STORE_INCOMPATIBLE from `open`.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { path, name = 'sqlite' } = parseOptions(optionsSchema, options, 'sqliteStore')
  let opened: Opened | undefined
  let opening: Promise<void> | undefined
  const use = (): Opened => {
    if (opened === undefined)
      throw new AndonError('STORE_FAILED', { details: { operation: 'answer', problem: 'it is not open' } })
    return opened
  }

  return {
    contract: 1,
    name,
    capabilities: { durable: true, distributed: false, groupCommit: true },
    async open() {
      opening ??= openFiles(resolve(path)).then((files) => {
        opened = files
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
    get beliefs() {
      return use().beliefs
    },
    get audit() {
      return use().audit
    },
    transaction: (work) => use().transaction(work),
    checkpoint: (stage) => use().checkpoint(stage),
    snapshot: (stage) => use().snapshot(stage),
    position: (source) => use().position(source),
    kept: (name) => use().kept(name),
    aggregates: (filter) => use().aggregates(filter),
  }
}

/** Opens lock, journal and state; what was opened before a failure is closed again. */
async function openFiles(path: string): Promise<Opened> {
  const closers: (() => unknown)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse()) await close()
  }
  try {
    mkdirSync(dirname(path), { recursive: true })
    const lock = lockFile(path)
    closers.push(() => lock.close())
    const journalPath = `${path}.journal`
    const client = new JournalClient(journalPath)
    closers.push(() => client.ask({ kind: 'close' }).catch(() => undefined))
    // The first request makes the file, so that it can be read from here.
    await client.ask({ kind: 'trim', before: 0, keepFrom: 0 })
    const database = openDatabase(path, stateLayout)
    closers.push(() => database.close())
    const wal = walFlush(path)
    closers.push(wal.close)
    closers.push(checkpointing([path, journalPath]))
    const reader = new DatabaseSync(path, { readOnly: true })
    closers.push(() => reader.close())
    const journalReader = new DatabaseSync(journalPath, { readOnly: true })
    closers.push(() => journalReader.close())
    const transaction = sqliteTransaction(database)
    return assemble(
      client,
      new GroupWriter(database, wal.flush, transaction.takenBack),
      transaction,
      reader,
      journalReader,
      closeAll,
    )
  } catch (error) {
    await closeAll()
    if (error instanceof AndonError) throw error
    throw storeFailed(`open ${path}`, error)
  }
}

function assemble(
  client: JournalClient,
  writer: GroupWriter,
  transaction: SqliteTransaction,
  reader: DatabaseSync,
  journalReader: DatabaseSync,
  closeAll: () => Promise<void>,
): Opened {
  const version = reader.prepare("SELECT value FROM meta WHERE key = 'version'")
  const writing = journalWriting(client)
  const appendPacked: NonNullable<Store['journal']['appendPacked']> = async ({ at, packed, quarantined }) => {
    const kept =
      quarantined.length === 0 ? undefined : writer.run(() => transaction.addQuarantined(quarantined))
    const [answers] = await Promise.all([packed.ends.length === 0 ? [] : writing.append(at, packed), kept])
    return answers
  }
  return {
    ...sqliteQueries(reader),
    journal: {
      ...journalReading(journalReader),
      appendTick: writing.appendTick,
      trim: writing.trim,
      appendPacked,
      append: ({ at, entries, quarantined }) => appendPacked({ at, packed: packed(entries), quarantined }),
    },
    transaction: (work) =>
      writer.run(async () => {
        const result = await work(transaction)
        transaction.finish()
        return result
      }),
    check: () => {
      version.get()
    },
    async close() {
      await writer.settle()
      await closeAll()
    },
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
    throw new AndonError('STORE_LOCKED', { details: { location: path }, cause: error })
  }
}
