import type { Action, DecisionRecord, Reversal } from '../../action/action.js'
import { decided, moved } from '../../action/life.js'
import type { AuditEvent } from '../../connector/audit.js'
import type { StoreTransaction } from '../../connector/store.js'
import type { SubjectState } from '../../connector/subject.js'
import type { Receipt } from '../../connector/target.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { Localized } from '../../text.js'

/** One step in the life of an action, and the line that the audit log keeps of it. They become durable together. */
export interface Step {
  readonly action: Action
  readonly audit: AuditEvent
}

export function auditOf(action: Action, what: string, at: number, data: JsonObject): AuditEvent {
  return { tenant: action.tenant, at, what, action: action.id, signal: action.signalId, data }
}

export async function takeSteps(transaction: StoreTransaction, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return
  await transaction.putActions(steps.map(({ action }) => action))
  await transaction.appendAudit(steps.map(({ audit }) => audit))
}

/** What carries an action out no longer: nobody holds it, and time changes it no more. */
function settled(action: Action): Action {
  const { lease: _, wakeAt: __, ...rest } = action
  return rest
}

/** A decision that leaves it where it stands, or takes it out of the outbox. */
export function decisionStep(
  action: Action,
  record: DecisionRecord,
  change: Partial<Action> = {},
  what = `action.${record.outcome}`,
): Step {
  const status = record.outcome === 'wait' ? action.status : record.outcome
  const free = settled(action)
  return {
    action: moved(free, status, record.at, { ...decided(action, record), ...change }),
    audit: auditOf(action, what, record.at, { by: record.by, text: { ...record.text } }),
  }
}

/** The next try begins: it is on disk before anything is asked of the target. */
export function begun(action: Action, at: number, before: readonly SubjectState[] | undefined): Step {
  const reverting = action.status === 'reverting'
  const attempts = action.attempts + 1
  const { wakeAt: _, ...rest } = action
  const change = { attempts, ...(before === undefined || reverting ? {} : { before }) }
  return {
    action: moved(rest, reverting ? 'reverting' : 'executing', at, change),
    audit: auditOf(action, reverting ? 'action.reverting' : 'action.executing', at, {
      attempt: attempts,
      ...(before === undefined ? {} : { before: before.map(plainState) }),
    }),
  }
}

/** How the things that it changed were read back. */
export interface ReadBack {
  readonly states: readonly SubjectState[]
  /** What is not as it was written, in words; absent when all is. */
  readonly mismatch?: Localized
}

export function succeeded(
  action: Action,
  receipt: Receipt,
  readBack: ReadBack | undefined,
  at: number,
): Step {
  const { expiresAfter } = action
  const done = settled(action)
  const text = { en: `Done: ${receipt.reference}`, zh: `已完成：${receipt.reference}` }
  return {
    action: moved(done, 'succeeded', at, {
      receipt,
      ...decided(action, { at, by: 'engine', outcome: 'succeeded', text }),
      ...(expiresAfter === undefined ? {} : { wakeAt: at + expiresAfter }),
    }),
    audit: auditOf(action, 'action.succeeded', at, proofOf(receipt, readBack)),
  }
}

export function reverted(action: Action, receipt: Receipt, readBack: ReadBack | undefined, at: number): Step {
  const text = { en: `Taken back: ${receipt.reference}`, zh: `已撤销：${receipt.reference}` }
  return {
    action: moved(settled(action), 'reverted', at, {
      revertReceipt: receipt,
      ...decided(action, { at, by: 'engine', outcome: 'reverted', text }),
    }),
    audit: auditOf(action, 'action.reverted', at, proofOf(receipt, readBack)),
  }
}

/** What was done is not what was asked: a person must look. */
export function mismatched(action: Action, receipt: Receipt, readBack: ReadBack, at: number): Step {
  const { mismatch = { en: '', zh: '' } } = readBack
  const text = {
    en: `Read back and not as written: ${mismatch.en}`,
    zh: `回读结果与写入不符：${mismatch.zh}`,
  }
  const isReversal = action.status === 'reverting'
  const outcome = isReversal ? 'succeeded' : 'dead'
  const { reversal: _, ...answered } = settled(action)
  return {
    action: moved(answered, outcome, at, {
      ...(isReversal ? {} : { receipt }),
      ...decided(action, { at, by: 'engine', name: 'read-back', outcome, text }),
    }),
    audit: auditOf(action, 'action.mismatch', at, { ...proofOf(receipt, readBack), text: { ...text } }),
  }
}

/** A try that failed, and that will be repeated. */
export function retrying(action: Action, problem: Localized, dueAt: number, at: number): Step {
  const status = action.status === 'executing' ? 'retrying' : action.status
  const { lease: _, ...rest } = action
  return {
    action: moved(rest, status, at, { dueAt, note: problem }),
    audit: auditOf(action, 'action.failed', at, { attempt: action.attempts, text: { ...problem } }),
  }
}

/** Nothing more will be tried: a dead letter; a reversal leaves the effect standing. */
export function gaveUp(action: Action, problem: Localized, at: number): Step {
  const isReversal = action.status === 'reverting'
  const outcome = isReversal ? 'succeeded' : 'dead'
  const text = isReversal ? { en: `Not reverted: ${problem.en}`, zh: `未能撤销：${problem.zh}` } : problem
  // What was asked for is answered: whoever asks again signs again.
  const { reversal: _, ...answered } = settled(action)
  return {
    action: moved(answered, outcome, at, decided(action, { at, by: 'engine', outcome, text })),
    audit: auditOf(action, isReversal ? 'action.not-reverted' : 'action.dead', at, { text: { ...text } }),
  }
}

/** Its effect is to be taken back. */
export function reversing(action: Action, reversal: Reversal, text: Localized, at: number): Step {
  const { wakeAt: _, ...rest } = action
  return {
    action: moved(rest, 'reverting', at, {
      reversal,
      attempts: 0,
      dueAt: at,
      ...decided(action, {
        at,
        by: reversal.cause === 'person' ? 'person' : 'engine',
        outcome: 'reverting',
        text,
      }),
    }),
    audit: auditOf(action, 'action.revert-asked', at, {
      cause: reversal.cause,
      reason: reversal.reason,
      signatures: reversal.signatures.map((signature) => ({ ...signature })),
    }),
  }
}

const plainState = ({ subject, fields }: SubjectState): JsonValue => ({
  subject: { ...subject },
  fields,
})

function proofOf(receipt: Receipt, readBack: ReadBack | undefined): JsonObject {
  const { reference, proof, alreadyDone } = receipt
  return {
    reference,
    ...(proof === undefined ? {} : { proof }),
    ...(alreadyDone === undefined ? {} : { alreadyDone }),
    ...(readBack === undefined ? {} : { readBack: readBack.states.map(plainState) }),
  }
}
