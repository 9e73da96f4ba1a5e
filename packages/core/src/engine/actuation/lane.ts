import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { openStatuses } from '../../action/life.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { isAndonError, problemOf } from '../../errors/index.js'
import type { Signal } from '../../signal/signal.js'
import type { Localized } from '../../text.js'
import { pause } from '../pause.js'
import { believe } from './beliefs.js'
import { type Caller, carryOut, lookAt } from './carry-out.js'
import { Circuit } from './circuit.js'
import { type Entered, enter, parameterOf } from './entrance.js'
import { type Locks, lockKeysOf } from './locks.js'
import { RateLimit } from './rate-limit.js'
import { retryDelay } from './retry-delay.js'
import { gaveUp, mismatched, retrying, reverted, type Step, succeeded, takeSteps } from './step.js'

export interface LaneOptions extends Caller {
  readonly store: Store
  readonly kinds: ReadonlyMap<string, ActionKind>
  readonly locks: Locks
  /** This worker's name on its leases. */
  readonly owner: string
  /** Actions in flight at once. */
  readonly concurrency: number
  /** Actions begun within any second; absent: as many as there are. */
  readonly perSecond?: number
  readonly maxAttempts: number
  /** What a step means beyond the action, for its signal above all; in the same transaction. */
  readonly follow: (transaction: StoreTransaction, step: Step) => Promise<Signal | undefined>
  /** Told after it is durable. */
  readonly changed: (action: Action, signal: Signal | undefined) => void
  readonly failed: (error: unknown) => void
  readonly health: (wasWell: boolean) => void
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
/** Leased, and waiting for another action on the same thing: never more than this in memory. */
const mostParked = 256
/** A lease outlasts the deadline of a try by so much (ms). */
const leaseMargin = 30_000
const storePauseMs = 250

/** Leased, and waiting for what another action holds. */
interface Parked {
  readonly action: Action
  readonly keys: readonly string[]
}

/** What a round of the lane found. */
interface Round {
  readonly entered: readonly Entered[]
  /** To be looked at before they enter. */
  readonly looks: readonly Action[]
  readonly parked: readonly Parked[]
}

/**
 * Carries out the actions of one target: leases what is due from the outbox by rank, a batch in one transaction, within
 * concurrency, rate and the circuit breaker. Memory holds what is in flight; the queue is on disk.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #circuit: Circuit
  readonly #rate: RateLimit | undefined
  readonly #held = new Set<string>()
  /** Under way, and due again already. */
  readonly #comesBack = new Set<string>()
  #parked: Parked[] = []
  /** A lock is free again that one of them may wait for. */
  #freed = false
  #inFlight = new Set<Promise<void>>()
  #wanted = false
  /** The outbox may have more that is due: asking it costs a commit, so it is not asked without reason. */
  #more = false
  /** The last round left more in the outbox. */
  #saturated = false
  #stopping = false
  #pumping: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined

  constructor(options: LaneOptions) {
    this.#options = options
    this.#circuit = new Circuit(options.clock)
    this.#rate = options.perSecond === undefined ? undefined : new RateLimit(options.perSecond)
  }

  get inFlight(): number {
    return this.#held.size
  }

  /** The target is left in peace until then (epoch ms). */
  get openUntil(): number | undefined {
    return this.#circuit.openUntil
  }

  /** There may be something new to do. */
  wake(): void {
    this.#more = true
    this.#go()
  }

