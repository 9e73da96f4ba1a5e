import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AndonError } from '../../errors/index.js'

/** What one file of the store is made of. */
export interface DatabaseLayout {
  readonly tables: string
  readonly version: number
  /** By the version that they lead to. */
  readonly migrations?: Readonly<Record<number, string>>
  /** FULL where a thread may wait for the disk, NORMAL where the caller flushes the log itself. */
  readonly synchronous: 'FULL' | 'NORMAL'
}

/**
 * Opens one file of the store for writing, with a write-ahead log; what an earlier release wrote is brought up to date.
 *
 * @throws AndonError STORE_INCOMPATIBLE when a later release wrote it
 */
export function openDatabase(
  path: string,
  { tables, version, migrations = {}, synchronous }: DatabaseLayout,
): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  // A checkpoint on its own thread may hold the file for a moment.
  const database = new DatabaseSync(path, { timeout: 5000 })
  try {
    // Checkpoints run on a thread of their own; the limit here is only a net under it (256 MB of log).
    database.exec(`PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
      PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 65536; PRAGMA temp_store = MEMORY;
      CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`)
    const found = versionOf(database)
    if (found !== undefined && found > version) {
      throw new AndonError('STORE_INCOMPATIBLE', { details: { location: path, found, expected: version } })
    }
    const missing = Object.keys(migrations).map(Number)
    const steps = missing.filter((step) => found !== undefined && step > found).sort((a, b) => a - b)
    database.exec('BEGIN IMMEDIATE')
    for (const step of steps) database.exec(migrations[step] ?? '')
    database.exec(tables)
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('version', ?)").run(String(version))
    database.exec('COMMIT')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function versionOf(database: DatabaseSync): number | undefined {
  const row = database.prepare("SELECT value FROM meta WHERE key = 'version'").get()
  return row === undefined ? undefined : Number(row.value)
}
