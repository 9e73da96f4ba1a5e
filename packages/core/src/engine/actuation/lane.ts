import type { Action, Lease } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { openStatuses } from '../../action/life.js'
import type { StoreTransaction } from '../../connector/store.js'
import type { Signal } from '../../signal/signal.js'
import { Attempts, type AttemptsOptions } from './attempts.js'
import { Circuit } from './circuit.js'
import { type Entered, enter, parameterOf } from './entrance.js'
import { type Locks, lockKeysOf } from './locks.js'
import { asTheyStand, type Parked, Parking } from './parking.js'
import { Places } from './places.js'
import { RateLimit } from './rate-limit.js'
import { takeSteps } from './step.js'

export interface LaneOptions extends Omit<AttemptsOptions, 'circuit' | 'lease' | 'letGo'> {
  readonly locks: Locks
  /** This worker's name on its leases. */
  readonly owner: string
  /** Actions in flight at once. */
  readonly concurrency: number
  /** Actions begun within any second; absent: as many as there are. */
  readonly perSecond?: number
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
/** A lease outlasts the deadline of a try by so much (ms). */
const leaseMargin = 30_000
const storePauseMs = 250

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
  readonly #attempts: Attempts
  readonly #parking: Parking
  readonly #held = new Set<string>()
  /** Under way, and due again already. */
  readonly #comesBack = new Set<string>()
  readonly #inFlight = new Set<Promise<void>>()
  /** For actions that begin in somebody else's transaction. */
  readonly #places = new Places(this.#inFlight)
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
    this.#parking = new Parking(options.locks)
    this.#attempts = new Attempts({
      ...options,
      circuit: this.#circuit,
      lease: (at) => this.#lease(at),
      letGo: (action) => this.letGo(action),
      changed: (action, signal) => this.#changed(action, signal),
    })
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

  /**
   * Keeps a place, and its locks, for an action that is about to begin in somebody else's transaction: `begin` or
   * `cancel` gives it back. Gives the action with its lease; undefined where others have a better claim, or where the
   * target has to be asked first.
   */
  reserve(action: Action, at: number): Action | undefined {
    const { kinds, locks, concurrency, stop } = this.#options
    const isBusy = this.#pumping !== undefined || this.#more || this.#parking.mayLeave
    if (stop.aborted || this.#stopping || isBusy || this.#circuit.openUntil !== undefined) return undefined
    if (this.#inFlight.size >= concurrency || this.#roomInRate(at) <= 0) return undefined
    // The same action twice: the other transaction that adds it has not ended yet.
    if (this.#places.has(action.id) || this.#held.has(action.id)) return undefined
    const kind = kinds.get(action.kind)
    if (this.#mustLook(action, kind) || !locks.take(lockKeysOf(action, kind), action.id)) return undefined
    this.#places.keep(action.id)
    return { ...action, lease: this.#lease(at) }
  }

  /** What a place was kept for has begun, on disk. */
  begin({ action, runs }: Entered): void {
    if (runs) {
      this.#rate?.take(1, this.#options.clock.now())
      this.#start(action, () => this.#attempts.carryOut(action))
    } else {
      this.#attempts.turnedAway(action)
    }
    this.#places.giveBack(action.id)
    // Others may have come while there was no room.
    this.#go()
  }

  /** It has not begun. */
  cancel(action: Action): void {
    this.letGo(action)
    this.#places.giveBack(action.id)
    this.#go()
  }

  /** How many more may begin now; those that have a place are to begin any moment. */
  #roomInRate(at: number): number {
    return (this.#rate?.room(at) ?? Number.POSITIVE_INFINITY) - this.#places.count
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
      if (!this.#more && !this.#parking.mayLeave) return
      if (!(await this.#isWell())) return
      const { clock, concurrency } = this.#options
      const inRate = this.#roomInRate(clock.now())
      const room = Math.min(concurrency - this.#inFlight.size, inRate)
      if (room <= 0) {
        // What ends wakes it; for the rate, time does.
        if (inRate <= 0) this.#later((this.#rate?.nextRoom(clock.now()) ?? 0) - clock.now())
        continue
      }
      // While much waits, a round for one at a time would be a commit for one at a time.
      if (this.#saturated && this.#inFlight.size > 0 && room < concurrency / 4) return
      const free = this.#parking.leave(room)
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
  async #round(room: number, free: readonly Parked[]): Promise<Round> {
    const { store, clock, kinds, locks } = this.#options
    const taken: Action[] = []
    try {
      return await store.transaction(async (transaction) => {
        const at = clock.now()
        const leased = await this.#leased(transaction, room - free.length, at, free)
        const unparked = await asTheyStand(transaction, free, this.#lease(at))
        const entered: Entered[] = []
        const looks: Action[] = []
        const parked: Parked[] = []
        for (const action of [...unparked, ...leased]) {
          const kind = kinds.get(action.kind)
          const keys = lockKeysOf(action, kind)
          if (!locks.take(keys, action.id)) parked.push({ action, keys })
          else {
            taken.push(action)
            if (this.#mustLook(action, kind)) looks.push(action)
            else entered.push(await enter(transaction, { action, kind }, at))
          }
        }
        await takeSteps(transaction, entered)
        return { entered, looks, parked }
      })
    } catch (error) {
      // What was tried before had its locks already, and keeps them.
      for (const action of taken) if (action.attempts === 0) this.letGo(action)
      this.#parking.add(free)
      this.#parking.freed()
      throw error
    }
  }

  #lease(at: number): Lease {
    const { owner, timeoutMs } = this.#options
    return { owner, until: at + timeoutMs + leaseMargin }
  }

  /** Takes what is due from the outbox; what this lane has already is left out. */
  async #leased(
    transaction: StoreTransaction,
    room: number,
    at: number,
    free: readonly Parked[],
  ): Promise<readonly Action[]> {
    if (!this.#more || room <= 0 || this.#parking.isFull) return []
    this.#more = false
    const request = { ...this.#lease(at), target: this.#options.name, at, limit: room }
    const leased = await transaction.leaseActions(request)
    this.#saturated = leased.length === room
    this.#more ||= this.#saturated
    // Who has waited for longer than a lease is leased again, also when the wait has just ended: once is enough.
    const waiting = new Set([...this.#parking.ids(), ...free.map(({ action }) => action.id)])
    const back = leased.filter(({ id }) => this.#held.has(id))
    // They are to be tried again, and their last try is not quite over: a lease would keep them from the next round.
    for (const { lease: _, ...action } of back) {
      await transaction.putActions([action])
      this.#comesBack.add(action.id)
    }
    return leased.filter(({ id }) => !waiting.has(id) && !this.#held.has(id))
  }

  #mustLook(action: Action, kind: ActionKind | undefined): boolean {
    if (action.stop !== undefined && action.status !== 'reverting') return false
    return this.#options.target?.observe !== undefined && parameterOf(action, kind) !== undefined
  }

  #begin({ entered, looks, parked }: Round): void {
    const { clock } = this.#options
    this.#parking.add(parked)
    for (const { action, runs } of entered) {
      if (runs) this.#start(action, () => this.#attempts.carryOut(action))
      else this.#attempts.turnedAway(action)
    }
    for (const action of looks) this.#start(action, () => this.#attempts.lookFirst(action))
    // What was turned away or waits has left room.
    this.#wanted ||= this.#more
    const begun = entered.filter(({ runs }) => runs).length + looks.length
    if (begun > 0) this.#rate?.take(begun, clock.now())
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

  #changed(action: Action, signal: Signal | undefined): void {
    // Its time may have come while it was written down: no timer will tell.
    if (isOpen.has(action.status) && !this.#isUnderWay(action) && action.dueAt <= this.#options.clock.now()) {
      this.#more = true
    }
    this.#options.changed(action, signal)
  }

  #isUnderWay({ status, lease }: Action): boolean {
    return (status === 'executing' || status === 'reverting') && lease !== undefined
  }

  /** It is settled, or a person has taken it out of the outbox: others may touch what it changes. */
  letGo(action: Action): void {
    const { locks, kinds } = this.#options
    locks.release(lockKeysOf(action, kinds.get(action.kind)), action.id)
    this.#parking.freed()
    if (this.#parking.mayLeave) this.#go()
  }
}
