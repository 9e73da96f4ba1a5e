import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Action } from '../../action/action.js'
import { openStatuses } from '../../action/life.js'
import { rankOf } from '../../action/rank.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { actionOf, proposalOf, stateOf } from '../action-row.js'

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
    ...[lease?.owner ?? null, lease?.until ?? null, stateOf(action)],
  ]
}

/** Both parts of an action. */
export const selectAction = 'SELECT proposal, state FROM actions JOIN action_states USING (number)'

/** The write side of the outbox and its history. */
export function actionWriting(database: DatabaseSync): ActionWriting {
  const add = database.prepare(
    'INSERT INTO actions (id, tenant, signal_id, proposal) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const addState = database.prepare(
    `INSERT INTO action_states (number, target, created_at, status, is_open, priority, rank, due_at, wake_at,
       lease_owner, lease_until, state) VALUES (${Array(12).fill('?').join(', ')})`,
  )
  const put = database.prepare(
    `UPDATE action_states SET status = ?, is_open = ?, priority = ?, rank = ?, due_at = ?, wake_at = ?, lease_owner = ?,
       lease_until = ?, state = ? WHERE number = (SELECT number FROM actions WHERE id = ?)`,
  )
  // What begins was open and due before: the indexes of the outbox stay as they are.
  const begin = database.prepare(
    `UPDATE action_states SET status = ?, wake_at = ?, lease_owner = ?, lease_until = ?, state = ?
     WHERE number = (SELECT number FROM actions WHERE id = ?)`,
  )
  const get = database.prepare(`${selectAction} WHERE id = ?`)
  const free = database.prepare(
    `SELECT number FROM action_states WHERE is_open = 1 AND target = ? AND due_at <= ?
       AND (lease_until IS NULL OR lease_until <= ?) ORDER BY rank, number LIMIT ?`,
  )
  const lease = database.prepare(
    'UPDATE action_states SET lease_owner = ?, lease_until = ? WHERE number = ? RETURNING state',
  )
  const proposal = database.prepare('SELECT proposal FROM actions WHERE number = ?')
  const end = database.prepare(
    'UPDATE action_states SET lease_owner = NULL, lease_until = NULL WHERE is_open = 1 AND lease_owner <> ?',
  )

  return {
    async addActions(actions) {
      const added: string[] = []
      for (const action of actions) {
        const { id, tenant, signalId, target, createdAt } = action
        const { changes, lastInsertRowid } = add.run(id, tenant, signalId, proposalOf(action))
        if (changes === 0) continue
        addState.run(lastInsertRowid, target, createdAt, ...columnsOf(action))
        added.push(id)
      }
      return added
    },
    async putActions(actions) {
      for (const action of actions) {
        const { id, status, wakeAt, lease } = action
        if (status !== 'executing') put.run(...columnsOf(action), id)
        else
          begin.run(status, wakeAt ?? null, lease?.owner ?? null, lease?.until ?? null, stateOf(action), id)
      }
    },
    async getAction(id) {
      return actionOf(get.get(id))
    },
    async leaseActions({ owner, target, at, until, limit }) {
      return free.all(target, at, at, limit).flatMap(({ number = 0 }) => {
        const action = actionOf({ ...lease.get(owner, until, number), ...proposal.get(number) })
        return action === undefined ? [] : [{ ...action, lease: { owner, until } }]
      })
    },
    async endLeases(owner) {
      end.run(owner)
    },
  }
}

/** What of the outbox waits for time, and for which targets it is. */
export function outboxReading(reader: DatabaseSync): Pick<Store['actions'], 'due' | 'nextDue' | 'open'> {
  const due = reader.prepare(`${selectAction} WHERE wake_at <= ? ORDER BY wake_at, number LIMIT ?`)
  const waking = reader.prepare('SELECT MIN(wake_at) AS next FROM action_states WHERE wake_at IS NOT NULL')
  const later = reader.prepare(
    'SELECT MIN(due_at) AS next FROM action_states WHERE is_open = 1 AND due_at > ?',
  )
  const open = reader.prepare(
    'SELECT target, COUNT(*) AS count FROM action_states WHERE is_open = 1 GROUP BY target ORDER BY target',
  )
  return {
    due: async (before, limit) => due.all(before, limit).flatMap((row) => actionOf(row) ?? []),
    async nextDue(after) {
      const instants = [waking.get()?.next, later.get(after)?.next].flatMap((next) =>
        typeof next === 'number' ? [next] : [],
      )
      return instants.length === 0 ? undefined : Math.min(...instants)
    },
    open: async () => Object.fromEntries(open.all().map(({ target, count }) => [target, Number(count)])),
  }
}
