import type { AuditEvent } from '../connector/audit.js'
import type { StoreTransaction } from '../connector/store.js'
import type { Signal } from '../signal/signal.js'

/** A signal as it was, and as it is to be; undefined before it was opened. */
export interface SignalStep {
  readonly before: Signal | undefined
  readonly after: Signal
}

/**
 * Keeps signals, and a line in the audit log for each that was opened or moved on in its life: the log is what sinks
 * read. That one gathered more evidence is no line, or a busy signal would write one with every batch.
 */
export async function takeSignalSteps(
  transaction: StoreTransaction,
  steps: readonly SignalStep[],
): Promise<void> {
  if (steps.length === 0) return
  await transaction.putSignals(steps.map(({ after }) => after))
  const lines = steps.filter(({ before, after }) => before?.status !== after.status).map(signalAudit)
  if (lines.length > 0) await transaction.appendAudit(lines)
}

/** No customer's words: the log is kept for ever. */
function signalAudit({ before, after }: SignalStep): AuditEvent {
  const { id, tenant, rule, ruleVersion, title, status, severity, facts, openedAt, updatedAt } = after
  const { firings, occurrences, regressions, verification } = after
  return {
    ...{ tenant, at: updatedAt, what: `signal.${wordFor(before, after)}`, signal: id },
    data: {
      ...{ rule, title: { ...title }, status, severity, facts, firings, occurrences, regressions },
      openedAt: new Date(openedAt).toISOString(),
      ...(ruleVersion === undefined ? {} : { ruleVersion }),
      ...(before === undefined ? {} : { from: before.status }),
      ...(verification?.verdict === undefined ? {} : { verdict: verification.verdict }),
    },
  }
}

function wordFor(before: Signal | undefined, after: Signal): string {
  if (before === undefined) return 'opened'
  if (after.status !== 'open') return after.status
  return after.regressions > before.regressions ? 'regressed' : 'reopened'
}
