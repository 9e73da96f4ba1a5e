import { AndonError } from '../errors/index.js'
import type { Localized } from '../text.js'
import type { Action, ActionStatus } from './action.js'

/** DESIGN section 6: what an action may become from where it stands. */
const next: Readonly<Record<ActionStatus, readonly ActionStatus[]>> = {
  proposed: ['shadow', 'awaiting-approval', 'approved', 'refused'],
  shadow: ['approved', 'refused'],
  'awaiting-approval': ['awaiting-approval', 'approved', 'refused'],
  approved: ['executing', 'refused'],
  refused: [],
  executing: ['executing', 'succeeded', 'retrying', 'dead'],
  retrying: ['executing', 'refused', 'dead'],
  succeeded: ['reverting'],
  dead: ['approved', 'refused'],
  reverting: ['reverting', 'reverted', 'succeeded'],
  reverted: [],
}

/** What still has to be carried out: these are loaded when Andon starts. */
export const unfinishedStatuses = [
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

/** The note that explains a status in both languages. */
export function because(en: string, zh: string): { readonly note: Localized } {
  return { note: { en, zh } }
}
