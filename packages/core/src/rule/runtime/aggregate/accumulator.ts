import type { Value } from '../value.js'
import { ExactSum } from './exact-sum.js'
import { Extreme } from './extreme.js'
import { References } from './references.js'
import { SortedNumbers } from './sorted-numbers.js'

/** What is made of one column of a window's entries. COUNT counts the values that are not NULL. */
export type AccumulatorSpec = (
  | { readonly name: 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX' }
  | { readonly name: 'PERCENTILE'; readonly fraction: number }
) & {
  readonly distinct: boolean
  /** Index of the column among the inputs. */
  readonly input: number
}

/** The values of a window's entries. */
export interface Cells {
  input(column: number, place: number): Value
  /** A small whole number for what is no number: 0 for NULL; -1 for numbers. */
  code(column: number, place: number): number
}

/**
 * One aggregate kept up to date while values come and go. SQL's rules: NULL is skipped, and everything but COUNT
 * over no values is NULL. Classes, not closures: there is one for every group, and groups come and go.
 */
export interface Accumulator {
  /** True when values must leave in the order in which they came. */
  readonly inOrder: boolean
  add(cells: Cells, column: number, place: number): void
  remove(cells: Cells, column: number, place: number): void
  value(): Value
}

/** One that is told values. */
export interface ValueAccumulator {
  readonly inOrder: boolean
  addValue(value: Value): void
  removeValue(value: Value): void
  value(): Value
}

export function accumulator(spec: AccumulatorSpec): Accumulator {
  switch (spec.name) {
    case 'COUNT':
      return spec.distinct ? new CountDistinct() : new Count()
    case 'SUM':
    case 'AVG':
      return over(spec.distinct, new Sum(spec.name))
    case 'PERCENTILE':
      return over(spec.distinct, new Percentile(spec.fraction))
    case 'MIN':
    case 'MAX':
      // The extreme of some values is that of the distinct ones.
      return new OverValues(new Extreme(spec.name === 'MIN' ? -1 : 1))
  }
}

const over = (isDistinct: boolean, inner: ValueAccumulator): Accumulator =>
  isDistinct ? new OverDistinct(inner) : new OverValues(inner)

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

class OverValues implements Accumulator {
  readonly inOrder: boolean
  readonly #inner: ValueAccumulator

  constructor(inner: ValueAccumulator) {
    this.#inner = inner
    this.inOrder = inner.inOrder
  }

  add(cells: Cells, column: number, place: number): void {
    this.#inner.addValue(cells.input(column, place))
  }

  remove(cells: Cells, column: number, place: number): void {
    this.#inner.removeValue(cells.input(column, place))
  }

  value(): Value {
    return this.#inner.value()
  }
}

/** A reference-counted map: a value leaves when its last entry leaves. */
class OverDistinct implements Accumulator {
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

class Sum implements ValueAccumulator {
  readonly inOrder = false
  readonly #name: 'SUM' | 'AVG'
  readonly #total = new ExactSum()
  #present = 0

  constructor(name: 'SUM' | 'AVG') {
    this.#name = name
  }

  addValue(value: Value): void {
    if (typeof value !== 'number') return
    this.#total.add(value)
    this.#present++
  }

  removeValue(value: Value): void {
    if (typeof value !== 'number') return
    this.#present--
    if (this.#present === 0) this.#total.clear()
    else this.#total.add(-value)
  }

  value(): Value {
    if (this.#present === 0) return null
    return this.#name === 'SUM' ? this.#total.value() : this.#total.value() / this.#present
  }
}

class Percentile implements ValueAccumulator {
  readonly inOrder = false
  readonly #fraction: number
  readonly #sorted = new SortedNumbers()

  constructor(fraction: number) {
    this.#fraction = fraction
  }

  addValue(value: Value): void {
    if (typeof value === 'number') this.#sorted.add(value)
  }

  removeValue(value: Value): void {
    if (typeof value === 'number') this.#sorted.remove(value)
  }

  value(): Value {
    return this.#sorted.quantile(this.#fraction)
  }
}
