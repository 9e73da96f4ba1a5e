import { AndonError } from '../errors/index.js'
import type { Action, ActionStatus, DecisionRecord } from './action.js'

/** DESIGN section 6: what an action may become from where it stands. */
const next: Readonly<Record<ActionStatus, readonly ActionStatus[]>> = {
  proposed: ['shadow', 'awaiting-approval', 'approved', 'refused'],
  shadow: ['awaiting-approval', 'approved', 'refused'],
  'awaiting-approval': ['awaiting-approval', 'approved', 'refused', 'cancelled'],
  // A limit makes it wait, or asks a person; a deadline passes.
  approved: ['approved', 'awaiting-approval', 'executing', 'refused', 'cancelled', 'dead'],
  refused: [],
  cancelled: [],
  executing: ['executing', 'succeeded', 'retrying', 'cancelled', 'dead'],
  retrying: ['retrying', 'executing', 'awaiting-approval', 'refused', 'dead'],
  succeeded: ['succeeded', 'reverting'],
  // With a receipt it was done, but not as asked: it can be taken back.
  dead: ['approved', 'refused', 'reverting'],
  reverting: ['reverting', 'reverted', 'succeeded', 'dead'],
  reverted: [],
}

/** What still has to be carried out: the outbox. */
export const openStatuses = [
  'approved',
  'executing',
  'retrying',
  'reverting',
] as const satisfies ActionStatus[]

/**
 * Moves an action on in its life.
 *
 * @throws AndonError TRANSITION_REFUSED when its life does not lead there.
 */
export function moved(action: Action, to: ActionStatus, at: number, change: Partial<Action> = {}): Action {
  if (!next[action.status].includes(to)) {
    throw new AndonError('TRANSITION_REFUSED', { details: { kind: 'action', from: action.status, to } })
  }
  return { ...action, ...change, status: to, updatedAt: at }
}

/** The change that a decision makes: it is remembered, and its words explain where the action stands. */
export function decided(action: Action, record: DecisionRecord): Pick<Action, 'note' | 'decisions'> {
  const last = action.decisions.at(-1)
  // Waiting for the same reason again is no news.
  const again = last !== undefined && last.outcome === record.outcome && last.text.en === record.text.en
  return {
    note: record.text,
    decisions: again ? action.decisions : [...action.decisions, record].slice(-mostDecisions),
  }
}

const mostDecisions = 100
