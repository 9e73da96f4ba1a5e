import { stateMigrations } from './migrations.js'
import type { DatabaseLayout } from './open-database.js'
import { actionTables, beliefAndAuditTables, signalTables } from './state-tables.js'

/**
 * The journal's own file. A row is a *segment*: up to 32 entries compressed together. That, and not a row
 * per feedback, is what makes 40,000 durable feedbacks a second possible, with a quarter of the bytes.
 */
const journalTables = `
CREATE TABLE IF NOT EXISTS journal (
  first_offset INTEGER PRIMARY KEY,
  last_offset INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  codec INTEGER NOT NULL,
  entries BLOB
);
CREATE TABLE IF NOT EXISTS seen (
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  message_id TEXT NOT NULL,
  feedback_id TEXT NOT NULL,
  entry_offset INTEGER NOT NULL,
  PRIMARY KEY (tenant, channel, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_by_feedback ON seen (feedback_id);
CREATE TABLE IF NOT EXISTS revisions (
  feedback_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload TEXT NOT NULL,
  encoding TEXT NOT NULL,
  PRIMARY KEY (feedback_id, sha256)
) WITHOUT ROWID;
`

/** Everything else: what is decided, done and remembered. One file, so that effects and checkpoint move together. */
const stateTables = `
${signalTables}
${actionTables}
${beliefAndAuditTables}
CREATE TABLE IF NOT EXISTS quarantine (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoints (stage TEXT PRIMARY KEY, entry_offset INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
  stage TEXT PRIMARY KEY,
  entry_offset INTEGER NOT NULL,
  state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS positions (source TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hourly (
  hour INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  channel TEXT NOT NULL,
  product_model TEXT NOT NULL,
  fault_code TEXT NOT NULL,
  count INTEGER NOT NULL,
  severity_sum REAL NOT NULL,
  PRIMARY KEY (hour, tenant, channel, product_model, fault_code)
) WITHOUT ROWID;
`

/** Bump a version together with a migration; a file of a later version is refused, never guessed at. */
export const journalLayout: DatabaseLayout = { tables: journalTables, version: 1, synchronous: 'FULL' }
/** Its owner flushes the log itself. */
export const stateLayout: DatabaseLayout = {
  tables: stateTables,
  version: 4,
  migrations: stateMigrations,
  synchronous: 'NORMAL',
}
