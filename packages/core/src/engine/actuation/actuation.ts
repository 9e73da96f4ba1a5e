import { randomUUID } from 'node:crypto'
import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { openStatuses } from '../../action/life.js'
import type { Clock } from '../../connector/clock.js'
import type { Logger } from '../../connector/logger.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import type { Target } from '../../connector/target.js'
import { AndonError, isAndonError, problemOf } from '../../errors/index.js'
import type { Signal } from '../../signal/signal.js'
import { pause } from '../pause.js'
import { batchedObserving } from './batched-observing.js'
import { HeadStart } from './head-start.js'
import { Lane } from './lane.js'
import { Locks, lockKeysOf } from './locks.js'
import type { Step } from './step.js'
import { Wakings } from './wakings.js'

/** How one target is spoken to. */
export interface Delivery {
  /** Actions in flight at once. */
  readonly concurrency: number
  /** Actions begun within any second; absent: no limit. */
  readonly perSecond?: number
  /** Deadline of one try (ms). */
  readonly timeoutMs: number
  /** Tries before an action is dead. */
  readonly maxAttempts: number
}

export interface ActuationOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly targets: Readonly<Record<string, Target>>
  readonly kinds: ReadonlyMap<string, ActionKind>
  readonly deliveryOf: (target: string) => Delivery
  /** What a step means beyond the action, for its signal above all; in the same transaction. */
  readonly follow: (transaction: StoreTransaction, step: Step) => Promise<Signal | undefined>
  /** Told after it is durable. */
  readonly changed: (action: Action, signal: Signal | undefined) => void
  readonly failed: (error: AndonError) => void
  /** Whether this process speaks to a target; absent: to all. Another does otherwise, and `take` and `drop` hand over. */
  readonly isOurs?: (target: string) => boolean
  /** A target answered as it should, or did not. */
  readonly health?: (target: string, well: boolean) => void
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
/** More tries than this are never under way at once. */
const mostTried = 100_000
const recoveryMs = 1000

/**
 * Actuation carries out what the outbox holds, a lane for each target. Before each try the attempt is on disk, so that
 * a crash in the middle makes the next try look before it acts.
 */
export class Actuation {
  readonly #options: ActuationOptions
  readonly #owner = randomUUID()
  readonly #lanes = new Map<string, Lane>()
  /** Of targets that were handed over: what is under way ends here. */
  readonly #dropped = new Map<Lane, string>()
  /** Targets that were handed over to this process and whose locks are taken. */
  readonly #ready = new Set<string>()
  readonly #locks = new Locks()
  readonly #stop = new AbortController()
  readonly #wakings: Wakings
  #recovered = false
  #cancelRecovery: (() => void) | undefined

