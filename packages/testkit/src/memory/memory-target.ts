import type { Action, CallContext, ExecuteContext, JsonObject, Receipt, Target } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import {
  bringAbout,
  type MemoryEffect,
  type MemorySystem,
  type MemorySystemSetup,
  memorySystem,
  observed,
  takeBack,
  traced,
} from './memory-system.js'
import { changeOrAbort } from './wait.js'

/**
 * How the next execution or revert that would change something goes wrong. `wrong-write`: it is acknowledged, counts as
 * an effect, and no subject has changed.
 */
export type MemoryTargetFailure =
  | 'unavailable'
  | 'timeout-after-work'
  | 'lost-answer'
  | 'refuse'
  | 'wrong-write'

export interface MemoryTargetOptions {
  /** Default `memory`. */
  readonly name?: string
  /** Default: the ten kinds of the action contract. */
  readonly handles?: readonly string[]
  readonly system?: MemorySystem
  /** How a system of its own stands at first; not together with `system`. */
  readonly state?: MemorySystemSetup
  /** How long an execution waits for an answer that never comes; default 5,000. */
  readonly timeoutMs?: number
}

export interface MemoryTarget extends Target {
  /** What took effect, oldest first. */
  effects(): readonly MemoryEffect[]
  /** The effect of one action. */
  effectOf(actionId: string): MemoryEffect | undefined
  /** The next changes meet these failures, one each. */
  failNext(...failures: readonly MemoryTargetFailure[]): void
  revert(action: Action, receipt: Receipt, context: ExecuteContext): Promise<Receipt>
  observe: NonNullable<Target['observe']>
  trace: NonNullable<Target['trace']>
  close(): Promise<void>
}

const builtInKinds: readonly string[] = [
  'escalate',
  'notify',
  'quality.notification',
  'material.hold',
  'material.release',
  'parameter.adjust',
  'schedule.prioritise',
  'schedule.rework',
  'inspection.request',
  'case.update',
]

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

const optionsSchema = z
  .strictObject({
    name: z.string().min(1).default('memory'),
    handles: z
      .array(z.string().min(1))
      .min(1)
      .default([...builtInKinds]),
    system: z.custom<MemorySystem>(isObject).optional(),
    state: z.custom<MemorySystemSetup>(isObject).optional(),
    timeoutMs: z.number().min(1).max(600_000).default(5_000),
  })
  .refine(({ system, state }) => system === undefined || state === undefined, {
    message: 'not together with system',
    path: ['state'],
  })

/**
 * The reference target: records effects by action id and fails on request. Time-outs run on the clock
 * of the execution's context, so a virtual clock needs no waiting.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function memoryTarget(options: MemoryTargetOptions = {}): MemoryTarget {
  const checked = checkedOptions(optionsSchema, options)
  const { name, handles, system = memorySystem(checked.state), timeoutMs } = checked
  const failures: MemoryTargetFailure[] = []

  const refusal = (problem: string): AndonError =>
    new AndonError('TARGET_REFUSED', { details: { target: name, problem } })
  const unavailable = (problem: string): AndonError =>
    new AndonError('TARGET_UNAVAILABLE', {
      details: { target: name, problem },
      cause: new Error('a failure that was asked for'),
    })

  const checkAsked = ({ signal }: CallContext): void => {
    if (signal.aborted) throw unavailable('cancelled before anything was asked')
  }

  /** Does the work as the failure that is due says. */
  const change = async <T>(context: ExecuteContext, work: (isWrong: boolean) => T): Promise<T> => {
    if (context.signal.aborted) throw unavailable('cancelled before anything was sent')
    const failure = failures.shift()
    if (failure === 'unavailable') throw unavailable('it is down')
    if (failure === 'refuse') throw refusal('it was asked to')
    const result = work(failure === 'wrong-write')
    if (failure === 'lost-answer') throw unavailable('the connection broke before the answer')
    if (failure === 'timeout-after-work') {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = context.clock.setTimer(timeoutMs, resolve)
      await changeOrAbort(promise, context.signal)
      cancel()
      throw new AndonError('TARGET_TIMEOUT', { details: { target: name, milliseconds: timeoutMs } })
    }
    return result
  }

  const receiptOf = (effect: MemoryEffect, alreadyDone: boolean): Receipt => {
    const { action, reference } = effect
    const proof: JsonObject = { kind: action.kind, params: action.params, quotes: action.quotes.length }
    return alreadyDone ? { reference, proof, alreadyDone } : { reference, proof }
  }

  const reversalOf = (reverted: string, alreadyDone: boolean): Receipt => {
    const receipt = { reference: reverted, proof: { reverted: true } }
    return alreadyDone ? { ...receipt, alreadyDone } : receipt
  }

  return {
    contract: 1,
    name,
    capabilities: { idempotency: 'action id', reverts: true },
    handles,
    effects: () => [...system.effects.values()],
    effectOf: (actionId) => system.effects.get(actionId),
    failNext: (...next) => {
      failures.push(...next)
    },
    async execute(action, context) {
      if (!handles.includes(action.kind)) throw refusal(`it does not handle ${action.kind}`)
      const there = system.effects.get(action.id)
      if (there !== undefined) return receiptOf(there, true)
      return change(context, (isWrong) => {
        const before = isWrong ? [] : bringAbout(system, action)
        const effect: MemoryEffect = { action, reference: `memory-${system.effects.size + 1}`, before }
        system.effects.set(action.id, effect)
        return receiptOf(effect, false)
      })
    },
    async lookUp(action) {
      const effect = system.effects.get(action.id)
      return effect === undefined ? undefined : receiptOf(effect, true)
    },
    async revert(action, receipt, context) {
      const effect = system.effects.get(action.id)
      if (effect === undefined) throw refusal(`there is no effect ${receipt.reference} to revert`)
      if (effect.reverted !== undefined) return reversalOf(effect.reverted, true)
      return change(context, (isWrong) => {
        if (!isWrong) takeBack(system, effect)
        const reverted = `${effect.reference}-reverted`
        system.effects.set(action.id, { ...effect, reverted })
        return reversalOf(reverted, false)
      })
    },
    async observe(subjects, context) {
      checkAsked(context)
      return subjects.map((subject) => observed(system, subject))
    },
    async trace(question, context) {
      checkAsked(context)
      return traced(system, question)
    },
    check: async () => ({ ok: true }),
    close: async () => undefined,
  }
}
