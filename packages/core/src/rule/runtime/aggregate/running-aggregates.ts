import type { Value } from '../value.js'
import type { Entries } from '../window/entries.js'
import { type Accumulator, accumulator } from './accumulator.js'
import type { AggregatePlan } from './aggregate-plan.js'

/** The aggregates of one stretch of entries, kept up to date as its ends move. */
export class RunningAggregates {
  readonly #plan: AggregatePlan
  #accumulators: readonly Accumulator[]
  #size = 0

  constructor(plan: AggregatePlan) {
    this.#plan = plan
    this.#accumulators = plan.accumulators.map(accumulator)
  }

  /** How many entries it stands for. */
  get size(): number {
    return this.#size
  }

  add(entries: Entries, place: number): void {
    this.#size++
    const { accumulators } = this.#plan
    // Every matching feedback comes through here: plain loops, no iterators.
    for (let i = 0; i < accumulators.length; i++) {
      const spec = accumulators[i]
      if (spec !== undefined) this.#accumulators[i]?.add(entries, spec.input, place)
    }
  }

  remove(entries: Entries, place: number): void {
    this.#size--
    const { accumulators } = this.#plan
    for (let i = 0; i < accumulators.length; i++) {
      const spec = accumulators[i]
      if (spec !== undefined) this.#accumulators[i]?.remove(entries, spec.input, place)
    }
  }

  /** Takes in an entry that came between others: what depends on their order is made afresh over `from` to the end. */
  addBetween(entries: Entries, place: number, from: number): void {
    if (this.#accumulators.some(({ inOrder }) => inOrder)) this.refill(entries, from, entries.size)
    else this.add(entries, place)
  }

  refill(entries: Entries, from: number, to: number): void {
    this.clear()
    for (let place = from; place < to; place++) this.add(entries, place)
  }

  clear(): void {
    this.#size = 0
    this.#accumulators = this.#plan.accumulators.map(accumulator)
  }

  /** One value for each aggregate of the plan, in its order. */
  values(): readonly Value[] {
    const { reads } = this.#plan
    const values = new Array<Value>(reads.length)
    for (let i = 0; i < reads.length; i++) values[i] = reads[i]?.(this.#accumulators, this.#size) ?? null
    return values
  }
}
