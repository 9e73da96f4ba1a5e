import { compare, type Value } from '../value.js'
import { ExactSum } from './exact-sum.js'
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

/**
 * One aggregate kept up to date while values come and go. SQL's rules: NULL is skipped, and everything but COUNT
 * over no values is NULL. Classes, not closures: there is one for every group, and groups come and go.
 */
export interface Accumulator {
  /** True when values must leave in the order in which they came. */
  readonly inOrder: boolean
  add(value: Value): void
  remove(value: Value): void
  value(): Value
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

const maybeDistinct = (isDistinct: boolean, inner: Accumulator): Accumulator =>
  isDistinct ? new Distinct(inner) : inner

class Count implements Accumulator {
  readonly inOrder = false
  #present = 0

  add(value: Value): void {
    if (value !== null) this.#present++
  }

  remove(value: Value): void {
    if (value !== null) this.#present--
  }

  value(): Value {
    return this.#present
  }
}

/** How many entries have each value: a value leaves when its last entry leaves. */
class References {
  readonly #counts = new Map<Value, number>()

  get size(): number {
    return this.#counts.size
  }

  /** True when the value is new. */
  add(value: Value): boolean {
    const known = this.#counts.get(value) ?? 0
    this.#counts.set(value, known + 1)
    return known === 0
  }

  /** True when the value has left. */
  remove(value: Value): boolean {
    const left = (this.#counts.get(value) ?? 0) - 1
    if (left <= 0) return this.#counts.delete(value)
    this.#counts.set(value, left)
    return false
  }
}

class CountDistinct implements Accumulator {
  readonly inOrder = false
  readonly #references = new References()

  add(value: Value): void {
    if (value !== null) this.#references.add(value)
  }

  remove(value: Value): void {
    if (value !== null) this.#references.remove(value)
  }

  value(): Value {
    return this.#references.size
  }
}

class Distinct implements Accumulator {
  readonly inOrder: boolean
  readonly #references = new References()
  readonly #inner: Accumulator

  constructor(inner: Accumulator) {
    this.#inner = inner
    this.inOrder = inner.inOrder
  }

  add(value: Value): void {
    if (value !== null && this.#references.add(value)) this.#inner.add(value)
  }

  remove(value: Value): void {
    if (value !== null && this.#references.remove(value)) this.#inner.remove(value)
  }

  value(): Value {
    return this.#inner.value()
  }
}

class Sum implements Accumulator {
  readonly inOrder = false
  readonly #name: 'SUM' | 'AVG'
  readonly #total = new ExactSum()
  #present = 0

  constructor(name: 'SUM' | 'AVG') {
    this.#name = name
  }

  add(value: Value): void {
    if (typeof value !== 'number') return
    this.#total.add(value)
    this.#present++
  }

  remove(value: Value): void {
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

class Percentile implements Accumulator {
  readonly inOrder = false
  readonly #fraction: number
  readonly #sorted = new SortedNumbers()

  constructor(fraction: number) {
    this.#fraction = fraction
  }

  add(value: Value): void {
    if (typeof value === 'number') this.#sorted.add(value)
  }

  remove(value: Value): void {
    if (typeof value === 'number') this.#sorted.remove(value)
  }

  value(): Value {
    return this.#sorted.quantile(this.#fraction)
  }
}

/** A monotonic queue: a value that a later one beats can never be the extreme again and is forgotten at once. */
class Extreme implements Accumulator {
  readonly inOrder = true
  readonly #wanted: -1 | 1
  #queue: Value[] = []
  #head = 0

  /** @param wanted -1 for the least, 1 for the greatest */
  constructor(wanted: -1 | 1) {
    this.#wanted = wanted
  }

  add(value: Value): void {
    if (value === null) return
    const queue = this.#queue
    while (queue.length > this.#head && (compare(value, queue.at(-1) ?? null) ?? 0) * this.#wanted > 0)
      queue.pop()
    queue.push(value)
  }

  remove(value: Value): void {
    if (value === null || this.#head >= this.#queue.length) return
    if (compare(this.#queue[this.#head] ?? null, value) !== 0) return
    this.#head++
    if (this.#head * 2 <= this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }

  value(): Value {
    return this.#queue[this.#head] ?? null
  }
}