  #go(): void {
    this.#wanted = true
    if (this.#options.stop.aborted || this.#stopping) return
    this.#pumping ??= this.#pump()
      .catch((error: unknown) => {
        this.#options.failed(error)
        this.#more = true
        this.#later(storePauseMs)
      })
      .finally(() => {
        this.#pumping = undefined
        // It was woken between its last look and here.
        if (this.#wanted) this.#go()
      })
  }

  /** Resolves when nothing is under way and nothing that is due is left. */
  async settle(): Promise<void> {
    while (this.#pumping !== undefined || this.#inFlight.size > 0) {
      await Promise.race([...this.#inFlight, ...(this.#pumping === undefined ? [] : [this.#pumping])])
    }
  }

  /** Starts nothing more. */
  stop(): void {
    this.#stopping = true
    this.#cancelTimer?.()
  }

  async #pump(): Promise<void> {
    while (this.#wanted && !this.#stopping) {
      this.#wanted = false
      if (!this.#more && !(this.#freed && this.#parked.length > 0)) return
      if (!(await this.#isWell())) return
      const { clock, concurrency } = this.#options
      const inRate = this.#rate?.room(clock.now()) ?? Number.POSITIVE_INFINITY
      const room = Math.min(concurrency - this.#inFlight.size, inRate)
      if (room <= 0) {
        // What ends wakes it; for the rate, time does.
        if (inRate <= 0) this.#later((this.#rate?.nextRoom(clock.now()) ?? 0) - clock.now())
        continue
      }
      // While much waits, a round for one at a time would be a commit for one at a time.
      if (this.#saturated && this.#inFlight.size > 0 && room < concurrency / 4) return
      const free = this.#unpark(room)
      if (!this.#more && free.length === 0) return
      const round = await this.#round(room, free)
      this.#begin(round)
    }
  }

  /** Whether the target may be asked now; while the circuit is open it is only asked how it is. */
  async #isWell(): Promise<boolean> {
    const { openUntil } = this.#circuit
    if (openUntil === undefined) return true
    const { clock, target, health } = this.#options
    if (clock.now() < openUntil) {
      this.#later(openUntil - clock.now())
      return false
    }
    const { ok } = (await target?.check().catch(() => ({ ok: false }))) ?? { ok: true }
    if (ok) {
      this.#circuit.halfOpen()
      return true
    }
    health(false)
    this.#circuit.stillUnwell()
    this.#later((this.#circuit.openUntil ?? 0) - clock.now())
    return false
  }

  #later(milliseconds: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.setTimer(Math.max(1, milliseconds), () => {
      this.#cancelTimer = undefined
      this.#go()
    })
  }

  /** One transaction: leases up to `room` actions and lets those enter that can. */
  async #round(room: number, free: readonly Action[]): Promise<Round> {
    const { store, clock, owner, name, timeoutMs, kinds, locks } = this.#options
    const taken: Action[] = []
    try {
      return await store.transaction(async (transaction) => {
        const at = clock.now()
        const until = at + timeoutMs + leaseMargin
        const limit = this.#more && this.#parked.length < mostParked ? room - free.length : 0
        if (limit > 0) this.#more = false
        const leased =
          limit > 0 ? await transaction.leaseActions({ owner, target: name, at, until, limit }) : []
        this.#saturated = limit > 0 && leased.length === limit
        if (this.#saturated) this.#more = true
        const entered: Entered[] = []
        const looks: Action[] = []
        const parked: Parked[] = []
        // Who has waited for longer than a lease is leased again: once under way or waiting is enough.
        const seen = new Set(this.#parked.map(({ action }) => action.id))
        for (const candidate of [...free, ...leased]) {
          if (seen.has(candidate.id)) continue
          seen.add(candidate.id)
          if (this.#held.has(candidate.id)) {
            // It is to be tried again, and its last try is not quite over: a lease would keep it from the next round.
            const { lease: _, ...unheld } = candidate
            await transaction.putActions([unheld])
            this.#comesBack.add(candidate.id)
            continue
          }
          const waited = free.includes(candidate)
          const action = waited ? await transaction.getAction(candidate.id) : candidate
          if (action === undefined || !isOpen.has(action.status)) continue
          const kind = kinds.get(action.kind)
          const keys = lockKeysOf(action, kind)
          if (!locks.take(keys, action.id)) {
            parked.push({ action, keys })
            continue
          }
          taken.push(action)
          if (this.#mustLook(action, kind)) looks.push(action)
          else entered.push(await enter(transaction, { action, kind }, at))
        }
        await takeSteps(transaction, entered)
        return { entered, looks, parked }
      })
    } catch (error) {
      // What was tried before had its locks already, and keeps them.
      for (const action of taken) if (action.attempts === 0) this.#unlock(action)
      this.#parked.push(
        ...free.map((action) => ({ action, keys: lockKeysOf(action, kinds.get(action.kind)) })),
      )
      this.#freed = true
      throw error
    }
  }

  #mustLook(action: Action, kind: ActionKind | undefined): boolean {
    return this.#options.target?.observe !== undefined && parameterOf(action, kind) !== undefined
  }

  /** Those among the waiting whose locks are free, first come first. */
  #unpark(room: number): Action[] {
    const { locks } = this.#options
    const free: Action[] = []
    if (!this.#freed) return free
    this.#freed = false
    this.#parked = this.#parked.filter(({ action, keys }) => {
      if (!locks.isFree(keys, action.id)) return true
      if (free.length >= room) {
        this.#freed = true
        return true
      }
      free.push(action)
      return false
    })
    return free
  }

  #begin({ entered, looks, parked }: Round): void {
    const { clock } = this.#options
    this.#parked.push(...parked)
    for (const { action, runs } of entered) {
      if (runs) this.#start(action, () => this.#carryOut(action))
      else this.#turnedAway(action)
    }
    for (const action of looks) this.#start(action, () => this.#lookFirst(action))
    // What was turned away or waits has left room.
    this.#wanted ||= this.#more
    const begun = entered.filter(({ runs }) => runs).length + looks.length
    if (begun > 0) this.#rate?.take(begun, clock.now())
  }

  #turnedAway(action: Action): void {
    // What may have had its effect keeps its lock until it is known.
    if (!isOpen.has(action.status) || action.attempts === 0) this.#unlock(action)
    this.#tell(action)
  }

