import type { Action } from '../action/action.js'
import type { ActionKind } from '../action/kinds/kind.js'
import { because, moved, openStatuses } from '../action/life.js'
import type { Clock } from '../connector/clock.js'
import type { Logger } from '../connector/logger.js'
import type { Store, StoreTransaction } from '../connector/store.js'
import type { ExecuteContext, Receipt, Target } from '../connector/target.js'
import { AndonError, isAndonError, problemOf } from '../errors/index.js'
import type { Signal } from '../signal/signal.js'
import { containedBy, type VerificationPlan } from '../signal/verification.js'
import { withDeadline } from './deadline.js'
import { ReadyQueue } from './ready-queue.js'
import { contextOf, inSpan, traceparentOf } from './tracing.js'

export interface ActuationOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly targets: Readonly<Record<string, Target>>
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** Actions in flight per target. */
  readonly concurrency: number
  readonly timeoutMs: number
  readonly maxAttempts: number
  readonly verification: VerificationPlan
  readonly changed: (action: Action, signal: Signal | undefined) => void
  readonly failed: (error: AndonError) => void
}

// More waiting actions than this stay in the outbox until there is room.
const maxReady = 10_000
const firstRetryMs = 250
const longestRetryMs = 60_000

/**
 * Actuation takes approved actions from the outbox, most urgent first, and carries them out. Before each
 * try the attempt is on disk, so that a crash in the middle makes the next try look before it acts.
 */
export class Actuation {
  readonly #options: ActuationOptions
  readonly #ready = new ReadyQueue()
  readonly #busy = new Map<string, number>()
  readonly #inFlight = new Set<Promise<void>>()
  readonly #held = new Set<string>()
  readonly #retries = new Map<string, () => void>()
  readonly #stop = new AbortController()
  #more = false
  #stopping = false

  constructor(options: ActuationOptions) {
    this.#options = options
  }

  /** Actions waiting or under way in memory. */
  get pending(): number {
    return this.#ready.size + this.#held.size
  }

  /** Takes up what an earlier run left unfinished. */
  async recover(): Promise<void> {
    await this.#refill()
  }

