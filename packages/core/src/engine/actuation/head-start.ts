import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { rankOf } from '../../action/rank.js'
import type { AuditEvent } from '../../connector/audit.js'
import type { Clock } from '../../connector/clock.js'
import type { StoreTransaction } from '../../connector/store.js'
import { type Entered, enter, startsOf } from './entrance.js'
import type { Lane } from './lane.js'

export interface HeadStartOptions {
  readonly clock: Clock
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** The lane of a target; undefined when this process does not carry its actions out. */
  readonly laneOf: (target: string) => Lane | undefined
  /** Told what may stand as begun in the store although nobody carries it out. */
  readonly unsure: (action: Action) => void
}

/** An action that has its place in a lane, and its lease. */
interface Placed {
  readonly lane: Lane
  readonly action: Action
  entered?: Entered
}

/** What came of new actions. */
export interface HeadStarted {
  /** All of them, in their order, as they are to be added: under way, turned away, or as they were. */
  readonly actions: readonly Action[]
  /** A line for each that had its turn. */
  readonly audit: readonly AuditEvent[]
  /** Those that wait in the outbox. */
  readonly waiting: readonly Action[]
}

/**
 * Lets actions begin in the transaction that adds them, where their target has nothing else to do: no second
 * transaction then lies between a finding and the machine. It is for one transaction; `go` when that is durable, else
 * `cancel`.
 */
export class HeadStart {
  readonly #options: HeadStartOptions
  readonly #placed: Placed[] = []

  constructor(options: HeadStartOptions) {
    this.#options = options
  }

  /** Lets those enter that can, the most urgent first. */
  async enter(transaction: StoreTransaction, proposed: readonly Action[]): Promise<HeadStarted> {
    const { clock, kinds } = this.#options
    const at = clock.now()
    const waiting: Action[] = []
    const placed: Placed[] = []
    for (const action of [...proposed].sort((left, right) => rankOf(left) - rankOf(right))) {
      const place = this.#place(action, at)
      if (place === undefined) waiting.push(action)
      else placed.push(place)
    }
    // In one order for all transactions, or two could wait for each other.
    const counts = new Set(placed.flatMap(({ action }) => startsOf(action) ?? []))
    if (counts.size > 1) for (const name of [...counts].sort()) await transaction.kept(name)
    const entered = new Map<string, Entered>()
    for (const place of placed) {
      const { action } = place
      place.entered = await enter(transaction, { action, kind: kinds.get(action.kind) }, at)
      entered.set(action.id, place.entered)
    }
    return {
      actions: proposed.map((action) => entered.get(action.id)?.action ?? action),
      audit: [...entered.values()].map(({ audit }) => audit),
      waiting,
    }
  }

  /** They are begun on disk: now they are carried out. */
  go(): void {
    for (const { lane, action, entered } of this.#placed.splice(0)) {
      if (entered === undefined) lane.cancel(action)
      else lane.begin(entered)
    }
  }

  /** They are not begun, or nobody knows: a commit may have been made whose answer was lost. */
  cancel(): void {
    for (const { lane, action } of this.#placed.splice(0)) {
      lane.cancel(action)
      this.#options.unsure(action)
    }
  }

  #place(action: Action, at: number): Placed | undefined {
    const isDue = action.status === 'approved' && action.dueAt <= at
    const lane = isDue ? this.#options.laneOf(action.target) : undefined
    const leased = lane?.reserve(action, at)
    if (lane === undefined || leased === undefined) return undefined
    const placed: Placed = { lane, action: leased }
    this.#placed.push(placed)
    return placed
  }
}
