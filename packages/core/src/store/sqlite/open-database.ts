import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AndonError } from '../../errors/index.js'
import { storeVersion } from './schema.js'

/**
 * Opens one file of the store for writing: write-ahead log, synchronous FULL.
 *
 * @throws AndonError STORE_INCOMPATIBLE when another release wrote it
 */
export function openDatabase(path: string, tables: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  // 8 kB pages suit segments; checkpoints at 16 MB keep the stall of each one short.
  database.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 2000; PRAGMA temp_store = MEMORY;`)
  database.exec(tables)
  database.prepare("INSERT INTO meta VALUES ('version', ?) ON CONFLICT DO NOTHING").run(String(storeVersion))
  const found = Number(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.value)
  if (found !== storeVersion) {
    database.close()
    throw new AndonError('STORE_INCOMPATIBLE', { details: { location: path, found, expected: storeVersion } })
  }
  return database
}
