import * as z from 'zod'
import type { Action, ActionStatus, DecisionRecord, Signature } from '../../action/action.js'
import { effectTests, type VerificationPlan } from '../../action/effect-tests.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { decided, moved } from '../../action/life.js'
import { gate } from '../../action/policy/policy.js'
import { canonical } from '../../audit/canonical.js'
import type { AuditEvent } from '../../connector/audit.js'
import { stableId } from '../../ids.js'
import { parseOptions } from '../../options.js'
import type { SignatureRequest } from '../action-desk.js'
import { proposedAudit } from '../proposed-audit.js'
import { type HoldDraft, holdPlan } from './holds.js'
import type { Trace, TraceGap } from './result.js'
import { type TraceContext, type Traced, traceAffected } from './trace-affected.js'

export interface TraceOptions {
  /** At most so many units; default 10,000. */
  readonly mostUnits?: number
}

/** Who wants the hold, why, and what the signature means. */
export interface HoldRequest extends SignatureRequest, TraceOptions {
  /** For the people at the plant. */
  readonly reason: string
}

/** What was traced, and what holds it now. */
export interface TraceHold {
  readonly trace: Trace
  /** The holds that are new, on their way to their targets. */
  readonly actions: readonly Action[]
  /** Holds of the same signal that were in force or on their way already: what they cover is not held twice. */
  readonly standing: readonly Action[]
  /** What could not be found out, and what nobody can hold. */
  readonly unresolved: readonly TraceGap[]
}

/** From the reports of a signal to everything that has what they have in common, and the hold of exactly that. */
export interface TraceDesk {
  /**
   * Changes nothing, and says what it could not find out.
   *
   * @throws AndonError NOT_STARTED, NOT_FOUND, OPTIONS_INVALID, STORE_FAILED, ABORTED by `close()`
   */
  affected(signalId: string, options?: TraceOptions): Promise<Trace>
  /**
   * Holds what `affected` finds, signed by the person who asks: to hold is easy, to release takes two people. Asked
   * again, it holds what has come on top. Resolves when the holds are on disk.
   *
   * @throws AndonError NOT_STARTED, NOT_FOUND, OPTIONS_INVALID, STORE_FAILED, ABORTED by `close()`
   */
  hold(signalId: string, request: HoldRequest): Promise<TraceHold>
}

export interface TraceDeskOptions extends TraceContext {
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** How the effect of a hold is judged. */
  readonly verification: VerificationPlan
  /** Told of every new hold, after it is durable. */
  readonly changed: (action: Action) => void
}

const holding = 'material.hold'
const inForce: readonly ActionStatus[] = ['approved', 'executing', 'retrying', 'succeeded']
const most = 100_000

const mostUnits = z.int().min(1).max(1_000_000).default(10_000)
const optionsSchema = z.strictObject({ mostUnits }).prefault({})
const requestSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  meaning: z.string().trim().min(1).max(2000),
  role: z.string().trim().min(1).max(200).exactOptional(),
  reason: z.string().trim().min(1).max(4000),
  mostUnits,
})

export function traceDesk(context: TraceDeskOptions): TraceDesk {
  return {
    async affected(signalId, options) {
      const limit = parseOptions(optionsSchema, options, 'trace.affected').mostUnits
      return (await traceAffected(signalId, limit, context)).trace
    },
    async hold(signalId, request) {
      const { reason, mostUnits: limit, ...who } = parseOptions(requestSchema, request, 'trace.hold')
      return hold(await traceAffected(signalId, limit, context), reason, who, context)
    },
  }
}

async function hold(
  traced: Traced,
  reason: string,
  who: SignatureRequest,
  context: TraceDeskOptions,
): Promise<TraceHold> {
  const { store, clock, targets, changed } = context
  const { trace, signal } = traced
  const { tenant, id: signalId } = signal
  const earlier = (await store.actions.list({ tenant, signalId, limit: most })).filter(
    ({ kind }) => kind === holding,
  )
  const standing = earlier.filter(({ status }) => inForce.includes(status))
  const able = Object.keys(targets).filter((name) => targets[name]?.handles.includes(holding) === true)
  const blind = able.filter((name) => !traced.answered.includes(name))
  const { holds, gaps } = holdPlan(trace, able, blind, standing)
  const unresolved = [...trace.unresolved, ...gaps]
  const at = clock.now()
  const signature: Signature = { ...who, at: new Date(at).toISOString() }
  const wanted = holds.map((draft) => {
    const same = earlier.filter(({ target, params }) => isOf(draft, target, params)).length
    return holdAction(draft, { traced, reason, signature, at, round: same, unresolved, context })
  })
  const audit = await proposedAudit(wanted, store.journal)
  const actions = await store.transaction(async (transaction) => {
    const added = new Set(await transaction.addActions(wanted))
    await transaction.appendAudit([
      doneEvent(traced, signature, added.size, unresolved, at),
      ...audit.filter(({ action }) => action !== undefined && added.has(action)),
    ])
    return wanted.filter(({ id }) => added.has(id))
  })
  for (const action of actions) changed(action)
  return { trace, actions, standing, unresolved }
}

