import type { Action, Lease } from '../../action/action.js'
import { openStatuses } from '../../action/life.js'
import type { StoreTransaction } from '../../connector/store.js'
import type { Locks } from './locks.js'

/** Leased, and waiting for what another action holds. */
export interface Parked {
  readonly action: Action
  readonly keys: readonly string[]
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
/** Never more than so many wait in memory. */
const most = 256

/** Actions that wait for another on the same thing, first come first. */
export class Parking {
  readonly #locks: Locks
  #waiting: Parked[] = []
  #freed = false

  constructor(locks: Locks) {
    this.#locks = locks
  }

  get isFull(): boolean {
    return this.#waiting.length >= most
  }

  /** A lock was freed that one of them may wait for. */
  get mayLeave(): boolean {
    return this.#freed && this.#waiting.length > 0
  }

  ids(): Iterable<string> {
    return this.#waiting.map(({ action }) => action.id)
  }

  freed(): void {
    this.#freed = true
  }

  add(parked: readonly Parked[]): void {
    this.#waiting.push(...parked)
  }

  /** Takes out those whose locks are free, at most `room`. */
  leave(room: number): readonly Parked[] {
    if (!this.#freed) return []
    this.#freed = false
    const free: Parked[] = []
    this.#waiting = this.#waiting.filter((parked) => {
      if (!this.#locks.isFree(parked.keys, parked.action.id)) return true
      if (free.length < room) {
        free.push(parked)
        return false
      }
      this.#freed = true
      return true
    })
    return free
  }
}

/** How those that waited stand now, where they are still to be carried out. */
export async function asTheyStand(
  transaction: StoreTransaction,
  parked: readonly Parked[],
  lease: Lease,
): Promise<readonly Action[]> {
  const found: Action[] = []
  for (const { action } of parked) {
    const now = await transaction.getAction(action.id)
    if (now !== undefined && isOpen.has(now.status)) found.push({ ...now, lease })
  }
  return found
}
