import type { Action, Reversal } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { decided } from '../../action/life.js'
import type { Localized } from '../../text.js'
import { auditOf, reversing, type Step } from './step.js'

/** Why an effect is to be taken back without being asked for in the usual way. */
export interface ReversalCause {
  readonly cause: Reversal['cause']
  readonly reason: string
  /** A sentence that says why. */
  readonly text: Localized
  /** Of the audit line when people have to sign first. */
  readonly asked: string
}

/** What may be undone by itself is; authority to release is a person's, who is asked. */
export function takingBack(
  action: Action,
  kind: ActionKind | undefined,
  { cause, reason, text, asked }: ReversalCause,
  at: number,
): Step {
  const needs = kind?.signaturesToReverse ?? 0
  // Whoever has signed for it already need not sign again.
  const signatures = action.reversal?.signatures ?? []
  const reversal = { cause, reason, askedAt: at, needs, signatures } as const
  if (needs === 0) {
    const goes = { en: `${text.en} It is taken back.`, zh: `${text.zh}正在撤销。` }
    return reversing(action, reversal, goes, at)
  }
  const { wakeAt: _, ...rest } = action
  const left = needs - signatures.length
  const waits = {
    en: `${text.en} Taking it back needs the signatures of ${left} people.`,
    zh: `${text.zh}撤销需要 ${left} 人签字。`,
  }
  const record = { at, by: 'engine', outcome: 'wait', text: waits } as const
  return {
    action: { ...rest, reversal, updatedAt: at, ...decided(action, record) },
    audit: auditOf(action, asked, at, { cause, reason, text: { ...waits } }),
  }
}
