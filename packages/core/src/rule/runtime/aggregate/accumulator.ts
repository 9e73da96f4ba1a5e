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
 * over no values is NULL.
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
      return spec.distinct ? distinct(count()) : count()
    case 'SUM':
    case 'AVG':
      return spec.distinct ? distinct(sum(spec.name)) : sum(spec.name)
    case 'PERCENTILE':
      return spec.distinct ? distinct(percentile(spec.fraction)) : percentile(spec.fraction)
    case 'MIN':
    case 'MAX':
      // The extreme of some values is that of the distinct ones.
      return extreme(spec.name)
  }
}

function count(): Accumulator {
  let present = 0
  return {
    inOrder: false,
    add(value) {
      if (value !== null) present++
    },
    remove(value) {
      if (value !== null) present--
    },
    value: () => present,
  }
}

/** A reference-counted map: a value leaves when its last entry leaves. */
function distinct(inner: Accumulator): Accumulator {
  const references = new Map<Value, number>()
  return {
    inOrder: inner.inOrder,
    add(value) {
      if (value === null) return
      const known = references.get(value) ?? 0
      references.set(value, known + 1)
      if (known === 0) inner.add(value)
    },
    remove(value) {
      if (value === null) return
      const left = (references.get(value) ?? 0) - 1
      if (left > 0) references.set(value, left)
      else if (references.delete(value)) inner.remove(value)
    },
    value: () => inner.value(),
  }
}

function sum(name: 'SUM' | 'AVG'): Accumulator {
  const total = new ExactSum()
  let present = 0
  return {
    inOrder: false,
    add(value) {
      if (typeof value !== 'number') return
      total.add(value)
      present++
    },
    remove(value) {
      if (typeof value !== 'number') return
      present--
      if (present === 0) total.clear()
      else total.add(-value)
    },
    value: () => (present === 0 ? null : name === 'SUM' ? total.value() : total.value() / present),
  }
}

function percentile(fraction: number): Accumulator {
  const sorted = new SortedNumbers()
  return {
    inOrder: false,
    add(value) {
      if (typeof value === 'number') sorted.add(value)
    },
    remove(value) {
      if (typeof value === 'number') sorted.remove(value)
    },
    value: () => sorted.quantile(fraction),
  }
}

/** A monotonic queue: a value that a later one beats can never be the extreme again and is forgotten at once. */
function extreme(name: 'MIN' | 'MAX'): Accumulator {
  const wanted = name === 'MIN' ? -1 : 1
  let queue: Value[] = []
  let head = 0
  return {
    inOrder: true,
    add(value) {
      if (value === null) return
      while (queue.length > head && Math.sign(compare(value, queue.at(-1) ?? null) ?? 0) === wanted)
        queue.pop()
      queue.push(value)
    },
    remove(value) {
      if (value === null || head >= queue.length || compare(queue[head] ?? null, value) !== 0) return
      head++
      if (head * 2 > queue.length) {
        queue = queue.slice(head)
        head = 0
      }
    },
    value: () => queue[head] ?? null,
  }
}