  #start(action: Action, work: () => Promise<void>): void {
    this.#held.add(action.id)
    const running = work()
      .catch((error: unknown) => this.#options.failed(error))
      .finally(() => {
        this.#held.delete(action.id)
        this.#inFlight.delete(running)
        if (this.#comesBack.delete(action.id)) this.#more = true
        this.#go()
      })
    this.#inFlight.add(running)
  }

  /** The parameter is read from the machine, not from memory, before anything is decided about it. */
  async #lookFirst(action: Action): Promise<void> {
    const { store, clock, kinds } = this.#options
    const kind = kinds.get(action.kind)
    try {
      const seen = await lookAt(this.#options, action, kind)
      const entered = await this.#surely(() =>
        store.transaction(async (transaction) => {
          const current = await transaction.getAction(action.id)
          if (current === undefined || !isOpen.has(current.status)) return undefined
          const known = { action: current, kind, ...(seen === undefined ? {} : { seen }) }
          const step = await enter(transaction, known, clock.now())
          await takeSteps(transaction, [step])
          return step
        }),
      )
      if (entered === undefined) this.#unlock(action)
      else if (entered.runs) await this.#carryOut(entered.action)
      else this.#turnedAway(entered.action)
    } catch (error) {
      // Nothing was begun: it stays where it stands, and is looked at again later.
      await this.#failedTry(action, error)
    }
  }

  async #carryOut(action: Action): Promise<void> {
    const { store, clock, kinds, follow, health } = this.#options
    const kind = kinds.get(action.kind)
    this.#options.changed(action, undefined)
    let step: (at: number) => Step
    try {
      const { receipt, readBack } = await carryOut(this.#options, action, kind)
      this.#circuit.success()
      health(true)
      if (readBack?.mismatch !== undefined) step = (at) => mismatched(action, receipt, readBack, at)
      else if (action.status === 'reverting') step = (at) => reverted(action, receipt, readBack, at)
      else step = (at) => succeeded(action, receipt, readBack, at)
    } catch (error) {
      await this.#failedTry(action, error)
      return
    }
    const done = await this.#surely(() =>
      store.transaction(async (transaction) => {
        const at = clock.now()
        const taken = step(at)
        await takeSteps(transaction, [taken])
        if (taken.audit.what !== 'action.mismatch') await believe(transaction, taken.action, kind, at)
        return { action: taken.action, signal: await follow(transaction, taken) }
      }),
    )
    this.#unlock(action)
    if (done !== undefined) this.#options.changed(done.action, done.signal)
  }

  async #failedTry(action: Action, error: unknown): Promise<void> {
    const { store, clock, stop, maxAttempts, health } = this.#options
    // Stopped in the middle: it stays under way, and the next start looks before it acts.
    if (stop.aborted) return
    const retryable = !isAndonError(error) || error.retryable
    if (retryable) {
      this.#circuit.failure()
      health(false)
    }
    const problem: Localized = isAndonError(error)
      ? error.text
      : { en: problemOf(error), zh: problemOf(error) }
    const again = retryable && action.attempts < maxAttempts
    const step = await this.#surely(() =>
      store.transaction(async (transaction) => {
        const current = await transaction.getAction(action.id)
        // A person has stopped it while its target was only looked at.
        if (current?.status !== action.status) return undefined
        const at = clock.now()
        const dueAt = Math.max(at + retryDelay(action.attempts), this.#circuit.openUntil ?? 0)
        const taken = again ? retrying(current, problem, dueAt, at) : gaveUp(current, problem, at)
        await takeSteps(transaction, [taken])
        return taken
      }),
    )
    // What may have had its effect keeps its lock until it is known.
    if (!again || step === undefined || action.attempts === 0) this.#unlock(action)
    if (step !== undefined) this.#tell(step.action)
  }

  #tell(action: Action): void {
    // Its time may have come while it was written down: no timer will tell.
    if (isOpen.has(action.status) && action.dueAt <= this.#options.clock.now()) this.#more = true
    this.#options.changed(action, undefined)
  }

  /** A person has taken it out of the outbox: others may touch what it changes. */
  letGo(action: Action): void {
    this.#unlock(action)
  }

  #unlock(action: Action): void {
    const { locks, kinds } = this.#options
    locks.release(lockKeysOf(action, kinds.get(action.kind)), action.id)
    this.#freed = true
    if (this.#parked.length > 0) this.#go()
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
