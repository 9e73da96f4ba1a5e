import * as z from 'zod'
import type { Action, Signature, Stop } from '../action/action.js'
import type { ActionKind } from '../action/kinds/kind.js'
import { missingSignatures, refusedSignature, type SignatureRefusal } from '../action/signing.js'
import type { Clock } from '../connector/clock.js'
import type { Store, StoreTransaction } from '../connector/store.js'
import type { Target } from '../connector/target.js'
import { AndonError } from '../errors/index.js'
import { parseOptions } from '../options.js'
import { auditOf, decisionStep, reversing, type Step, takeSteps } from './actuation/step.js'

/** Who signs, and what the signature means (21 CFR Part 11.50); its time is the clock's. */
export interface SignatureRequest {
  /** Printed name. */
  readonly name: string
  readonly meaning: string
  /** In which role, where the policy asks for one. */
  readonly role?: string
}

/** What people do with actions. */
export interface ActionDesk {
  get: Store['actions']['get']
  /** Most urgent first. */
  list: Store['actions']['list']
  /**
   * Signs an action that waits for approval, or a shadow action. When nobody's signature is missing any more it is
   * carried out. One person signs once.
   *
   * @throws AndonError SIGNATURE_REFUSED, TRANSITION_REFUSED, NOT_FOUND, OPTIONS_INVALID
   */
  approve(id: string, signature: SignatureRequest): Promise<Action>
  /** Says no, for good, to an action that has not begun. */
  refuse(id: string, reason: string, by?: string): Promise<Action>
  /**
   * Stops an action that is approved and has not begun, e.g. within its grace time. One that is being retried is looked
   * up, and taken back if a try had its effect.
   *
   * @throws AndonError TARGET_REFUSED when the target cannot be asked what a try did; TRANSITION_REFUSED, NOT_FOUND
   */
  cancel(id: string, reason: string, by?: string): Promise<Action>
  /**
   * Takes back what succeeded, through its target. Resolves when it is on its way, or, where several people must sign
   * (the release of a hold: two), when this signature is kept.
   *
   * @throws AndonError SIGNATURE_REFUSED, TRANSITION_REFUSED, TARGET_REFUSED, NOT_FOUND, OPTIONS_INVALID
   */
  revert(id: string, reason: string, signature?: SignatureRequest): Promise<Action>
  /** Tries a dead action again. */
  replay(id: string): Promise<Action>
}

const signatureSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  meaning: z.string().trim().min(1).max(2000),
  role: z.string().trim().min(1).max(200).optional(),
})
const reasonSchema = z.string().trim().min(1).max(4000)

export interface ActionDeskOptions {
  readonly store: Store
  readonly clock: Clock
  readonly targets: Readonly<Record<string, Target>>
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** Deadline of one try at a target (ms). */
  readonly timeoutOf: (target: string) => number
  readonly changed: (action: Action) => void
}

export function actionDesk({
  store,
  clock,
  targets,
  kinds,
  timeoutOf,
  changed,
}: ActionDeskOptions): ActionDesk {
  async function change(id: string, step: (action: Action, now: number) => Step): Promise<Action> {
    const action = await store.transaction(async (transaction) => {
      const taken = step(await found(transaction, id), clock.now())
      await takeSteps(transaction, [taken])
      return taken.action
    })
    changed(action)
    return action
  }

  const signed = (request: SignatureRequest, where: string, now: number): Signature => {
    const { role, ...rest } = parseOptions(signatureSchema, request, where)
    return { ...rest, at: new Date(now).toISOString(), ...(role === undefined ? {} : { role }) }
  }

  return {
    get: (id) => store.actions.get(id),
    list: (options) => store.actions.list(options),
    approve: (id, request) =>
      change(id, (action, now) => approved(action, signed(request, 'actions.approve', now), now)),
    async refuse(id, reason, by) {
      const why = parseOptions(reasonSchema, reason, 'actions.refuse.reason')
      return change(id, (action, at) => {
        const text = { en: `Refused: ${why}`, zh: `已拒绝：${why}` }
        return decisionStep(action, { at, by: 'person', outcome: 'refused', text, ...named(by) })
      })
    },
    async cancel(id, reason, by) {
      const why = parseOptions(reasonSchema, reason, 'actions.cancel.reason')
      return change(id, (action, at) =>
        action.status === 'retrying' && action.attempts > 0
          ? stopped(
              action,
              { reason: why, askedAt: at, ...(by === undefined ? {} : { by }) },
              targets[action.target],
              timeoutOf(action.target),
            )
          : cancelled(action, why, by, at),
      )
    },
    async revert(id, reason, request) {
      const why = parseOptions(reasonSchema, reason, 'actions.revert.reason')
      return change(id, (action, now) => {
        if (targets[action.target]?.revert === undefined) {
          throw new AndonError('TARGET_REFUSED', {
            details: { target: action.target, problem: 'it cannot undo actions' },
            chinese: { problem: '该系统不支持撤销' },
          })
        }
        const signature = request === undefined ? undefined : signed(request, 'actions.revert', now)
        const needs = kinds.get(action.kind)?.signaturesToReverse ?? 0
        return reversalAsked(action, why, signature, needs, now)
      })
    },
    replay: (id) =>
      change(id, (action, at) => {
        const text = { en: 'Tried again by hand.', zh: '人工重试。' }
        // It may have been done: the next try is a second one, which looks before it acts.
        const attempts = Math.max(1, Math.min(action.attempts, 1))
        return decisionStep(
          action,
          { at, by: 'person', outcome: 'approved', text },
          { attempts, dueAt: at },
          'action.replayed',
        )
      }),
  }
}

