import type { Value } from '../value.js'
import type { Accumulator, Cells } from './cells.js'
import { Extreme } from './extreme.js'
import { Percentile } from './percentile.js'
import { References } from './references.js'
import { Sum } from './sum.js'
import type { ValueAccumulator } from './value-accumulator.js'

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
    if (cells.code(column, place) !== 0) this.#present++
  }

  remove(cells: Cells, column: number, place: number): void {
    if (cells.code(column, place) !== 0) this.#present--
  }

  value(): Value {
    return this.#present
  }
}

/** Texts are counted by their codes, numbers by themselves. */
class CountDistinct implements Accumulator {
  readonly inOrder = false
  readonly #codes = new References()
  #numbers: References | undefined

  add(cells: Cells, column: number, place: number): void {
    const code = cells.code(column, place)
    if (code > 0) this.#codes.add(code)
    else if (code < 0) {
      this.#numbers ??= new References()
      this.#numbers.add(Number(cells.input(column, place)))
    }
  }

  remove(cells: Cells, column: number, place: number): void {
    const code = cells.code(column, place)
    if (code > 0) this.#codes.remove(code)
    else if (code < 0) this.#numbers?.remove(Number(cells.input(column, place)))
  }

  value(): Value {
    return this.#codes.size + (this.#numbers?.size ?? 0)
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
