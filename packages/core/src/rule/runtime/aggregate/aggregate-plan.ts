import type { Expression } from '../../ast.js'
import { keyOf } from '../../language/expression-tree.js'
import { intervalMilliseconds } from '../../language/interval.js'
import type { Value } from '../value.js'
import { EntryShape } from '../window/entries.js'
import type { AccumulatorSpec } from './accumulator.js'
import type { CellAccumulator } from './cell-accumulator.js'
import { cellAccumulator } from './cell-accumulators.js'

export type Aggregate = Expression & { type: 'aggregate' }

/** One value that a window keeps of each entry: plain data, so that it crosses threads. */
export interface InputSpec {
  /** What is looked at; absent: that the entry is there. */
  readonly argument?: Expression
  /** Entries for which this is not true give NULL. */
  readonly filter?: Expression
}

/** Something that knows what each of a plan's accumulators has come to. */
export interface Accumulated {
  /** Entries. */
  readonly size: number
  accumulated(accumulator: number): Value
}

/** How an aggregate is read off the accumulators. */
type Read = (from: Accumulated) => Value

/**
 * What has to be kept so that some aggregates can be told: aggregates that look at the same values share them.
 * SHARE is a COUNT over another, RATE is one over the window's length. A plan never changes, so that all windows
 * that keep the same can share one.
 */
export class AggregatePlan {
  /** In the order of their values. */
  readonly aggregates: readonly Aggregate[]
  readonly inputs: InputSpec[] = []
  readonly accumulators: AccumulatorSpec[] = []
  /** For each accumulator, how it can stand in front of the entries; and where, in doubles from the first on. */
  readonly cells: { readonly of: CellAccumulator | undefined; readonly at: number }[] = []
  /** Doubles that all of them take. */
  stateWidth = 0
  /** One for each aggregate, in the order in which they were added. */
  readonly reads: Read[] = []
  readonly #windowMs: number | undefined
  /** By whether they expire. */
  readonly #shapes = new Map<boolean, EntryShape>()
  readonly #indexes = new Map<string, number>()
  readonly #inputIndexes = new Map<string, number>()
  readonly #accumulatorIndexes = new Map<string, number>()

  /** @param windowMs the length of a sliding or tumbling window (ms), for RATE */
  constructor(windowMs: number | undefined, aggregates: readonly Aggregate[]) {
    this.#windowMs = windowMs
    this.aggregates = aggregates
    for (const aggregate of aggregates) this.#add(aggregate)
  }

  /** Names of the inputs, by which a snapshot's columns are found again. */
  get columns(): readonly string[] {
    return [...this.#inputIndexes.keys()]
  }

  /** What a live window keeps of each entry. */
  shape(expires: boolean): EntryShape {
    const shape = this.#shapes.get(expires) ?? new EntryShape(this.inputs.length, expires, this.stateWidth)
    this.#shapes.set(expires, shape)
    return shape
  }

  /** Its place among the values of `reads`, or -1. */
  indexOf(aggregate: Aggregate): number {
    return this.#indexes.get(keyOf(aggregate)) ?? -1
  }

  #add(aggregate: Aggregate): void {
    const key = keyOf(aggregate)
    if (this.#indexes.has(key)) return
    this.#indexes.set(key, this.reads.length)
    this.reads.push(this.#read(aggregate))
  }

  #read(aggregate: Aggregate): Read {
    const { name, distinct, argument, filter, fraction = 0.5, per } = aggregate
    switch (name) {
      case 'COUNT':
        return this.#count(distinct, argument, filter)
      case 'SHARE': {
        const part = this.#count(distinct, argument, filter)
        const whole = this.#count(distinct, argument, undefined)
        return (from) => {
          const all = whole(from)
          const some = part(from)
          return typeof all !== 'number' || typeof some !== 'number' || all === 0 ? null : some / all
        }
      }
      case 'RATE': {
        const count = this.#count(false, undefined, filter)
        const perWindow = per === undefined || this.#windowMs === undefined ? 0 : intervalMilliseconds(per)
        const factor = perWindow / (this.#windowMs ?? 1)
        return (from) => {
          const counted = count(from)
          return typeof counted === 'number' ? counted * factor : null
        }
      }
      case 'PERCENTILE': {
        const at = this.#accumulator({ name, distinct, fraction, input: this.#input({ argument, filter }) })
        return (from) => from.accumulated(at)
      }
      case 'SUM':
      case 'AVG':
      case 'MIN':
      case 'MAX': {
        const at = this.#accumulator({ name, distinct, input: this.#input({ argument, filter }) })
        return (from) => from.accumulated(at)
      }
    }
  }

  #count(distinct: boolean, argument: Expression | undefined, filter: Expression | undefined): Read {
    if (argument === undefined && filter === undefined) return ({ size }) => size
    const at = this.#accumulator({ name: 'COUNT', distinct, input: this.#input({ argument, filter }) })
    return (from) => from.accumulated(at)
  }

  #input({ argument, filter }: Loose): number {
    const input = inputOf(argument, filter)
    const key = inputKey(input)
    const known = this.#inputIndexes.get(key)
    if (known !== undefined) return known
    this.#inputIndexes.set(key, this.inputs.length)
    return this.inputs.push(input) - 1
  }

  #accumulator(spec: AccumulatorSpec): number {
    const key = JSON.stringify(spec)
    const known = this.#accumulatorIndexes.get(key)
    if (known !== undefined) return known
    this.#accumulatorIndexes.set(key, this.accumulators.length)
    const of = cellAccumulator(spec)
    this.cells.push({ of, at: this.stateWidth })
    this.stateWidth += of?.width ?? 0
    return this.accumulators.push(spec) - 1
  }
}

interface Loose {
  readonly argument: Expression | undefined
  readonly filter: Expression | undefined
}

function inputOf(argument: Expression | undefined, filter: Expression | undefined): InputSpec {
  return { ...(argument === undefined ? {} : { argument }), ...(filter === undefined ? {} : { filter }) }
}

/** Equal for inputs that give the same value. */
export function inputKey({ argument, filter }: InputSpec): string {
  return JSON.stringify([argument && keyOf(argument), filter && keyOf(filter)])
}

/** The value of one aggregate of a plan. */
export const readOne = ({ reads }: AggregatePlan, aggregate: number, from: Accumulated): Value =>
  reads[aggregate]?.(from) ?? null

/** One value for each aggregate of a plan, in its order. */
export function readAll({ reads }: AggregatePlan, from: Accumulated): readonly Value[] {
  const values = new Array<Value>(reads.length)
  for (let i = 0; i < reads.length; i++) values[i] = reads[i]?.(from) ?? null
  return values
}
