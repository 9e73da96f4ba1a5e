import type { Action, Quote } from '../action/action.js'
import { effectTests, type VerificationPlan } from '../action/effect-tests.js'
import type { ActionKind } from '../action/kinds/kind.js'
import { decided, moved } from '../action/life.js'
import { type Decision, gate, type Policy } from '../action/policy/policy.js'
import { parseSpan } from '../action/span.js'
import type { Target } from '../connector/target.js'
import { problemOf } from '../errors/index.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import { timedId } from '../ids.js'
import type { Firing, ProposedAction } from '../rule/runtime/finding.js'
import type { Signal } from '../signal/signal.js'
import type { Phases } from './phases.js'

/** Escalations and notes that name no target are told to the host through events. */
export const hostTarget = 'host'
const hostKinds: readonly string[] = ['escalate', 'notify']

export interface ProposeContext {
  readonly kinds: ReadonlyMap<string, ActionKind>
  readonly targets: Readonly<Record<string, Target>>
  readonly policy: Policy
  readonly phases: Pick<Phases, 'phaseOf' | 'load'>
  /** How effects are judged where the policy names no tests. */
  readonly verification: VerificationPlan
}

/** The target an action goes to: the named one, the only one that handles the kind, or the host. */
export function targetFor(
  kind: string,
  named: string | undefined,
  targets: Readonly<Record<string, Target>>,
): string | undefined {
  if (named !== undefined) return targets[named]?.handles.includes(kind) === true ? named : undefined
  const able = Object.keys(targets).filter(
    (name) => name !== hostTarget && targets[name]?.handles.includes(kind) === true,
  )
  if (able.length === 1) return able[0]
  return hostKinds.includes(kind) ? hostTarget : undefined
}

/** The ids of the actions that a firing proposes, in their order: the same firing has the same ones. */
export const actionIdsOf = (firing: Firing): readonly string[] =>
  firing.actions.map((_, index) => timedId('a', firing.at, firing.fingerprint, firing.occasion, index))

/** Turns a firing's proposals into actions, each decided by the gates and the policy. */
export function proposeActions(
  firing: Firing,
  signal: Signal,
  quotes: readonly Quote[],
  about: FeedbackRecord | undefined,
  context: ProposeContext,
): readonly Action[] {
  const ids = actionIdsOf(firing)
  return firing.actions.flatMap((proposed, index) => {
    // Whoever acknowledged it knows: nobody is told again until it comes back.
    if (signal.status === 'acknowledged' && hostKinds.includes(proposed.kind)) return []
    const action = draft(ids[index] ?? '', firing, signal, quotes, about, proposed, context)
    const kind = context.kinds.get(action.kind)
    const reversible = context.targets[action.target]?.revert !== undefined && kind?.inverse !== undefined
    const { tenant, productLine } = action
    const phase = productLine === undefined ? undefined : context.phases.phaseOf(tenant, productLine)
    const question = { action, signal, kind, reversible, about, ...(phase === undefined ? {} : { phase }) }
    const gated = gate(question)
    const decision = gated ?? decide(context.policy, question)
    const registered = kind?.production === true ? withTests(decision, context.verification) : decision
    return decidedUpon(action, registered, gated !== undefined, firing.at)
  })
}

/** What will be judged is written down before anything runs. */
const withTests = (decision: Decision, plan: VerificationPlan): Decision => ({
  ...decision,
  tests: effectTests(decision.tests, plan),
})

/** The action as the gates and the policy leave it; their decision is kept with it, in words. */
function decidedUpon(action: Action, decision: Decision, isGate: boolean, at: number): Action {
  const { status, note, name, mode, needs, graceMs = 0, deadlineMs, expiryMs, limits, tests } = decision
  const by = isGate ? 'gate' : 'policy'
  const record = { at, by, outcome: status, text: note, ...(name === undefined ? {} : { name }) } as const
  // Neither the policy nor the rule lengthens what the other allows.
  const expiry = shortest(expiryMs, parseSpan(action.params.expiry))
  const deadlineAt = deadlineMs === undefined ? undefined : at + deadlineMs
  return moved(action, status, at, {
    ...decided(action, record),
    dueAt: at + (status === 'approved' ? graceMs : 0),
    ...(mode === undefined ? {} : { mode }),
    ...(needs === undefined ? {} : { needs }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    ...(deadlineAt === undefined || status !== 'approved' ? {} : { wakeAt: deadlineAt }),
    ...(expiry === undefined ? {} : { expiresAfter: expiry }),
    ...(limits === undefined ? {} : { limits }),
    ...(tests === undefined ? {} : { tests }),
  })
}

const shortest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right)

function draft(
  id: string,
  firing: Firing,
  signal: Signal,
  quotes: readonly Quote[],
  about: FeedbackRecord | undefined,
  { kind, target, priority, params }: ProposedAction,
  { targets }: ProposeContext,
): Action {
  const rule = firing.program.rule.name
  const traceparent = firing.trigger?.traceparent
  return {
    id,
    tenant: firing.tenant,
    kind,
    target: targetFor(kind, target, targets) ?? target ?? hostTarget,
    priority,
    params: present(params),
    reason: signal.title,
    signalId: signal.id,
    rule,
    quotes,
    status: 'proposed',
    attempts: 0,
    dueAt: firing.at,
    createdAt: firing.at,
    updatedAt: firing.at,
    signatures: [],
    decisions: [],
    ...(about?.productLine === undefined ? {} : { productLine: about.productLine }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

/** A parameter that came out as NULL is a parameter that is missing. */
function present(params: Action['params']): Action['params'] {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null))
}

/** A policy is the host's code: when it throws, nothing may happen by itself. */
function decide(policy: Policy, question: Parameters<Policy>[0]): Decision {
  try {
    return policy(question)
  } catch (error) {
    const problem = problemOf(error)
    return {
      status: 'awaiting-approval',
      note: { en: `The policy failed: ${problem}`, zh: `策略执行出错：${problem}` },
    }
  }
}
