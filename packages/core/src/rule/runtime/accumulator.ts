import type { AggregateName } from '../ast.js'
import type { Evaluate } from './compile.js'
import { ExactSum } from './exact-sum.js'
import { compare, type Value } from './value.js'

export interface AggregateSpec {
  readonly name: AggregateName
  readonly distinct: boolean
  /** Absent for COUNT(*). */
  readonly argument: Evaluate | undefined
}

/**
 * One aggregate kept up to date while entries come and go; `live` gives the values still inside the window.
 * SQL's rules: NULL is skipped, and everything but COUNT over no values is NULL.
 */
export interface Accumulator {
  add(value: Value): void
  remove(value: Value): void
  value(live: () => Iterable<Value>): Value
}

export function accumulator({ name, distinct, argument }: AggregateSpec): Accumulator {
  if (argument === undefined) return countAll()
  if (distinct) return overDistinct(name)
  switch (name) {
    case 'COUNT':
    case 'SHARE':
    case 'RATE':
    case 'PERCENTILE':
      return countPresent()
    case 'SUM':
    case 'AVG':
      return sumOf(name)
    case 'MIN':
    case 'MAX':
      return extreme(name)
  }
}

function countAll(): Accumulator {
  let count = 0
  return {
    add() {
      count++
    },
    remove() {
      count--
    },
    value: () => count,
  }
}

function countPresent(): Accumulator {
  let count = 0
  return {
    add(value) {
      if (value !== null) count++
    },
    remove(value) {
      if (value !== null) count--
    },
    value: () => count,
  }
}

/** A reference-counted map: a value leaves when its last entry leaves. */
function overDistinct(name: AggregateName): Accumulator {
  const references = new Map<Value, number>()
  return {
    add(value) {
      if (value !== null) references.set(value, (references.get(value) ?? 0) + 1)
    },
    remove(value) {
      const left = (references.get(value) ?? 0) - 1
      if (left > 0) references.set(value, left)
      else references.delete(value)
    },
    value: () => (name === 'COUNT' ? references.size : once(name, references.keys())),
  }
}

function sumOf(name: 'SUM' | 'AVG'): Accumulator {
  const sum = new ExactSum()
  let count = 0
  return {
    add(value) {
      if (typeof value !== 'number') return
      sum.add(value)
      count++
    },
    remove(value) {
      if (typeof value !== 'number') return
      count--
      if (count === 0) sum.clear()
      else sum.add(-value)
    },
    value: () => (count === 0 ? null : name === 'SUM' ? sum.value() : sum.value() / count),
  }
}

/** Keeps the extreme; only when it leaves are the remaining values looked through. */
function extreme(name: 'MIN' | 'MAX'): Accumulator {
  const wanted = name === 'MIN' ? -1 : 1
  let best: Value = null
  let stale = false
  const better = (value: Value): boolean => best === null || Math.sign(compare(value, best) ?? 0) === wanted
  return {
    add(value) {
      if (value !== null && !stale && better(value)) best = value
    },
    remove(value) {
      if (value !== null && value === best) stale = true
    },
    value(live) {
      if (stale) {
        best = null
        for (const value of live()) if (value !== null && better(value)) best = value
        stale = false
      }
      return best
    },
  }
}

function once(name: AggregateName, values: Iterable<Value>): Value {
  const whole = accumulator({ name, distinct: false, argument: () => null })
  for (const value of values) whole.add(value)
  return whole.value(() => values)
}