  enqueue(actions: readonly Action[]): void {
    if (this.#stop.signal.aborted) return
    for (const action of actions) {
      if (action.status !== 'approved' && action.status !== 'reverting') continue
      if (this.#ready.size >= maxReady) this.#more = true
      else this.#add(action)
    }
    this.#pump()
  }

  /** Resolves when nothing is ready or under way; what waits for a retry does not count. */
  async settle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.race(this.#inFlight)
  }

  /** Lets what is under way finish, starts nothing more. */
  async stop(graceMs: number): Promise<void> {
    for (const cancel of this.#retries.values()) cancel()
    this.#retries.clear()
    const cancelGrace = this.#options.clock.setTimer(graceMs, () => this.#stop.abort())
    this.#stopping = true
    await this.settle()
    cancelGrace()
    this.#stop.abort()
  }

  async #refill(): Promise<void> {
    this.#more = false
    const actions = await this.#options.store.actions.list({ status: openStatuses, limit: maxReady })
    this.#more = actions.length >= maxReady
    const now = this.#options.clock.now()
    for (const action of actions) {
      if (this.#held.has(action.id)) continue
      if (action.status === 'retrying' && action.dueAt > now) this.#retryAt(action)
      else this.#add(action)
    }
    this.#pump()
  }

  #add(action: Action): void {
    if (!this.#held.has(action.id)) this.#ready.push(action)
  }

  #pump(): void {
    if (this.#stopping) return
    for (const target of [...this.#ready.targets()]) {
      while ((this.#busy.get(target) ?? 0) < this.#options.concurrency) {
        const action = this.#ready.take(target)
        if (action === undefined) break
        this.#start(action)
      }
    }
    if (this.#more && this.#ready.size === 0) {
      this.#refill().catch((error: unknown) => this.#report(error))
    }
  }

  #start(action: Action): void {
    const { target, id } = action
    this.#busy.set(target, (this.#busy.get(target) ?? 0) + 1)
    this.#held.add(id)
    const running = (action.status === 'reverting' ? this.#revert(action) : this.#execute(action))
      .catch((error: unknown) => {
        this.#report(error)
        // What was done could not be written down. On disk it is under way, so the next try looks first.
        if (!isAndonError(error) || error.retryable) {
          this.#retryAt({ ...action, dueAt: this.#options.clock.now() + 1000 })
        }
      })
      .finally(() => {
        this.#busy.set(target, (this.#busy.get(target) ?? 1) - 1)
        this.#held.delete(id)
        this.#inFlight.delete(running)
        this.#pump()
      })
    this.#inFlight.add(running)
  }

  async #execute(action: Action): Promise<void> {
    const { store, clock } = this.#options
    const started = await this.#update(action.id, (current) =>
      moved(current, 'executing', clock.now(), { attempts: current.attempts + 1 }),
    )
    if (started === undefined) return
    let receipt: Receipt
    try {
      receipt = await this.#call(started, (target, context) => target.execute(started, context))
    } catch (error) {
      await this.#failedAttempt(started, error)
      return
    }
    const done = await store.transaction(async (transaction) => {
      const current = (await transaction.getAction(action.id)) ?? started
      const succeeded = moved(current, 'succeeded', clock.now(), {
        receipt,
        ...because(`Done: ${receipt.reference}`, `已完成：${receipt.reference}`),
      })
      await transaction.putActions([succeeded])
      return { succeeded, signal: await this.#contain(transaction, succeeded) }
    })
    this.#options.changed(done.succeeded, done.signal)
  }

  /** A production action that succeeded contains its signal and starts the test of its effect. */
  async #contain(transaction: StoreTransaction, action: Action): Promise<Signal | undefined> {
    const { kinds, clock, verification } = this.#options
    if (kinds.get(action.kind)?.production !== true) return undefined
    const signal = await transaction.getSignal(action.signalId)
    const contained = signal && containedBy(signal, action, clock.now(), verification)
    if (contained !== undefined) await transaction.putSignals([contained])
    return contained
  }

  async #revert(action: Action): Promise<void> {
    const { clock } = this.#options
    const { receipt } = action
    try {
      if (receipt === undefined)
        throw new AndonError('NOT_FOUND', { details: { kind: 'receipt', id: action.id } })
      const started = await this.#update(action.id, (current) =>
        moved(current, 'reverting', clock.now(), { attempts: current.attempts + 1 }),
      )
      if (started === undefined) return
      const revertReceipt = await this.#call(started, async (target, context) => {
        if (target.revert === undefined) {
          throw new AndonError('TARGET_REFUSED', {
            details: { target: action.target, problem: 'it cannot undo' },
          })
        }
        return target.revert(started, receipt, context)
      })
      await this.#update(action.id, (current) => moved(current, 'reverted', clock.now(), { revertReceipt }))
    } catch (error) {
      // The effect still stands: it is said so, and a person decides again.
      const problem = problemOf(error)
      await this.#update(action.id, (current) =>
        moved(current, 'succeeded', clock.now(), because(`Not reverted: ${problem}`, `未能撤销：${problem}`)),
      )
    }
  }

  #call<T>(action: Action, work: (target: Target, context: ExecuteContext) => Promise<T>): Promise<T> {
    const { targets, clock, logger, timeoutMs } = this.#options
    const target = targets[action.target]
    if (target === undefined) {
      const details = { target: action.target, problem: `no such target handles ${action.kind}` }
      return Promise.reject(new AndonError('TARGET_REFUSED', { details }))
    }
    const attributes = { 'andon.action.kind': action.kind, 'andon.action.attempt': action.attempts }
    return inSpan('andon.action', contextOf(action.traceparent), attributes, (span) =>
      withDeadline(clock, timeoutMs, action.target, this.#stop.signal, (signal) => {
        const traceparent = traceparentOf(span) ?? action.traceparent
        const context = { attempt: action.attempts, signal, clock, logger }
        return work(target, traceparent === undefined ? context : { ...context, traceparent })
      }),
    )
  }

  async #failedAttempt(action: Action, error: unknown): Promise<void> {
    // Stopped in the middle: it stays "executing", and the next start looks before it acts.
    if (this.#stop.signal.aborted) return
    const { clock, maxAttempts } = this.#options
    const problem = problemOf(error)
    const retryable = !isAndonError(error) || error.retryable
    const chinese = isAndonError(error) ? error.describe('zh') : problem
    const again = retryable && action.attempts < maxAttempts
    const after = await this.#update(action.id, (current) =>
      again
        ? moved(current, 'retrying', clock.now(), {
            dueAt: clock.now() + retryDelay(action.attempts),
            ...because(problem, chinese),
          })
        : moved(current, 'dead', clock.now(), because(problem, chinese)),
    )
    if (after?.status === 'retrying') this.#retryAt(after)
  }

  #retryAt(action: Action): void {
    if (this.#stopping) return
    const { clock } = this.#options
    const cancel = clock.setTimer(Math.max(0, action.dueAt - clock.now()), () => {
      this.#retries.delete(action.id)
      this.#add(action)
      this.#pump()
    })
    this.#retries.get(action.id)?.()
    this.#retries.set(action.id, cancel)
  }

  /** Changes an action as it stands on disk; undefined when it has been taken back meanwhile. */
  async #update(id: string, change: (current: Action) => Action): Promise<Action | undefined> {
    const updated = await this.#options.store.transaction(async (transaction) => {
      const current = await transaction.getAction(id)
      if (current === undefined || current.status === 'refused') return undefined
      const next = change(current)
      await transaction.putActions([next])
      return next
    })
    if (updated !== undefined) this.#options.changed(updated, undefined)
    return updated
  }

  #report(error: unknown): void {
    this.#options.failed(
      isAndonError(error)
        ? error
        : new AndonError('STORE_FAILED', {
            details: { operation: 'carry an action out', problem: problemOf(error) },
            cause: error,
          }),
    )
  }
}

/** Exponential with full jitter, so that a recovering target is not met by all retries at once. */
function retryDelay(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(longestRetryMs, firstRetryMs * 2 ** attempt))
}
