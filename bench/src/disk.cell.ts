import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { complaints } from './lib/complaints.ts'

// The reference of `day`: the same payloads put into a bare SQLite table, durable, a thousand a commit.
// It reads nothing, checks nothing, deduplicates nothing: what the disk and the database allow.
const args = JSON.parse(process.argv[2] ?? '{}') as { count: number; folder: string; seed: number }
const folder = mkdtempSync(join(args.folder, 'disk-'))
const database = new DatabaseSync(join(folder, 'bare.db'))
database.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE payloads (id INTEGER PRIMARY KEY, body TEXT)',
)
const insert = database.prepare('INSERT INTO payloads VALUES (?, ?)')
const make = complaints(args.seed)
const startedAt = performance.now()
for (let sent = 0; sent < args.count; sent += 1000) {
  database.exec('BEGIN')
  for (let i = 0; i < 1000; i++) insert.run(sent + i, String(make(sent + i, Date.now()).body))
  database.exec('COMMIT')
}
const seconds = (performance.now() - startedAt) / 1000
database.close()
rmSync(folder, { recursive: true })
process.stdout.write(JSON.stringify({ feedbackPerSecond: Math.round(args.count / seconds) }))