  constructor(options: ActuationOptions) {
    this.#options = options
    const { store, clock, kinds } = options
    this.#wakings = new Wakings({
      ...{ store, clock, kinds },
      wake: (targets) => this.#wake(targets),
      changed: (action) => {
        if (!isOpen.has(action.status)) this.#release(action)
        this.#changed(action, undefined)
      },
      failed: (error) => this.#report(error),
    })
  }

  /** Actions under way. */
  get inFlight(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.inFlight, 0)
  }

  /** Targets that are left in peace for now, and until when (epoch ms). */
  get resting(): ReadonlyMap<string, number> {
    const resting = [...this.#lanes].flatMap(([name, { openUntil }]): [string, number][] =>
      openUntil === undefined ? [] : [[name, openUntil]],
    )
    return new Map(resting)
  }

  /** Takes up what an earlier run left unfinished; while the store cannot, it is tried again. */
  async recover(): Promise<void> {
    try {
      await this.#takeUp()
    } catch (error) {
      this.#report(error)
      this.#cancelRecovery = this.#options.clock.setTimer(recoveryMs, () => void this.recover())
    }
  }

  /**
   * Another process has left a target to this one: what it had begun is locked before anything is carried out. While the
   * store cannot say what that is, it is asked again.
   */
  async take(target: string): Promise<void> {
    if (this.#stop.signal.aborted || !this.#isGiven(target)) return
    // What was under way here before has its end first: it may be on its way to the store.
    const before = [...this.#dropped].flatMap(([lane, name]) => (name === target ? [lane.settle()] : []))
    await Promise.all(before)
    if (this.#stop.signal.aborted || !this.#isGiven(target)) return
    try {
      const tried = await this.#lockTried((action) => action.target === target)
      for (const action of tried) this.#wakings.leased(action)
    } catch (error) {
      this.#report(error)
      await pause(this.#options.clock, recoveryMs, this.#stop.signal)
      return this.take(target)
    }
    this.#ready.add(target)
    this.#wake([target])
  }

  /** Another process speaks to a target from now on; what is under way ends here. */
  drop(target: string): void {
    this.#ready.delete(target)
    // Who has it next takes them anew; what was locked here may end elsewhere.
    this.#locks.releaseTarget(target)
    const lane = this.#lanes.get(target)
    if (lane === undefined) return
    this.#lanes.delete(target)
    lane.stop()
    this.#dropped.set(lane, target)
    void lane.settle().then(() => this.#dropped.delete(lane))
  }

  async #takeUp(): Promise<void> {
    const { store } = this.#options
    const open = Object.keys(await store.actions.open())
    if (open.length > 0 && store.capabilities.distributed !== true) {
      await store.transaction((transaction) => transaction.endLeases(this.#owner))
    }
    const tried = await this.#lockTried(() => true)
    this.#recovered = true
    this.#wake(open)
    await this.#wakings.start()
    for (const action of tried) this.#wakings.leased(action)
  }

  /** What may have had half its effect keeps its locks: nothing else may touch the same thing before it is known. */
  async #lockTried(isWanted: (action: Action) => boolean): Promise<readonly Action[]> {
    const { store, kinds } = this.#options
    const all = await store.actions.list({
      status: ['executing', 'retrying', 'reverting'],
      limit: mostTried,
    })
    const tried = all.filter((action) => this.#isGiven(action.target) && isWanted(action))
    for (const action of tried) {
      if (action.attempts > 0) this.#locks.take(lockKeysOf(action, kinds.get(action.kind)), action.id)
    }
    return tried
  }

  #isGiven(target: string): boolean {
    return this.#options.isOurs?.(target) ?? true
  }

  #isOurs(target: string): boolean {
    return this.#isGiven(target) && (this.#options.isOurs === undefined || this.#ready.has(target))
  }

  /** For one transaction that proposes actions: what can begin at once begins in it. */
  headStart(): HeadStart {
    const { clock, kinds } = this.#options
    const isOn = (): boolean => this.#recovered && !this.#stop.signal.aborted
    return new HeadStart({
      ...{ clock, kinds, unsure: (action) => this.#wakings.leased(action) },
      laneOf: (target) => (isOn() && this.#isOurs(target) ? this.#lane(target) : undefined),
    })
  }

  /** Actions that are new, or that a person has moved on. */
  enqueue(actions: readonly Action[]): void {
    const targets = new Set<string>()
    for (const action of actions) {
      this.#wakings.note(action)
      if (isOpen.has(action.status)) targets.add(action.target)
      else if (this.#lanes.has(action.target)) {
        // Another may have waited for its locks.
        this.#release(action)
        targets.add(action.target)
      }
    }
    this.#wake(targets)
  }

  /** There may be something in the outbox that nobody has told, or that another process should have seen to in time. */
  look(): Promise<void> {
    return this.#wakings.look()
  }

  /** Resolves when nothing that is due is left or under way; what waits for a later instant does not count. */
  async settle(): Promise<void> {
    await this.#wakings.settle()
    await Promise.all([...this.#lanes.values(), ...this.#dropped.keys()].map((lane) => lane.settle()))
  }

  /** Lets what is under way finish, starts nothing more. */
  async stop(graceMs: number): Promise<void> {
    this.#cancelRecovery?.()
    this.#wakings.stop()
    for (const lane of this.#lanes.values()) lane.stop()
    const cancelGrace = this.#options.clock.setTimer(graceMs, () => this.#stop.abort())
    await this.settle()
    cancelGrace()
    this.#stop.abort()
    await this.#wakings.settle()
  }

  #wake(targets: Iterable<string>): void {
    if (!this.#recovered || this.#stop.signal.aborted) return
    for (const target of targets) if (this.#isOurs(target)) this.#lane(target).wake()
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known !== undefined) return known
    const {
      store,
      clock,
      logger,
      targets,
      kinds,
      deliveryOf,
      follow,
      health = () => undefined,
    } = this.#options
    const target = targets[name]
    const delivery = deliveryOf(name)
    const lane = new Lane({
      ...{ name, store, clock, logger, kinds, follow, ...delivery },
      target: target && batchedObserving(target, name, delivery.timeoutMs, this.#stop.signal),
      locks: this.#locks,
      owner: this.#owner,
      stop: this.#stop.signal,
      changed: (action, signal) => this.#changed(action, signal),
      failed: (error) => this.#report(error),
      health: (well) => health(name, well),
    })
    this.#lanes.set(name, lane)
    return lane
  }

  /** Others may touch the same thing again. */
  #release(action: Action): void {
    if (this.#isOurs(action.target)) this.#lane(action.target).letGo(action)
  }

  #changed(action: Action, signal: Signal | undefined): void {
    this.#wakings.note(action)
    this.#options.changed(action, signal)
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
