import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Action } from '../../action/action.js'
import { openStatuses } from '../../action/life.js'
import { rankOf } from '../../action/rank.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { bodyOf } from './row.js'

type ActionWriting = Pick<
  StoreTransaction,
  'addActions' | 'putActions' | 'getAction' | 'leaseActions' | 'endLeases'
>

const stillOpen: ReadonlySet<string> = new Set(openStatuses)

/** What changes of an action, in the order of the columns. */
function columnsOf(action: Action): SQLInputValue[] {
  const { status, priority, dueAt, wakeAt, lease } = action
  return [
    ...[status, stillOpen.has(status) ? 1 : 0, priority, rankOf(action), dueAt, wakeAt ?? null],
    ...[lease?.owner ?? null, lease?.until ?? null, JSON.stringify(action)],
  ]
}

/** Lowest rank first; RETURNING has no order. */
const byRank = (left: Action, right: Action): number =>
  rankOf(left) - rankOf(right) || (left.id < right.id ? -1 : 1)

/** The write side of the outbox and its history. */
export function actionWriting(database: DatabaseSync): ActionWriting {
  const add = database.prepare(
    `INSERT INTO actions (id, tenant, signal_id, target, created_at, status, is_open, priority, rank, due_at, wake_at,
       lease_owner, lease_until, body) VALUES (${Array(14).fill('?').join(', ')}) ON CONFLICT DO NOTHING`,
  )
  const put = database.prepare(
    `UPDATE actions SET status = ?, is_open = ?, priority = ?, rank = ?, due_at = ?, wake_at = ?, lease_owner = ?,
       lease_until = ?, body = ? WHERE id = ?`,
  )
  const get = database.prepare('SELECT body FROM actions WHERE id = ?')
  const lease = database.prepare(
    `UPDATE actions SET lease_owner = ?, lease_until = ? WHERE id IN (
       SELECT id FROM actions WHERE is_open = 1 AND target = ? AND due_at <= ?
         AND (lease_until IS NULL OR lease_until <= ?) ORDER BY rank, id LIMIT ?)
     RETURNING body`,
  )
  const end = database.prepare(
    'UPDATE actions SET lease_owner = NULL, lease_until = NULL WHERE is_open = 1 AND lease_owner <> ?',
  )

  return {
    async addActions(actions) {
      const added: string[] = []
      for (const action of actions) {
        const { id, tenant, signalId, target, createdAt } = action
        const { changes } = add.run(id, tenant, signalId, target, createdAt, ...columnsOf(action))
        if (changes === 1) added.push(id)
      }
      return added
    },
    async putActions(actions) {
      for (const action of actions) put.run(...columnsOf(action), action.id)
    },
    async getAction(id) {
      return bodyOf<Action>(get.get(id))
    },
    async leaseActions({ owner, target, at, until, limit }) {
      const rows = lease.all(owner, until, target, at, at, limit)
      const actions = rows.flatMap((row) => bodyOf<Action>(row) ?? [])
      return actions.sort(byRank).map((action) => ({ ...action, lease: { owner, until } }))
    },
    async endLeases(owner) {
      end.run(owner)
    },
  }
}

/** What of the outbox waits for time, and for which targets it is. */
export function outboxReading(reader: DatabaseSync): Pick<Store['actions'], 'due' | 'nextDue' | 'open'> {
  const due = reader.prepare('SELECT body FROM actions WHERE wake_at <= ? ORDER BY wake_at, id LIMIT ?')
  const waking = reader.prepare('SELECT MIN(wake_at) AS next FROM actions WHERE wake_at IS NOT NULL')
  const later = reader.prepare('SELECT MIN(due_at) AS next FROM actions WHERE is_open = 1 AND due_at > ?')
  const open = reader.prepare(
    'SELECT target, COUNT(*) AS count FROM actions WHERE is_open = 1 GROUP BY target ORDER BY target',
  )
  return {
    due: async (before, limit) => due.all(before, limit).flatMap((row) => bodyOf<Action>(row) ?? []),
    async nextDue(after) {
      const instants = [waking.get()?.next, later.get(after)?.next].flatMap((next) =>
        typeof next === 'number' ? [next] : [],
      )
      return instants.length === 0 ? undefined : Math.min(...instants)
    },
    open: async () => Object.fromEntries(open.all().map(({ target, count }) => [target, Number(count)])),
  }
}
