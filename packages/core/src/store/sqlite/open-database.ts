import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AndonError } from '../../errors/index.js'
import { storeVersion } from './schema.js'

/**
 * Opens one file of the store for writing, with a write-ahead log. `synchronous` is FULL where a thread may
 * wait for the disk, NORMAL where the caller flushes the log itself.
 *
 * @throws AndonError STORE_INCOMPATIBLE when another release wrote it
 */
export function openDatabase(path: string, tables: string, synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  // A checkpoint on its own thread may hold the file for a moment.
  const database = new DatabaseSync(path, { timeout: 5000 })
  // Checkpoints run on a thread of their own; the limit here is only a net under it (256 MB of log).
  database.exec(`PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
    PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 65536; PRAGMA temp_store = MEMORY;`)
  database.exec(tables)
  database.prepare("INSERT INTO meta VALUES ('version', ?) ON CONFLICT DO NOTHING").run(String(storeVersion))
  const found = Number(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.value)
  if (found !== storeVersion) {
    database.close()
    throw new AndonError('STORE_INCOMPATIBLE', { details: { location: path, found, expected: storeVersion } })
  }
  return database
}
