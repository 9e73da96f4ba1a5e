import { effectTests, type VerificationPlan } from '../action/effect-tests.js'
import type { ActionKind } from '../action/kinds/kind.js'
import type { StoreTransaction } from '../connector/store.js'
import type { Signal } from '../signal/signal.js'
import { containedBy, testedStatuses, uncontainedBy } from '../signal/verification.js'
import { auditOf, type Step } from './actuation/step.js'
import { takeSignalSteps } from './signal-steps.js'

/**
 * What a step of an action means for its signal: a production action that succeeded contains it, and its tests begin;
 * one that was taken back proves nothing any more.
 */
export async function containSignal(
  transaction: StoreTransaction,
  { action, audit }: Step,
  kind: ActionKind | undefined,
  plan: VerificationPlan,
): Promise<Signal | undefined> {
  if (kind?.production !== true || audit.what === 'action.mismatch') return undefined
  if (action.status !== 'succeeded' && action.status !== 'reverted') return undefined
  const signal = await transaction.getSignal(action.signalId)
  if (signal === undefined) return undefined
  const now = action.updatedAt
  const changed =
    action.status === 'reverted'
      ? uncontainedBy(signal, action.id, now)
      : containedBy(signal, action, now, effectTests(action.tests, plan))
  if (changed !== undefined) await takeSignalSteps(transaction, [{ before: signal, after: changed }])
  else if (action.status === 'succeeded') {
    const why = testedStatuses.includes(signal.status) ? 'enough of its signal are tested' : signal.status
    await transaction.appendAudit([auditOf(action, 'verification.dropped', now, { why })])
  }
  return changed
}
