import type { ComparisonOperator, Expression } from '../ast.js'
import { listOfValue, listReader } from './columns.js'
import type { Evaluate, Row } from './compile.js'
import { anyTime, type Compiler, constantOf, operand } from './compiler.js'
import { and, compare, compareText, not, type Value } from './value.js'

export function compileComparison(
  { operator, left, right }: Expression & { type: 'comparison' },
  compiler: Compiler,
): Evaluate {
  const asInstant = anyTime([left, right], compiler)
  const constant = constantOf(right, asInstant)
  if (typeof constant === 'number' && left.type === 'aggregate' && operator === '>=') {
    // What most windows are judged by: one closure instead of two.
    const at = compiler.scope.aggregateIndex(left)
    return (row) => {
      const value = row.aggregates[at]
      return typeof value === 'number' ? !(value < constant) : null
    }
  }
  if (typeof constant === 'number') return withNumber(operand(left, asInstant, compiler), operator, constant)
  if (typeof constant === 'string') return withText(compiler.value(left), operator, constant)
  const first = operand(left, asInstant, compiler)
  const second = operand(right, asInstant, compiler)
  const holds = holding[operator]
  return (row) => {
    const order = compare(first(row), second(row))
    return order === null ? null : holds(order)
  }
}

const holding: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/**
 * The usual conditions by far: each operator has a closure of its own. NaN is above every number in
 * PostgreSQL, which the negations say and `>` would not.
 */
function withNumber(left: Evaluate, operator: ComparisonOperator, constant: number): Evaluate {
  const ofNumber =
    (holds: (value: number) => boolean): Evaluate =>
    (row) => {
      const value = left(row)
      return typeof value === 'number' ? holds(value) : null
    }
  switch (operator) {
    case '=':
      return (row) => {
        const value = left(row)
        return typeof value === 'number' ? value === constant : null
      }
    case '>':
      return (row) => {
        const value = left(row)
        return typeof value === 'number' ? !(value <= constant) : null
      }
    case '>=':
      return (row) => {
        const value = left(row)
        return typeof value === 'number' ? !(value < constant) : null
      }
    case '<>':
      return ofNumber((value) => value !== constant)
    case '<':
      return ofNumber((value) => value < constant)
    case '<=':
      return ofNumber((value) => value <= constant)
  }
}

function withText(left: Evaluate, operator: ComparisonOperator, constant: string): Evaluate {
  if (operator === '=' || operator === '<>') {
    const wanted = operator === '='
    return (row) => {
      const value = left(row)
      return typeof value === 'string' ? (value === constant) === wanted : null
    }
  }
  const holds = holding[operator]
  return (row) => {
    const value = left(row)
    return typeof value === 'string' ? holds(compareText(value, constant)) : null
  }
}

export function compileBetween(
  { operand: subject, low, high, negated }: Expression & { type: 'between' },
  compiler: Compiler,
): Evaluate {
  const asInstant = anyTime([subject, low, high], compiler)
  const value = operand(subject, asInstant, compiler)
  const from = operand(low, asInstant, compiler)
  const to = operand(high, asInstant, compiler)
  return (row) => {
    const present = value(row)
    const fromLow = compare(present, from(row))
    const fromHigh = compare(present, to(row))
    const inside = and(fromLow === null ? null : fromLow >= 0, fromHigh === null ? null : fromHigh <= 0)
    return negated ? not(inside) : inside
  }
}

export function compileIn(
  { operand: subject, list, negated }: Expression & { type: 'in' },
  compiler: Compiler,
): Evaluate {
  return oneOf(subject, list, negated, compiler)
}

/** `x IN (…)` and `x = ANY (ARRAY[…])`; negated `x NOT IN (…)` and `x <> ALL (ARRAY[…])`. */
function oneOf(
  subject: Expression,
  list: readonly Expression[],
  negated: boolean,
  compiler: Compiler,
): Evaluate {
  const asInstant = anyTime([subject, ...list], compiler)
  const value = operand(subject, asInstant, compiler)
  const constants = list.map((item) => constantOf(item, asInstant))
  const known = constantSet(constants)
  if (known !== undefined) {
    const absent = constants.includes(null) ? null : negated
    return (row) => {
      const present = value(row)
      if (typeof present !== known.type) return null
      return known.values.has(present) ? !negated : absent
    }
  }
  const items = list.map((item) => operand(item, asInstant, compiler))
  return (row) => {
    const found = foundIn(value(row), items, row)
    return negated ? not(found) : found
  }
}

function foundIn(present: Value, items: readonly Evaluate[], row: Row): Value {
  let found: Value = false
  for (const item of items) {
    const order = compare(present, item(row))
    if (order === 0) return true
    if (order === null) found = null
  }
  return found
}

interface ConstantSet {
  readonly type: 'string' | 'number'
  readonly values: ReadonlySet<Value>
}

/** A list of constants of one type is looked up instead of gone through; NULLs beside them do not count. */
function constantSet(constants: readonly (Value | undefined)[]): ConstantSet | undefined {
  const present = constants.filter((value) => value !== null)
  for (const type of ['string', 'number'] as const) {
    const values = present.filter((value) => typeof value === type && !Number.isNaN(value))
    if (values.length > 0 && values.length === present.length)
      return { type, values: new Set(values.filter((value) => value !== undefined)) }
  }
  return undefined
}

export function compileDistinct(
  { left, right, negated }: Expression & { type: 'is-distinct' },
  compiler: Compiler,
): Evaluate {
  const asInstant = anyTime([left, right], compiler)
  const first = operand(left, asInstant, compiler)
  const second = operand(right, asInstant, compiler)
  return (row) => {
    const a = first(row)
    const b = second(row)
    const same = a === null || b === null ? a === b : compare(a, b) === 0
    return same === negated
  }
}

/** ANY is an OR over the elements and ALL an AND: an element that is NULL makes it unknown unless another decides. */
export function compileQuantified(
  expression: Expression & { type: 'quantified' },
  compiler: Compiler,
): Evaluate {
  const { operator, quantifier, operand: subject, array } = expression
  if (array.type === 'array') {
    if (operator === '=' && quantifier === 'any') return oneOf(subject, array.items, false, compiler)
    if (operator === '<>' && quantifier === 'all') return oneOf(subject, array.items, true, compiler)
  }
  const asInstant = anyTime([subject, ...(array.type === 'array' ? array.items : [])], compiler)
  const value = operand(subject, asInstant, compiler)
  const elements = elementsOf(array, asInstant, compiler)
  const holds = holding[operator]
  const decisive = quantifier === 'any'
  return (row) => {
    const present = value(row)
    let result: Value = !decisive
    for (const element of elements(row)) {
      const order = compare(present, element)
      if (order === null) result = null
      else if (holds(order) === decisive) return decisive
    }
    return result
  }
}

/** A feedback without the list has an empty one, as its count is 0. */
function elementsOf(
  array: Expression,
  asInstant: boolean,
  compiler: Compiler,
): (row: Row) => readonly Value[] {
  if (array.type === 'array') {
    const items = array.items.map((item) => operand(item, asInstant, compiler))
    return (row) => items.map((item) => item(row))
  }
  if (array.type !== 'column') return () => []
  const ofStep = compiler.scope.stepColumn?.(array.path)
  if (ofStep !== undefined) return (row) => listOfValue(ofStep(row))
  const read = listReader(array.path)
  return (row) => (row.feedback === undefined ? [] : read(row.feedback))
}
