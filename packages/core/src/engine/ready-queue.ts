import type { Action } from '../action/action.js'

/** Actions that may run now, by target and priority; first in, first out within a priority. */
export class ReadyQueue {
  readonly #targets = new Map<string, Map<number, Action[]>>()
  readonly #known = new Set<string>()

  get size(): number {
    return this.#known.size
  }

  has(id: string): boolean {
    return this.#known.has(id)
  }

  targets(): IterableIterator<string> {
    return this.#targets.keys()
  }

  push(action: Action): void {
    if (this.#known.has(action.id)) return
    this.#known.add(action.id)
    const lanes = this.#targets.get(action.target) ?? new Map<number, Action[]>()
    this.#targets.set(action.target, lanes)
    const lane = lanes.get(action.priority) ?? []
    lanes.set(action.priority, lane)
    lane.push(action)
  }

  /** The most urgent action for a target. */
  take(target: string): Action | undefined {
    const lanes = this.#targets.get(target)
    if (lanes === undefined) return undefined
    const first = Math.min(...lanes.keys())
    const lane = lanes.get(first)
    const action = lane?.shift()
    if (lane?.length === 0) lanes.delete(first)
    if (lanes.size === 0) this.#targets.delete(target)
    if (action !== undefined) this.#known.delete(action.id)
    return action
  }
}