/** Held once before, and no more: the reason may have been another one. */
function isOf({ target, covers }: HoldDraft, other: string, params: Action['params']): boolean {
  const { reason: _, ...covered } = params
  return target === other && canonical(covered) === canonical(covers)
}

interface Making {
  readonly traced: Traced
  readonly reason: string
  readonly signature: Signature
  readonly at: number
  /** How often the same was held before. */
  readonly round: number
  readonly unresolved: readonly TraceGap[]
  readonly context: TraceDeskOptions
}

function holdAction({ target, covers }: HoldDraft, making: Making): Action {
  const { traced, reason, signature, at, round, unresolved, context } = making
  const { signal, about } = traced
  const draft: Action = {
    id: stableId('a', signal.id, 'trace', target, canonical(covers), round),
    tenant: signal.tenant,
    kind: holding,
    target,
    priority: 1,
    params: { ...covers, reason },
    reason: signal.title,
    signalId: signal.id,
    rule: signal.rule,
    quotes: signal.quotes,
    status: 'proposed',
    attempts: 0,
    dueAt: at,
    createdAt: at,
    updatedAt: at,
    signatures: [signature],
    decisions: [],
    mode: 'signed',
    tests: effectTests(undefined, context.verification),
    ...(about?.productLine === undefined ? {} : { productLine: about.productLine }),
  }
  const kind = context.kinds.get(holding)
  const reversible = context.targets[target]?.revert !== undefined
  // When no report is kept any more, what the product is only the target knows, and it knows what is held here.
  const refusal = about && gate({ action: draft, signal, kind, reversible, about })
  if (refusal !== undefined) {
    return moved(
      draft,
      'refused',
      at,
      decided(draft, { at, by: 'gate', outcome: 'refused', text: refusal.note }),
    )
  }
  const { name, meaning } = signature
  const text = {
    en: `Trace and lock, signed by ${name}: ${meaning}`,
    zh: `追溯并冻结，${name} 签字：${meaning}`,
  }
  const signed: DecisionRecord = { at, by: 'person', name, outcome: 'approved', text }
  const decisions = unresolved.length === 0 ? [signed] : [notFound(unresolved, at), signed]
  return moved(draft, 'approved', at, { decisions, note: text })
}

const mostNamed = 10

/** What the holds do not cover because it could not be found out. */
function notFound(unresolved: readonly TraceGap[], at: number): DecisionRecord {
  const named = unresolved.slice(0, mostNamed)
  const more = unresolved.length - named.length
  const en = named.map(({ what, id, reason }) => `${what} ${id}: ${reason.en}`)
  const zh = named.map(({ what, id, reason }) => `${inChinese[what]} ${id}：${reason.zh}`)
  return {
    ...{ at, by: 'engine', name: 'trace', outcome: 'approved' },
    text: {
      en: `Not resolved: ${en.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
      zh: `未能查明：${zh.join('')}${more > 0 ? `另有 ${more} 项。` : ''}`,
    },
  }
}

const inChinese: Readonly<Record<TraceGap['what'], string>> = {
  feedback: '反馈',
  serial: '序列号',
  batch: '批次',
  target: '目标系统',
}

function doneEvent(
  { trace, signal }: Traced,
  signature: Signature,
  holds: number,
  unresolved: readonly TraceGap[],
  at: number,
): AuditEvent {
  return {
    ...{ tenant: signal.tenant, at, what: 'trace.done', signal: signal.id },
    data: {
      reports: trace.feedback.length,
      batches: trace.batches.map(({ batch, component = null, share }) => ({ batch, component, share })),
      units: trace.units.length,
      cut: trace.cut,
      holds,
      unresolved: unresolved.length,
      signature: { ...signature },
    },
  }
}
