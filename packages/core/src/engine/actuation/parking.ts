import type { Action } from '../../action/action.js'
import type { Locks } from './locks.js'

/** Leased, and waiting for what another action holds. */
export interface Parked {
  readonly action: Action
  readonly keys: readonly string[]
}

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
