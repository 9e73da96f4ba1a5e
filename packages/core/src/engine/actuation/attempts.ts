import type { Action, Lease } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { openStatuses } from '../../action/life.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { isAndonError, problemOf } from '../../errors/index.js'
import type { Signal } from '../../signal/signal.js'
import type { Localized } from '../../text.js'
import { pause } from '../pause.js'
import { afterStop } from './after-stop.js'
import { believe } from './beliefs.js'
import { type Caller, carryOut, lookAt, lookUp } from './carry-out.js'
import type { Circuit } from './circuit.js'
import { enter } from './entrance.js'
import { retryDelay } from './retry-delay.js'
import { gaveUp, mismatched, retrying, reverted, type Step, succeeded, takeSteps } from './step.js'

export interface AttemptsOptions extends Caller {
  readonly store: Store
  readonly kinds: ReadonlyMap<string, ActionKind>
  readonly circuit: Circuit
  readonly maxAttempts: number
  /** The lease of a try that begins at `at` (epoch ms). */
  readonly lease: (at: number) => Lease
  /** What a step means beyond the action, for its signal above all; in the same transaction. */
  readonly follow: (transaction: StoreTransaction, step: Step) => Promise<Signal | undefined>
  /** Others may touch what it changes. */
  readonly letGo: (action: Action) => void
  /** Told after it is durable. */
  readonly changed: (action: Action, signal: Signal | undefined) => void
  readonly failed: (error: unknown) => void
  readonly health: (isWell: boolean) => void
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
/** Steps after which the things that an action changes stand as it, or its reversal, wanted. */
const isDone: ReadonlySet<string> = new Set(['action.succeeded', 'action.reverted'])
const storePauseMs = 250

/** One try of one action, from the look at its parameter to what is written down of it. Never rejects for what a target does. */
export class Attempts {
  readonly #options: AttemptsOptions

  constructor(options: AttemptsOptions) {
    this.#options = options
  }

  /** The parameter is read from the machine, not from memory, before anything is decided about it. */
  async lookFirst(action: Action): Promise<void> {
    const { store, clock, kinds, letGo, lease } = this.#options
    const kind = kinds.get(action.kind)
    try {
      const seen = await lookAt(this.#options, action, kind)
      const entered = await this.#surely(() =>
        store.transaction(async (transaction) => {
          const current = await transaction.getAction(action.id)
          if (current === undefined || !isOpen.has(current.status)) return undefined
          const at = clock.now()
          const held = { ...current, lease: lease(at) }
          const step = await enter(
            transaction,
            { action: held, kind, ...(seen === undefined ? {} : { seen }) },
            at,
          )
          await takeSteps(transaction, [step])
          return step
        }),
      )
      if (entered === undefined) letGo(action)
      else if (entered.runs) await this.carryOut(entered.action)
      else this.turnedAway(entered.action)
    } catch (error) {
      // Nothing was begun: it stays where it stands, and is looked at again later.
      await this.#failed(action, error)
    }
  }

  /** The action is under way, on disk too: the target is asked, and its answer written down. */
  async carryOut(action: Action): Promise<void> {
    const { store, clock, kinds, follow, health, circuit, letGo, changed } = this.#options
    const kind = kinds.get(action.kind)
    changed(action, undefined)
    let stepsAt: (at: number) => readonly Step[]
    try {
      stepsAt = await this.#asked(action, kind)
      circuit.success()
      health(true)
    } catch (error) {
      await this.#failed(action, error)
      return
    }
    const done = await this.#surely(() =>
      store.transaction(async (transaction) => {
        const at = clock.now()
        let signal: Signal | undefined
        const steps = stepsAt(at)
        for (const step of steps) {
          await takeSteps(transaction, [step])
          if (isDone.has(step.audit.what)) await believe(transaction, step.action, kind, at)
          signal = (await follow(transaction, step)) ?? signal
        }
        return { action: steps.at(-1)?.action ?? action, signal }
      }),
    )
    // What is to be taken back at once keeps its locks.
    if (done === undefined || !isOpen.has(done.action.status)) letGo(action)
    if (done !== undefined) changed(done.action, done.signal)
  }

  /** What the target's answer leads to. */
  async #asked(action: Action, kind: ActionKind | undefined): Promise<(at: number) => readonly Step[]> {
    const { stop } = action
    if (stop !== undefined && action.status !== 'reverting') {
      const found = await lookUp(this.#options, action)
      return (at) => afterStop(action, stop, found, kind, at)
    }
    const { receipt, readBack } = await carryOut(this.#options, action, kind)
    if (readBack?.mismatch !== undefined) return (at) => [mismatched(action, receipt, readBack, at)]
    if (action.status === 'reverting') return (at) => [reverted(action, receipt, readBack, at)]
    return (at) => [succeeded(action, receipt, readBack, at)]
  }

  /** It did not enter; what may have had its effect keeps its locks until it is known. */
  turnedAway(action: Action): void {
    const { letGo, changed } = this.#options
    if (!isOpen.has(action.status) || action.attempts === 0) letGo(action)
    changed(action, undefined)
  }

  async #failed(action: Action, error: unknown): Promise<void> {
    const { store, clock, stop, maxAttempts, health, circuit, letGo, changed } = this.#options
    // Stopped in the middle: it stays under way, and the next start looks before it acts.
    if (stop.aborted) return
    const retryable = !isAndonError(error) || error.retryable
    if (retryable) {
      circuit.failure()
      health(false)
    }
    const again = retryable && action.attempts < maxAttempts
    const step = await this.#surely(() =>
      store.transaction(async (transaction) => {
        const current = await transaction.getAction(action.id)
        // A person has stopped it while its target was only looked at.
        if (current?.status !== action.status) return undefined
        const at = clock.now()
        const dueAt = Math.max(at + retryDelay(action.attempts), circuit.openUntil ?? 0)
        const problem = inWords(error)
        const taken = again ? retrying(current, problem, dueAt, at) : gaveUp(current, problem, at)
        await takeSteps(transaction, [taken])
        return taken
      }),
    )
    // What may have had its effect keeps its locks until it is known.
    if (!again || step === undefined || action.attempts === 0) letGo(action)
    if (step !== undefined) changed(step.action, undefined)
  }

  /** What the target did must be written down: it is tried until it is, or the end has come. */
  async #surely<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { failed, clock, stop } = this.#options
    for (;;) {
      try {
        return await work()
      } catch (error) {
        failed(error)
        if (stop.aborted || (isAndonError(error) && !error.retryable)) return undefined
        await pause(clock, storePauseMs, stop)
      }
    }
  }
}

function inWords(error: unknown): Localized {
  if (isAndonError(error)) return error.text
  const problem = problemOf(error)
  return { en: problem, zh: problem }
}
