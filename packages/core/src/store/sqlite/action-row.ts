import type { SQLInputValue } from 'node:sqlite'
import type { Action } from '../../action/action.js'
import { openStatuses } from '../../action/life.js'
import { rankOf } from '../../action/rank.js'
import type { Proposal } from '../action-row.js'

/** What every step changes: columns of their own. */
type Standing = Pick<Action, 'status' | 'priority' | 'dueAt' | 'wakeAt' | 'lease' | 'attempts' | 'updatedAt'>
/** The rest: many steps leave it as it is. */
type State = Omit<Action, keyof Proposal | keyof Standing>

const openOnes: ReadonlySet<string> = new Set(openStatuses)
/** Still to be carried out. */
export const isOpen = ({ status }: Action): boolean => openOnes.has(status)

/** The columns that every step writes. */
export const standingColumns = [
  ...['status', 'is_open', 'priority', 'rank', 'due_at', 'wake_at', 'lease_owner', 'lease_until', 'attempts'],
  'updated_at',
]

/** What stands in them, in their order. */
export function standingOf(action: Action): SQLInputValue[] {
  const { status, priority, dueAt, wakeAt = null, lease, attempts, updatedAt } = action
  const [owner, until] = lease === undefined ? [null, null] : [lease.owner, lease.until]
  const open = isOpen(action) ? 1 : 0
  return [status, open, priority, rankOf(action), dueAt, wakeAt, owner, until, attempts, updatedAt]
}

/** The rest of an action; a name is there even where nothing is. */
export type StateParts = { readonly [Name in keyof State]-?: State[Name] | undefined }

export function statePartsOf(action: Action): StateParts {
  const { note, deadlineAt, expiresAfter, decisions, needs, limits, productLine, mode, before } = action
  const { stop, reversal, tests, review, receipt, revertReceipt, signatures, traceparent } = action
  // In one piece: it is made three times in the life of an action.
  // biome-ignore format: a column of 17 names
  return {
    note, deadlineAt, expiresAfter, decisions, needs, limits, productLine, mode, before,
    stop, reversal, tests, review, receipt, revertReceipt, signatures, traceparent,
  }
}

/** Whether both are made of the very same things. */
export function isSameState(left: StateParts, right: StateParts): boolean {
  const others = Object.values(right)
  return Object.values(left).every((part, index) => part === others[index])
}

export const stateOf = (parts: StateParts): string => JSON.stringify(parts)

/** The columns of an action, and both of its parts. */
export const selectAction = `SELECT number, ${standingColumns.join(', ')}, state, proposal
  FROM actions JOIN action_states USING (number)`

/** The columns hold what the functions above wrote. */
export function actionOf(row: Record<string, unknown>): Action {
  const { proposal, state, status, priority, due_at: dueAt, wake_at: wakeAt, attempts } = row
  const { lease_owner: owner, lease_until: until, updated_at: updatedAt } = row
  const standing = {
    ...{ status, priority, dueAt, attempts, updatedAt },
    ...(wakeAt === null ? {} : { wakeAt }),
    ...(owner === null ? {} : { lease: { owner, until } }),
  } as Standing
  return {
    ...(JSON.parse(String(proposal)) as Proposal),
    ...(JSON.parse(String(state)) as State),
    ...standing,
  }
}
