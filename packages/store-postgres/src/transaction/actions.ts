import {
  type Action,
  actionOf,
  openStatuses,
  proposalOf,
  rankOf,
  type StoreTransaction,
  stateOf,
} from '@andon/core/connector'
import { int4Array, int8Array, storable, textArray } from '../database/arrays.js'
import type { Session } from '../database/session.js'
import { type Statement, statements } from '../database/statement.js'

type ActionWriting = Pick<
  StoreTransaction,
  'absentActions' | 'addActions' | 'putActions' | 'getAction' | 'leaseActions' | 'endLeases'
>

const stillOpen: ReadonlySet<string> = new Set(openStatuses)

/** Both parts of an action. */
export const selectAction =
  'SELECT a.proposal, s.state FROM $schema.actions a JOIN $schema.action_states s USING (number)'

/** @param known what becomes of an id that exists: left alone, or, where none can exist, an error */
const insertActions = (known: 'ON CONFLICT DO NOTHING' | ''): string => `
    WITH u AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
      $7::text[], $8::int[], $9::int[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::text[])
      WITH ORDINALITY AS u (id, tenant, signal_id, proposal, target, created_at, status, is_open, priority, rank, due_at,
        wake_at, lease_owner, lease_until, state, place)),
    a AS (INSERT INTO $schema.actions (id, tenant, signal_id, proposal)
      SELECT id, tenant, signal_id, proposal FROM u ORDER BY place ${known} RETURNING number, id),
    s AS (INSERT INTO $schema.action_states (number, target, created_at, status, is_open, priority, rank, due_at,
        wake_at, lease_owner, lease_until, state)
      SELECT a.number, u.target, u.created_at, u.status, u.is_open = 1, u.priority, u.rank, u.due_at, u.wake_at,
        u.lease_owner, u.lease_until, u.state FROM a JOIN u USING (id))
    SELECT id FROM a ORDER BY number`

const texts = {
  absent_actions: `SELECT u.id FROM unnest($1::text[]) AS u (id)
    WHERE NOT EXISTS (SELECT FROM $schema.actions a WHERE a.id = u.id)`,
  add_actions: insertActions('ON CONFLICT DO NOTHING'),
  add_absent: insertActions(''),
  lock_actions: `SELECT 1 FROM $schema.action_states s JOIN $schema.actions a USING (number)
    WHERE a.id = ANY ($1::text[]) ORDER BY a.id FOR UPDATE OF s`,
  put_actions: `UPDATE $schema.action_states s SET status = u.status, is_open = u.is_open = 1, priority = u.priority,
      rank = u.rank, due_at = u.due_at, wake_at = u.wake_at, lease_owner = u.lease_owner, lease_until = u.lease_until,
      state = u.state
    FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
        $9::bigint[], $10::text[])
      AS u (id, status, is_open, priority, rank, due_at, wake_at, lease_owner, lease_until, state)
      JOIN $schema.actions a USING (id)
    WHERE s.number = a.number`,
  get_action_locked: `${selectAction} WHERE a.id = $1 FOR UPDATE OF s`,
  lease_actions: `WITH free AS (SELECT number FROM $schema.action_states
      WHERE is_open AND target = $1 AND due_at <= $2 AND (lease_until IS NULL OR lease_until <= $2)
      ORDER BY rank, number LIMIT $3 FOR UPDATE SKIP LOCKED)
    UPDATE $schema.action_states s SET lease_owner = $4, lease_until = $5
    FROM free JOIN $schema.actions a USING (number) WHERE s.number = free.number
    RETURNING s.rank, s.number, s.state, a.proposal`,
  end_leases: `UPDATE $schema.action_states SET lease_owner = NULL, lease_until = NULL
    WHERE is_open AND lease_owner <> $1`,
}

export type ActionStatements = Readonly<Record<keyof typeof texts, Statement>>

export const actionStatements = (schema: string): ActionStatements => statements(schema, texts)

/** What changes of actions, in the order of the columns. */
const columnsOf = (actions: readonly Action[]): readonly Buffer[] => [
  textArray(actions.map(({ status }) => status)),
  int4Array(actions.map(({ status }) => (stillOpen.has(status) ? 1 : 0))),
  int4Array(actions.map(({ priority }) => priority)),
  int8Array(actions.map(rankOf)),
  int8Array(actions.map(({ dueAt }) => dueAt)),
  int8Array(actions.map(({ wakeAt }) => wakeAt)),
  textArray(actions.map(({ lease }) => lease?.owner)),
  int8Array(actions.map(({ lease }) => lease?.until)),
  textArray(actions.map(stateOf)),
]

/** What is inserted of actions, in the order of the columns. */
const rowsOf = (actions: readonly Action[]): readonly Buffer[] => [
  textArray(actions.map(({ id }) => id)),
  textArray(actions.map(({ tenant }) => tenant)),
  textArray(actions.map(({ signalId }) => signalId)),
  textArray(actions.map(proposalOf)),
  textArray(actions.map(({ target }) => target)),
  int8Array(actions.map(({ createdAt }) => createdAt)),
  ...columnsOf(actions),
]

/**
 * The write side of the outbox and its history. What was found absent is added without asking what became of it: should
 * another transaction have been faster, the insert fails the commit, and the work can be run again.
 */
export function actionWriting(session: Session, sql: ActionStatements): ActionWriting {
  const absent = new Set<string>()

  return {
    async absentActions(ids) {
      const wanted = [...new Set(ids)]
      if (wanted.length === 0) return []
      const rows = await session.run(sql.absent_actions, [textArray(wanted)])
      const free = new Set(rows.map(({ id }) => String(id)))
      const found = wanted.filter((id) => free.has(storable(id)))
      for (const id of found) absent.add(id)
      return found
    },
    async addActions(actions) {
      if (actions.length === 0) return []
      // The first of each id, as if they came one after the other.
      const first = new Map([...actions].reverse().map((action) => [action.id, action]))
      const added = actions.filter((action) => first.get(action.id) === action)
      const ids = added.map(({ id }) => id)
      const areAbsent = ids.every((id) => absent.has(id))
      // They exist now: who adds them again adds nothing.
      for (const id of ids) absent.delete(id)
      if (areAbsent) {
        session.later(sql.add_absent, rowsOf(added))
        return ids
      }
      const rows = await session.run(sql.add_actions, rowsOf(added))
      return rows.map(({ id }) => String(id))
    },
    async putActions(actions) {
      if (actions.length === 0) return
      const last = [...new Map(actions.map((action) => [action.id, action])).values()]
      const ids = textArray(last.map(({ id }) => id))
      // Always in the order of the ids, or two transactions could wait for each other.
      if (last.length > 1) session.later(sql.lock_actions, [ids])
      session.later(sql.put_actions, [ids, ...columnsOf(last)])
    },
    async getAction(id) {
      const [row] = await session.run(sql.get_action_locked, [storable(id)])
      return actionOf(row)
    },
    async leaseActions({ owner, target, at, until, limit }) {
      const rows = await session.run(sql.lease_actions, [
        storable(target),
        Math.floor(at),
        limit,
        storable(owner),
        Math.floor(until),
      ])
      return [...rows]
        .sort(
          (left, right) =>
            Number(left.rank) - Number(right.rank) || Number(left.number) - Number(right.number),
        )
        .flatMap((row) => {
          const action = actionOf(row)
          return action === undefined ? [] : [{ ...action, lease: { owner, until } }]
        })
    },
    async endLeases(owner) {
      session.later(sql.end_leases, [storable(owner)])
    },
  }
}
