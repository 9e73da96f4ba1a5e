import type { Value } from '../value.js'
import type { Accumulator, Cells } from './cells.js'
import { Extreme } from './extreme.js'
import { Percentile } from './percentile.js'
import { Sum } from './sum.js'
import { ValueAccumulator } from './value-accumulator.js'

/** What is made of one column of a window's entries. COUNT counts the values that are not NULL. */
export type AccumulatorSpec = (
  | { readonly name: 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX' }
  | { readonly name: 'PERCENTILE'; readonly fraction: number }
) & {
  readonly distinct: boolean
  /** Index of the column among the inputs. */
  readonly input: number
}

export function accumulator(spec: AccumulatorSpec): Accumulator {
  switch (spec.name) {
    case 'COUNT':
      return spec.distinct ? new CountDistinct() : new Count()
    case 'SUM':
    case 'AVG':
      return maybeDistinct(spec.distinct, new Sum(spec.name))
    case 'PERCENTILE':
      return maybeDistinct(spec.distinct, new Percentile(spec.fraction))
    case 'MIN':
    case 'MAX':
      // The extreme of some values is that of the distinct ones.
      return new Extreme(spec.name === 'MIN' ? -1 : 1)
  }
}

const maybeDistinct = (isDistinct: boolean, inner: ValueAccumulator): Accumulator =>
  isDistinct ? new Distinct(inner) : inner

class Count implements Accumulator {
  readonly inOrder = false
  #present = 0

  add(cells: Cells, column: number, place: number): void {
    if (!cells.isNull(column, place)) this.#present++
  }

  remove(cells: Cells, column: number, place: number): void {
    if (!cells.isNull(column, place)) this.#present--
  }

  value(): Value {
    return this.#present
  }
}

/** Most values come once: they are only looked up once, and those that come again are counted beside them. */
class CountDistinct extends ValueAccumulator {
  readonly inOrder = false
  readonly #values = new Set<Value>()
  /** How often beyond the first time. */
  readonly #again = new Map<Value, number>()

  addValue(value: Value): void {
    if (value === null) return
    const known = this.#values.size
    this.#values.add(value)
    if (this.#values.size === known) this.#again.set(value, (this.#again.get(value) ?? 0) + 1)
  }

  removeValue(value: Value): void {
    if (value === null) return
    const more = this.#again.size === 0 ? undefined : this.#again.get(value)
    if (more === undefined) this.#values.delete(value)
    else if (more === 1) this.#again.delete(value)
    else this.#again.set(value, more - 1)
  }

  value(): Value {
    return this.#values.size
  }
}

/** A reference-counted map: a value leaves when its last entry leaves. */
class Distinct implements Accumulator {
  readonly inOrder: boolean
  readonly #uses = new Map<Value, number>()
  readonly #inner: ValueAccumulator

  constructor(inner: ValueAccumulator) {
    this.#inner = inner
    this.inOrder = inner.inOrder
  }

  add(cells: Cells, column: number, place: number): void {
    const value = cells.input(column, place)
    if (value === null) return
    const known = this.#uses.get(value) ?? 0
    this.#uses.set(value, known + 1)
    if (known === 0) this.#inner.addValue(value)
  }

  remove(cells: Cells, column: number, place: number): void {
    const value = cells.input(column, place)
    if (value === null) return
    const left = (this.#uses.get(value) ?? 0) - 1
    if (left > 0) this.#uses.set(value, left)
    else if (this.#uses.delete(value)) this.#inner.removeValue(value)
  }

  value(): Value {
    return this.#inner.value()
  }
}
