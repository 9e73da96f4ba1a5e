import type { Value } from '../value.js'
import { accumulator } from './accumulator.js'
import type { AggregatePlan } from './aggregate-plan.js'
import type { Accumulator, Cells } from './cells.js'

/** The accumulators of a plan, over nothing yet. */
export const emptyAccumulators = (plan: AggregatePlan): readonly Accumulator[] =>
  plan.accumulators.map(accumulator)

/** Takes the entry at a place in. Every matching feedback comes through here: plain loops, no iterators. */
export function enter(
  plan: AggregatePlan,
  accumulators: readonly Accumulator[],
  cells: Cells,
  place: number,
): void {
  for (let i = 0; i < accumulators.length; i++) {
    accumulators[i]?.add(cells, plan.accumulators[i]?.input ?? 0, place)
  }
}

/** Takes the entry at a place out. */
export function leave(
  plan: AggregatePlan,
  accumulators: readonly Accumulator[],
  cells: Cells,
  place: number,
): void {
  for (let i = 0; i < accumulators.length; i++) {
    accumulators[i]?.remove(cells, plan.accumulators[i]?.input ?? 0, place)
  }
}

/** One value for each aggregate of the plan, in its order, over `size` entries. */
export function readAll(
  { reads }: AggregatePlan,
  accumulators: readonly Accumulator[],
  size: number,
): readonly Value[] {
  const values = new Array<Value>(reads.length)
  for (let i = 0; i < reads.length; i++) values[i] = reads[i]?.(accumulators, size) ?? null
  return values
}

/** The aggregates of one stretch of entries, kept up to date as its ends move. */
export class RunningAggregates {
  readonly #plan: AggregatePlan
  #accumulators: readonly Accumulator[]
  #size = 0

  constructor(plan: AggregatePlan) {
    this.#plan = plan
    this.#accumulators = emptyAccumulators(plan)
  }

  /** How many entries it stands for. */
  get size(): number {
    return this.#size
  }

  add(cells: Cells, place: number): void {
    this.#size++
    enter(this.#plan, this.#accumulators, cells, place)
  }

  remove(cells: Cells, place: number): void {
    this.#size--
    leave(this.#plan, this.#accumulators, cells, place)
  }

  /** Takes in an entry that came between others: what depends on their order is made afresh, from `from` to `to`. */
  addBetween(cells: Cells, place: number, from: number, to: number): void {
    if (this.#accumulators.some(({ inOrder }) => inOrder)) this.refill(cells, from, to)
    else this.add(cells, place)
  }

  refill(cells: Cells, from: number, to: number): void {
    this.#size = 0
    this.#accumulators = emptyAccumulators(this.#plan)
    for (let place = from; place < to; place++) this.add(cells, place)
  }

  /** One value for each aggregate of the plan, in its order. */
  values(): readonly Value[] {
    return readAll(this.#plan, this.#accumulators, this.#size)
  }
}
