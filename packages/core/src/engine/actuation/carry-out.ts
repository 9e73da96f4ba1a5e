import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { Clock } from '../../connector/clock.js'
import type { Logger } from '../../connector/logger.js'
import type { Observation } from '../../connector/subject.js'
import type { CallContext, Receipt, Target } from '../../connector/target.js'
import { AndonError } from '../../errors/index.js'
import { contextOf, inSpan, traceparentOf } from '../tracing.js'
import { withDeadline } from './deadline.js'
import { parameterOf } from './entrance.js'
import { expectedStates, readBack } from './read-back.js'
import type { ReadBack } from './step.js'

export interface Caller {
  readonly name: string
  /** Absent when no such target was given to this Andon. */
  readonly target: Target | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Deadline of one try (ms). */
  readonly timeoutMs: number
  readonly stop: AbortSignal
}

/** What a try led to. */
export interface Done {
  readonly receipt: Receipt
  readonly readBack: ReadBack | undefined
}

/** Asks the target how the action's parameter stands; undefined when it changes none, or the target cannot tell. */
export async function lookAt(
  caller: Caller,
  action: Action,
  kind: ActionKind | undefined,
): Promise<Observation | undefined> {
  const parameter = parameterOf(action, kind)
  if (parameter === undefined || caller.target?.observe === undefined) return undefined
  return call(caller, action, async (target, context) => (await target.observe?.([parameter], context))?.[0])
}

/** Asks the target what became of an action that was stopped; undefined when nothing did. */
export function lookUp(caller: Caller, action: Action): Promise<Receipt | undefined> {
  return call(caller, action, async (target, context) => {
    if (target.lookUp === undefined) {
      throw new AndonError('TARGET_REFUSED', {
        details: { target: action.target, problem: 'it cannot say what became of an action' },
        chinese: { problem: '该系统无法查询动作结果' },
      })
    }
    return target.lookUp(action, context)
  })
}

/** One try: the target does, or undoes, what the action asks, and what was written is read back. */
export function carryOut(caller: Caller, action: Action, kind: ActionKind | undefined): Promise<Done> {
  return call(caller, action, async (target, context) => {
    const receipt = await effect(target, action, { ...context, attempt: action.attempts })
    return { receipt, readBack: await readBack(expectedStates(action, kind), target, context) }
  })
}

async function effect(
  target: Target,
  action: Action,
  context: CallContext & { readonly attempt: number },
): Promise<Receipt> {
  if (action.status !== 'reverting') return target.execute(action, context)
  const { receipt } = action
  if (receipt === undefined)
    throw new AndonError('NOT_FOUND', { details: { kind: 'receipt', id: action.id } })
  if (target.revert === undefined) {
    throw new AndonError('TARGET_REFUSED', {
      details: { target: action.target, problem: 'it cannot undo' },
      chinese: { problem: '该系统不支持撤销' },
    })
  }
  return target.revert(action, receipt, context)
}

function call<T>(
  { name, target, clock, logger, timeoutMs, stop }: Caller,
  action: Action,
  work: (target: Target, context: CallContext) => Promise<T>,
): Promise<T> {
  if (target === undefined) {
    return Promise.reject(
      new AndonError('TARGET_REFUSED', {
        details: { target: name, problem: `no such target handles ${action.kind}` },
        chinese: { problem: `没有可处理 ${action.kind} 的目标系统` },
      }),
    )
  }
  const attributes = { 'andon.action.kind': action.kind, 'andon.action.attempt': action.attempts }
  return inSpan('andon.action', contextOf(action.traceparent), attributes, (span) =>
    withDeadline(clock, timeoutMs, name, stop, (signal) => {
      const traceparent = traceparentOf(span) ?? action.traceparent
      return work(target, { signal, clock, logger, ...(traceparent === undefined ? {} : { traceparent }) })
    }),
  )
}
