/**
 * What was proposed, and what steps change of it: small rows in the order of arrival, so that the steps of neighbours
 * fall on the same page. What every step changes has columns of its own, the rest is `state`. `is_open`: still to be
 * carried out. The partial indexes hold the outbox and what waits for time, not the history.
 */
export const actionTables = `
CREATE TABLE IF NOT EXISTS actions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  proposal TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS actions_by_signal ON actions (signal_id);
CREATE TABLE IF NOT EXISTS action_states (
  number INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  wake_at INTEGER,
  lease_owner TEXT,
  lease_until INTEGER,
  attempts INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS actions_by_status ON action_states (status, priority, created_at);
CREATE INDEX IF NOT EXISTS actions_open ON action_states (target, rank, number) WHERE is_open = 1;
CREATE INDEX IF NOT EXISTS actions_due ON action_states (due_at) WHERE is_open = 1;
CREATE INDEX IF NOT EXISTS actions_waking ON action_states (wake_at) WHERE wake_at IS NOT NULL;
`

/** In the order of arrival: long lines would make inner pages of a tree that is ordered by its key. */
export const auditTables = `
CREATE TABLE IF NOT EXISTS audit (
  number INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL,
  line TEXT NOT NULL,
  UNIQUE (tenant, sequence)
);
`

export const beliefAndAuditTables = `
CREATE TABLE IF NOT EXISTS beliefs (
  target TEXT NOT NULL,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (target, tenant, subject)
) WITHOUT ROWID;
${auditTables}
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`

/** A body grows with its evidence and is written again and again: in a table by number it stays on its page. */
export const signalTables = `
CREATE TABLE IF NOT EXISTS signals (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS signals_by_status ON signals (status, opened_at);
`
