import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openAudit, sqliteStore } from '@andon/core'
import type { AuditEvent } from '@andon/core/connector'
import { sampleAction, sampleSignal } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { dataFolder } from '../support/loop.js'

/** A state file as version 1 wrote it: bodies in one table, and what Andon keeps for itself among the positions. */
function versionOne(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('version', '1');
    CREATE TABLE signals (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE,
      status TEXT NOT NULL, opened_at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX signals_by_status ON signals (status, opened_at);
    CREATE TABLE actions (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, signal_id TEXT NOT NULL, status TEXT NOT NULL,
      priority INTEGER NOT NULL, created_at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX actions_by_status ON actions (status, priority, created_at);
    CREATE INDEX actions_by_signal ON actions (signal_id);
    CREATE TABLE positions (source TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO positions VALUES ('$customer-key', '{"key":"secret"}'), ('hotline', '{"at":7}');`)
  const signal = sampleSignal(1)
  database
    .prepare('INSERT INTO signals VALUES (?, ?, ?, ?, ?, ?)')
    .run(signal.id, signal.tenant, signal.fingerprint, signal.status, signal.openedAt, JSON.stringify(signal))
  const add = database.prepare('INSERT INTO actions VALUES (?, ?, ?, ?, ?, ?, ?)')
  for (const index of [1, 2]) {
    const { decisions: _, ...action } = sampleAction(index, {
      status: index === 1 ? 'retrying' : 'succeeded',
    })
    const { id, tenant, signalId, status, priority, createdAt } = action
    add.run(id, tenant, signalId, status, priority, createdAt, JSON.stringify(action))
  }
  database.close()
}

/** A state file as version 2 wrote it: all that changes of an action in one text, whatever stands in columns too. */
function versionTwo(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('version', '2');
    CREATE TABLE actions (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
      signal_id TEXT NOT NULL, proposal TEXT NOT NULL);
    CREATE INDEX actions_by_signal ON actions (signal_id);
    CREATE TABLE action_states (number INTEGER PRIMARY KEY, target TEXT NOT NULL, created_at INTEGER NOT NULL,
      status TEXT NOT NULL, is_open INTEGER NOT NULL, priority INTEGER NOT NULL, rank INTEGER NOT NULL,
      due_at INTEGER NOT NULL, wake_at INTEGER, lease_owner TEXT, lease_until INTEGER, state TEXT NOT NULL);
    CREATE INDEX actions_by_status ON action_states (status, priority, created_at);
    CREATE INDEX actions_open ON action_states (target, rank, number) WHERE is_open = 1;
    CREATE INDEX actions_due ON action_states (due_at) WHERE is_open = 1;
    CREATE INDEX actions_waking ON action_states (wake_at) WHERE wake_at IS NOT NULL;`)
  const propose = database.prepare('INSERT INTO actions VALUES (?, ?, ?, ?, ?)')
  const add = database.prepare(`INSERT INTO action_states VALUES (${Array(12).fill('?').join(', ')})`)
  for (const [index, action] of atVersionTwo.entries()) {
    const { id, tenant, kind, target, params, reason, signalId, rule, quotes, createdAt, ...state } = action
    const proposal = { id, tenant, kind, target, params, reason, signalId, rule, quotes, createdAt }
    const { status, priority, dueAt, wakeAt = null, lease } = state
    propose.run(index + 1, id, tenant, signalId, JSON.stringify(proposal))
    const open = status === 'executing' || status === 'retrying' ? 1 : 0
    const [owner, until] = lease === undefined ? [null, null] : [lease.owner, lease.until]
    const rank = createdAt + priority * 600_000
    const places = [index + 1, target, createdAt, status, open, priority, rank, dueAt, wakeAt]
    add.run(...places, owner, until, JSON.stringify(state))
  }
  database.close()
}

const atVersionTwo = [
  sampleAction(1, { status: 'retrying', attempts: 3, wakeAt: 77 }),
  sampleAction(2, { status: 'executing', attempts: 1, lease: { owner: 'gone', until: 1 } }),
  sampleAction(3, {
    status: 'succeeded',
    attempts: 2,
    receipt: { reference: 'HOLD-1', proof: { held: true } },
  }),
]

it('a store of version 2 keeps where each action stands: tries, leases, instants and receipts', async () => {
  const path = join(dataFolder(), 'andon.db')
  versionTwo(path)
  const store = sqliteStore({ path })
  onTestFinished(() => store.close())
  await store.open()
  for (const action of atVersionTwo) expect(await store.actions.get(action.id)).toEqual(action)
  expect(await store.actions.due(100, 10)).toEqual([atVersionTwo[0]])
  expect(await store.actions.list({ status: ['succeeded'] })).toEqual([atVersionTwo[2]])

  const at = Date.UTC(2030, 0, 1)
  const request = { owner: 'a', target: 'plant', at, until: at + 1000, limit: 10 }
  const leased = await store.transaction((transaction) => transaction.leaseActions(request))
  expect(leased.map(({ id }) => id).sort()).toEqual(['action-1', 'action-2'])
  expect((await store.actions.get('action-1'))?.lease).toEqual({ owner: 'a', until: at + 1000 })
})

it('a log that version 3 wrote keeps every line and goes on from its end', async () => {
  const path = join(dataFolder(), 'andon.db')
  const event = (tenant: string, at: number): AuditEvent => ({ tenant, at, what: 'rule.put', data: { at } })
  const store = sqliteStore({ path })
  onTestFinished(() => store.close())
  await store.open()
  await store.transaction((transaction) =>
    transaction.appendAudit([event('b', 1), event('a', 2), event('b', 3), event('b', 4)]),
  )
  const lines = await store.audit.read('b', 1, 10)
  const heads = await store.audit.heads()
  expect([lines.length, heads.map(({ tenant, sequence }) => [tenant, sequence])]).toEqual([
    3,
    [
      ['a', 1],
      ['b', 3],
    ],
  ])
  await store.close()

  const database = new DatabaseSync(path)
  database.exec(`ALTER TABLE audit RENAME TO audit_4;
    CREATE TABLE audit (tenant TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, line TEXT NOT NULL,
      PRIMARY KEY (tenant, sequence)) WITHOUT ROWID;
    INSERT INTO audit SELECT tenant, sequence, hash, line FROM audit_4;
    DROP TABLE audit_4;
    UPDATE meta SET value = '3' WHERE key = 'version';`)
  database.close()

  await store.open()
  expect(await store.audit.read('b', 1, 10)).toEqual(lines)
  expect(await store.audit.heads()).toEqual(heads)
  await store.transaction((transaction) => transaction.appendAudit([event('b', 5)]))
  await store.close()
  const log = openAudit({ path })
  onTestFinished(() => log.close())
  expect(await log.verify()).toMatchObject([
    { tenant: 'a', lines: 1, problems: [] },
    { tenant: 'b', lines: 4, problems: [] },
  ])
})

it('a store that an earlier release wrote is brought up to date, and nothing of it is lost', async () => {
  const path = join(dataFolder(), 'andon.db')
  versionOne(path)
  const store = sqliteStore({ path })
  onTestFinished(() => store.close())
  await store.open()
  expect(await store.signals.get('signal-1')).toEqual(sampleSignal(1))
  expect(await store.actions.get('action-2')).toEqual(sampleAction(2, { status: 'succeeded' }))
  expect(await store.actions.list({ signalId: 'signal-1' })).toEqual([
    sampleAction(1, { status: 'retrying' }),
  ])
  expect(await store.kept('customer-key')).toEqual({ key: 'secret' })
  expect(await store.position('hotline')).toEqual({ at: 7 })

  const at = Date.UTC(2030, 0, 1)
  const request = { owner: 'a', target: 'plant', at, until: at + 1000, limit: 10 }
  const leased = await store.transaction((transaction) => transaction.leaseActions(request))
  expect(leased.map(({ id }) => id)).toEqual(['action-1'])
  await store.close()
  await store.open()
  expect(await store.actions.get('action-2')).toEqual(sampleAction(2, { status: 'succeeded' }))
})

it('a store of a later release is refused, and left as it is', async () => {
  const path = join(dataFolder(), 'andon.db')
  versionOne(path)
  const database = new DatabaseSync(path)
  database.exec("UPDATE meta SET value = '99' WHERE key = 'version'")
  database.close()
  await expect(sqliteStore({ path }).open()).rejects.toMatchObject({ code: 'STORE_INCOMPATIBLE' })
})
