import type { Action } from '../action/action.js'
import type { StoreTransaction } from '../connector/store.js'
import type { JudgedTrial } from '../signal/trial.js'
import type { Step } from './actuation/step.js'
import type { Phases } from './phases.js'

/** What the tests of an action came to, counted for its product line. */
export async function countOutcome(
  phases: Phases,
  transaction: StoreTransaction,
  action: Action,
  outcome: JudgedTrial['verdict'],
): Promise<void> {
  const { id, kind, note = { en: '', zh: '' } } = action
  const because = { en: `${kind} ${id}: ${note.en}`, zh: `${kind} ${id}：${note.zh}` }
  if (outcome === 'harmful') await phases.count(transaction, action, { kind: 'harm' }, because)
  else
    await phases.count(transaction, action, { kind: 'verdict', effective: outcome === 'effective' }, because)
}

/** What was done without a person and is not as it was written is harm. */
export async function countMismatch(
  phases: Phases,
  transaction: StoreTransaction,
  { action, audit }: Step,
): Promise<void> {
  if (audit.what !== 'action.mismatch' || action.mode !== 'auto') return
  const { id, kind, note = { en: '', zh: '' } } = action
  const because = { en: `${kind} ${id}: ${note.en}`, zh: `${kind} ${id}：${note.zh}` }
  await phases.count(transaction, action, { kind: 'harm' }, because)
}

/** The latest that is known of it is that it was read back and not as written. */
export const isMismatch = ({ decisions }: Action): boolean => decisions.at(-1)?.name === 'read-back'
