import type { DatabaseSync } from 'node:sqlite'
import type { Action, Lease } from '../../action/action.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { proposalOf } from '../action-row.js'
import {
  actionOf,
  isOpen,
  isSameState,
  type StateParts,
  selectAction,
  standingColumns,
  standingOf,
  stateOf,
  statePartsOf,
} from './action-row.js'

type ActionWriting = Pick<
  StoreTransaction,
  'absentActions' | 'addActions' | 'putActions' | 'getAction' | 'leaseActions' | 'endLeases'
> & {
  /** A work is done: what it left to write is written. */
  finish(): void
  /** A work was taken back: what is remembered of it is forgotten. */
  takenBack(): void
}

/** An action as it stands on disk. */
interface Known {
  readonly number: number
  readonly state: StateParts
  /** What the indexes of the outbox are made of. */
  readonly place: Pick<Action, 'priority' | 'dueAt'> & { readonly isOpen: boolean }
}

/** More are never remembered: about as many as are under way. */
const mostKnown = 1024

/** The write side of the outbox and its history. */
export function actionWriting(database: DatabaseSync): ActionWriting {
  const add = database.prepare(
    'INSERT INTO actions (id, tenant, signal_id, proposal) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const columns = ['number', 'target', 'created_at', ...standingColumns, 'state']
  const addState = database.prepare(
    `INSERT INTO action_states (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  const standing = standingColumns.map((column) => `${column} = ?`).join(', ')
  const put = database.prepare(`UPDATE action_states SET ${standing}, state = ? WHERE number = ?`)
  const move = database.prepare(`UPDATE action_states SET ${standing} WHERE number = ?`)
  // What begins was open and due before: the indexes of the outbox stay as they are.
  const stay = database.prepare(
    `UPDATE action_states SET status = ?, wake_at = ?, lease_owner = ?, lease_until = ?, attempts = ?, updated_at = ?
     WHERE number = ?`,
  )
  const find = database.prepare('SELECT 1 FROM actions WHERE id = ?')
  const get = database.prepare(`${selectAction} WHERE id = ?`)
  const free = database.prepare(
    `${selectAction} WHERE is_open = 1 AND target = ? AND due_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
     ORDER BY rank, number LIMIT ?`,
  )
  const lease = database.prepare('UPDATE action_states SET lease_owner = ?, lease_until = ? WHERE number = ?')
  const end = database.prepare(
    'UPDATE action_states SET lease_owner = NULL, lease_until = NULL WHERE is_open = 1 AND lease_owner <> ?',
  )
  const known = new Map<string, Known>()
  /** Leased, and perhaps about to be put back with more than that: one write is enough. By number. */
  const leased = new Map<number, Lease>()

  function read(row: Record<string, unknown>): Action {
    const action = actionOf(row)
    remember(action, Number(row.number), statePartsOf(action))
    return action
  }

  function remember(action: Action, number: number, state: StateParts): void {
    const { id, priority, dueAt } = action
    known.set(id, { number, state, place: { priority, dueAt, isOpen: isOpen(action) } })
    if (known.size <= mostKnown) return
    const [oldest = ''] = known.keys()
    known.delete(oldest)
  }

  function writeLeases(): void {
    for (const [number, { owner, until }] of leased) lease.run(owner, until, number)
    leased.clear()
  }

  function replace(action: Action, { number, state: before, place }: Known): void {
    const { id, status, priority, dueAt, wakeAt = null, lease, attempts, updatedAt } = action
    const state = statePartsOf(action)
    const stays = isOpen(action) && place.isOpen && priority === place.priority && dueAt === place.dueAt
    leased.delete(number)
    if (!isSameState(before, state)) put.run(...standingOf(action), stateOf(state), number)
    else if (!stays) move.run(...standingOf(action), number)
    else stay.run(status, wakeAt, lease?.owner ?? null, lease?.until ?? null, attempts, updatedAt, number)
    if (isOpen(action)) remember(action, number, state)
    else known.delete(id)
  }

  return {
    absentActions: async (ids) => [...new Set(ids)].filter((id) => find.get(id) === undefined),
    async addActions(actions) {
      const added: string[] = []
      for (const action of actions) {
        const { id, tenant, signalId, target, createdAt } = action
        const { changes, lastInsertRowid } = add.run(id, tenant, signalId, proposalOf(action))
        if (changes === 0) continue
        addState.run(lastInsertRowid, target, createdAt, ...standingOf(action), stateOf(statePartsOf(action)))
        added.push(id)
      }
      return added
    },
    async putActions(actions) {
      for (const action of actions) {
        const { id } = action
        if (!known.has(id)) {
          const row = get.get(id)
          if (row !== undefined) read(row)
        }
        const found = known.get(id)
        if (found !== undefined) replace(action, found)
      }
    },
    async getAction(id) {
      writeLeases()
      const row = get.get(id)
      return row === undefined ? undefined : read(row)
    },
    async leaseActions({ owner, target, at, until, limit }) {
      writeLeases()
      return free.all(target, at, at, limit).map((row) => {
        leased.set(Number(row.number), { owner, until })
        return { ...read(row), lease: { owner, until } }
      })
    },
    async endLeases(owner) {
      writeLeases()
      end.run(owner)
    },
    finish: writeLeases,
    takenBack() {
      known.clear()
      leased.clear()
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
    due: async (before, limit) => due.all(before, limit).map(actionOf),
    async nextDue(after) {
      const instants = [waking.get()?.next, later.get(after)?.next].flatMap((next) =>
        typeof next === 'number' ? [next] : [],
      )
      return instants.length === 0 ? undefined : Math.min(...instants)
    },
    open: async () => Object.fromEntries(open.all().map(({ target, count }) => [target, Number(count)])),
  }
}