async function found(transaction: StoreTransaction, id: string): Promise<Action> {
  const action = await transaction.getAction(id)
  if (action === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'action', id } })
  return action
}

const named = (by: string | undefined): { readonly name?: string } => (by === undefined ? {} : { name: by })

function cancelled(action: Action, why: string, by: string | undefined, at: number): Step {
  // Under way just now: nobody knows yet what comes of it.
  if (action.status === 'executing') {
    throw new AndonError('TRANSITION_REFUSED', {
      details: { kind: 'action', from: action.status, to: 'cancelled' },
      chinese: { kind: '动作' },
    })
  }
  const text = { en: `Cancelled: ${why}`, zh: `已取消：${why}` }
  return decisionStep(action, { at, by: 'person', outcome: 'cancelled', text, ...named(by) })
}

/** So many deadlines after a try nothing of it is on its way any more: a slow system may act long after nobody waits. */
const arrivesWithin = 4

/** A try may have had its effect: the target is asked, and what was perhaps done is not called undone before. */
function stopped(action: Action, stop: Stop, target: Target | undefined, timeoutMs: number): Step {
  if (target?.lookUp === undefined) {
    throw new AndonError('TARGET_REFUSED', {
      details: {
        target: action.target,
        problem: 'a try may have had its effect, and it cannot be asked; revert the action when it is done',
      },
      chinese: { problem: '先前的尝试可能已生效，而该系统无法查询；请待动作完成后撤销' },
    })
  }
  const text = {
    en: `Stopping: ${stop.reason}. What a try may have done is looked up, and taken back.`,
    zh: `停止中：${stop.reason}。将查询先前的尝试是否已生效，若已生效则撤销。`,
  }
  const record = { at: stop.askedAt, by: 'person', outcome: 'wait', text, ...named(stop.by) } as const
  // What the last try sent may still be on its way: it is looked up when that has arrived, or never will.
  const dueAt = Math.max(stop.askedAt, action.updatedAt + arrivesWithin * timeoutMs)
  return decisionStep(action, record, { stop, dueAt }, 'action.stop-asked')
}

function approved(action: Action, signature: Signature, at: number): Step {
  const refusal = refusedSignature(action.needs, action.signatures, signature)
  if (refusal !== undefined) throw signatureRefused(action, refusal)
  const signatures = [...action.signatures, signature]
  const missing = missingSignatures(action.needs, signatures)
  const { name, meaning } = signature
  const record = { at, by: 'person', name } as const
  const audit = auditOf(action, 'action.signed', at, { signature: { ...signature } })
  if (missing.length > 0) {
    const open = missing.map(({ role = '*', count }) => `${count} × ${role}`).join(', ')
    const text = {
      en: `Signed by ${name}: ${meaning}. Still missing: ${open}.`,
      zh: `${name} 已签字：${meaning}。仍缺：${open}。`,
    }
    const step = decisionStep(action, { ...record, outcome: 'awaiting-approval', text }, { signatures })
    return { action: step.action, audit }
  }
  const text = { en: `Approved by ${name}: ${meaning}`, zh: `${name} 已批准：${meaning}` }
  const step = decisionStep(action, { ...record, outcome: 'approved', text }, { signatures, dueAt: at })
  return { action: step.action, audit }
}

function reversalAsked(
  action: Action,
  reason: string,
  signature: Signature | undefined,
  needs: number,
  now: number,
): Step {
  // What failed without a receipt left nothing that could be taken back.
  if (action.status !== 'succeeded' && (action.status !== 'dead' || action.receipt === undefined)) {
    throw new AndonError('TRANSITION_REFUSED', {
      details: { kind: 'action', from: action.status, to: 'reverting' },
      chinese: { kind: '动作' },
    })
  }
  const text = { en: `Reverting: ${reason}`, zh: `撤销中：${reason}` }
  const before = action.reversal?.signatures ?? []
  if (needs === 0) {
    const signatures = signature === undefined ? [] : [signature]
    return reversing(action, { cause: 'person', reason, askedAt: now, needs, signatures }, text, now)
  }
  if (signature === undefined) {
    throw signatureRefused(action, {
      en: `taking it back needs the signatures of ${needs} people`,
      zh: `撤销需要 ${needs} 人签字`,
    })
  }
  const refusal = refusedSignature({ signatures: [{ count: needs }], ordered: false }, before, signature)
  if (refusal !== undefined) throw signatureRefused(action, refusal)
  const signatures = [...before, signature]
  const reversal = { cause: 'person', reason, askedAt: now, needs, signatures } as const
  if (signatures.length >= needs) return reversing(action, reversal, text, now)
  const left = needs - signatures.length
  const waits = {
    en: `${signature.name} asks to take it back: ${reason}. Still missing: ${left} signature(s) of other people.`,
    zh: `${signature.name} 请求撤销：${reason}。还需其他 ${left} 人签字。`,
  }
  const step = decisionStep(
    action,
    { at: now, by: 'person', name: signature.name, outcome: 'succeeded', text: waits },
    { reversal },
  )
  // Its time may be over later all the same.
  const { wakeAt } = action
  return {
    action: wakeAt === undefined ? step.action : { ...step.action, wakeAt },
    audit: auditOf(action, 'action.revert-signed', now, { reason, signature: { ...signature } }),
  }
}

function signatureRefused({ id }: Action, { en, zh }: SignatureRefusal): AndonError {
  return new AndonError('SIGNATURE_REFUSED', {
    details: { action: id, problem: en },
    chinese: { problem: zh },
  })
}
