import { actionTables, auditTables, beliefAndAuditTables, signalTables } from './state-tables.js'

/** Tables of actions as version 2 had them, without what only made them fast. */
const actionTables2 = `
CREATE TABLE actions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  proposal TEXT NOT NULL
);
CREATE TABLE action_states (
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
  state TEXT NOT NULL
);
`

/**
 * What makes a state file of the version before one of the version that is the key. The tables that it makes are those
 * of today unless a later step makes them anew.
 */
export const stateMigrations: Readonly<Record<number, string>> = {
  2: `
ALTER TABLE actions RENAME TO actions_1;
DROP INDEX actions_by_status;
DROP INDEX actions_by_signal;
${actionTables2}
${beliefAndAuditTables}
INSERT INTO actions SELECT NULL, id, tenant, signal_id, json_object(
    'id', id, 'tenant', tenant, 'kind', body ->> 'kind', 'target', body ->> 'target', 'params', body -> 'params',
    'reason', body -> 'reason', 'signalId', signal_id, 'rule', body ->> 'rule', 'quotes', body -> 'quotes',
    'createdAt', created_at)
  FROM actions_1 ORDER BY created_at, id;
INSERT INTO action_states SELECT number, body ->> 'target', created_at, status,
    status IN ('approved', 'executing', 'retrying', 'reverting'), priority, created_at + priority * 600000,
    body ->> 'dueAt', NULL, NULL, NULL,
    json_set(json_remove(body, '$.id', '$.tenant', '$.kind', '$.target', '$.params', '$.reason', '$.signalId', '$.rule',
      '$.quotes', '$.createdAt'), '$.decisions', json('[]'))
  FROM actions_1 JOIN actions USING (id);
DROP TABLE actions_1;
ALTER TABLE signals RENAME TO signals_1;
DROP INDEX signals_by_status;
${signalTables}
INSERT INTO signals SELECT NULL, id, tenant, fingerprint, status, opened_at, body FROM signals_1 ORDER BY opened_at, id;
DROP TABLE signals_1;
INSERT INTO kept SELECT substr(source, 2), position FROM positions WHERE source LIKE '$%';
DELETE FROM positions WHERE source LIKE '$%';
`,
  3: `
ALTER TABLE action_states RENAME TO action_states_2;
DROP INDEX IF EXISTS actions_by_status;
DROP INDEX IF EXISTS actions_open;
DROP INDEX IF EXISTS actions_due;
DROP INDEX IF EXISTS actions_waking;
${actionTables}
INSERT INTO action_states SELECT number, target, created_at, status, is_open, priority, rank, due_at, wake_at,
    lease_owner, lease_until, state ->> 'attempts', state ->> 'updatedAt',
    json_remove(state, '$.status', '$.priority', '$.attempts', '$.dueAt', '$.wakeAt', '$.lease', '$.updatedAt')
  FROM action_states_2 ORDER BY number;
DROP TABLE action_states_2;
`,
  // A file may have no log yet.
  4: `
${auditTables}
ALTER TABLE audit RENAME TO audit_3;
${auditTables}
INSERT INTO audit (tenant, sequence, hash, line) SELECT tenant, sequence, hash, line FROM audit_3 ORDER BY tenant, sequence;
DROP TABLE audit_3;
`,
}
