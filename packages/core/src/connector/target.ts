import type { Action } from '../action/action.js'
import type { JsonObject } from '../json.js'
import type { Clock } from './clock.js'
import type { TraceAnswer, TraceQuestion } from './genealogy.js'
import type { Logger } from './logger.js'
import type { Health, Plugin } from './plugin.js'
import type { Observation, Subject } from './subject.js'

/** What a target answered: the external reference, and the proof. */
export interface Receipt {
  /** The other system's own id of what was done. */
  readonly reference: string
  /** The state that was read back, numbers and ids a person can check. */
  readonly proof?: JsonObject
  /** True when the effect had already happened and was found by the action id. */
  readonly alreadyDone?: boolean
}

/** What every call of a target gets. */
export interface CallContext {
  /** Aborted at the deadline. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly logger: Logger
  /** W3C trace context to hand on. */
  readonly traceparent?: string
}

export interface ExecuteContext extends CallContext {
  /** 1 on the first try. From 2 on, look the action id up before doing anything. */
  readonly attempt: number
}

/**
 * Executes actions. The effect of one action id happens once, however often it is executed.
 * Throws an AndonError: TARGET_REFUSED when trying again is useless, TARGET_UNAVAILABLE or
 * TARGET_TIMEOUT when it is not.
 */
export interface Target extends Plugin {
  /** Action kinds, built-in or the connector's own. */
  readonly handles: readonly string[]
  execute(action: Action, context: ExecuteContext): Promise<Receipt>
  /**
   * What became of an action id: its receipt when it took effect, undefined when it surely did not. Changes nothing.
   * Without it an action that was tried and not answered cannot be stopped.
   */
  lookUp?(action: Action, context: CallContext): Promise<Receipt | undefined>
  /** Undoes what the receipt proves; once in effect, like `execute`. */
  revert?(action: Action, receipt: Receipt, context: ExecuteContext): Promise<Receipt>
  /**
   * Says how each subject stands now, in the order asked; changes nothing. What was written is read back through it,
   * and what is believed is reconciled with it: it must ask the system, never a cache.
   */
  observe?(subjects: readonly Subject[], context: CallContext): Promise<readonly Observation[]>
  /** Says which units and lots belong together, and where they are; changes nothing. */
  trace?(question: TraceQuestion, context: CallContext): Promise<TraceAnswer>
  check(): Promise<Health>
}
