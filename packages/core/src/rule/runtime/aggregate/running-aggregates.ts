import type { Value } from '../value.js'
import { accumulator } from './accumulator.js'
import { type Accumulated, type AggregatePlan, readAll } from './aggregate-plan.js'
import type { Accumulator, Cells } from './cells.js'

/** The aggregates of one stretch of entries, kept up to date as its ends move. */
export class RunningAggregates implements Accumulated {
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

  accumulated(index: number): Value {
    return this.#accumulators[index]?.value() ?? null
  }

  add(cells: Cells, place: number): void {
    this.#size++
    for (const [index, { input }] of this.#plan.accumulators.entries()) {
      this.#accumulators[index]?.add(cells, input, place)
    }
  }

  remove(cells: Cells, place: number): void {
    this.#size--
    for (const [index, { input }] of this.#plan.accumulators.entries()) {
      this.#accumulators[index]?.remove(cells, input, place)
    }
  }

  /** Takes in an entry that came between others: what depends on their order is made afresh, from `from` to `to`. */
  addBetween(cells: Cells, place: number, from: number, to: number): void {
    if (this.#accumulators.some(({ inOrder }) => inOrder)) this.refill(cells, from, to)
    else this.add(cells, place)
  }

  refill(cells: Cells, from: number, to: number): void {
    this.#size = 0
    this.#accumulators = this.#plan.accumulators.map(accumulator)
    for (let place = from; place < to; place++) this.add(cells, place)
  }

  /** One value for each aggregate of the plan, in its order. */
  values(): readonly Value[] {
    return readAll(this.#plan, this)
  }
}
