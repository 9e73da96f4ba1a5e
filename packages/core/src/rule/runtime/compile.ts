import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Expression, Interval } from '../ast.js'
import { parseInstant } from '../language/instant.js'
import { addInterval, intervalMilliseconds } from '../language/interval.js'
import { columnReader, isInstantColumn } from './columns.js'
import { likeTest } from './like.js'
import { and, compare, not, or, type Value } from './value.js'

/** What an expression is evaluated against: a feedback at an instant, or a group of them. */
export interface Row {
  readonly feedback: FeedbackRecord | undefined
  /** Values kept of each step of a pattern, in the order of `Scope.stepColumn`. */
  readonly steps?: readonly (readonly Value[] | undefined)[]
  readonly now: number
  /** Values of GROUP BY, in order. */
  readonly group: readonly Value[]
  /** Values of the rule's aggregates, in order. */
  readonly aggregates: readonly Value[]
}

export type Evaluate = (row: Row) => Value

/** How names are resolved inside one clause of one rule. */
export interface Scope {
  /** Index of the GROUP BY item an expression stands for, or -1. */
  groupIndex(expression: Expression): number
  /** Index of an aggregate among the rule's aggregates. */
  aggregateIndex(expression: Expression & { type: 'aggregate' }): number
  /** The SELECT item behind an alias. */
  alias(name: string): Expression | undefined
  /** Reads a column of a pattern's step (`a.serial_number`); undefined when the path names no step. */
  stepColumn?(path: readonly string[]): Evaluate | undefined
}

/** Plain WHERE scope: columns of the feedback and nothing else. */
export const rowScope: Scope = {
  groupIndex: () => -1,
  aggregateIndex: () => -1,
  alias: () => undefined,
}

/** Turns an expression into closures, once; three-valued throughout. No code is generated at run time. */
export function compile(expression: Expression, scope: Scope = rowScope): Evaluate {
  const index = scope.groupIndex(expression)
  if (index >= 0) return (row) => row.group[index] ?? null
  switch (expression.type) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'interval': {
      const value = intervalMilliseconds(expression.value)
      return () => value
    }
    case 'now':
      return (row) => row.now
    case 'column': {
      const ofStep = scope.stepColumn?.(expression.path)
      if (ofStep !== undefined) return ofStep
      const [name] = expression.path
      const aliased = expression.path.length === 1 && name !== undefined ? scope.alias(name) : undefined
      if (aliased !== undefined && !isColumn(aliased, expression.path)) return compile(aliased, scope)
      const read = columnReader(expression.path)
      return (row) => (row.feedback === undefined ? null : read(row.feedback))
    }
    case 'not': {
      const operand = compile(expression.operand, scope)
      return (row) => not(operand(row))
    }
    case 'negate': {
      const operand = compile(expression.operand, scope)
      return (row) => {
        const value = operand(row)
        return typeof value === 'number' ? -value : null
      }
    }
    case 'and': {
      const left = compile(expression.left, scope)
      const right = compile(expression.right, scope)
      return (row) => {
        const first = left(row)
        return first === false ? false : and(first, right(row))
      }
    }
    case 'or': {
      const left = compile(expression.left, scope)
      const right = compile(expression.right, scope)
      return (row) => {
        const first = left(row)
        return first === true ? true : or(first, right(row))
      }
    }
    case 'comparison': {
      const [left, right] = pair(expression.left, expression.right, scope)
      const holds = comparisons[expression.operator]
      return (row) => {
        const order = compare(left(row), right(row))
        return order === null ? null : holds(order)
      }
    }
    case 'arithmetic':
      return compileArithmetic(expression, scope)
    case 'between': {
      const [low, lowOperand] = pair(expression.low, expression.operand, scope)
      const [high, operand] = pair(expression.high, expression.operand, scope)
      const { negated } = expression
      return (row) => {
        const fromLow = compare(lowOperand(row), low(row))
        const fromHigh = compare(operand(row), high(row))
        const inside = and(fromLow === null ? null : fromLow >= 0, fromHigh === null ? null : fromHigh <= 0)
        return negated ? not(inside) : inside
      }
    }
    case 'in': {
      const items = expression.list.map((item) => pair(expression.operand, item, scope))
      const { negated } = expression
      return (row) => {
        let found: Value = false
        for (const [operand, item] of items) {
          const order = compare(operand(row), item(row))
          if (order === 0) {
            found = true
            break
          }
          if (order === null) found = null
        }
        return negated ? not(found) : found
      }
    }
    case 'like':
      return compileLike(expression, scope)
    case 'is-null': {
      const operand = compile(expression.operand, scope)
      const { negated } = expression
      return (row) => (operand(row) === null) !== negated
    }
    case 'is-distinct': {
      const [left, right] = pair(expression.left, expression.right, scope)
      const { negated } = expression
      return (row) => {
        const a = left(row)
        const b = right(row)
        const same = a === null || b === null ? a === b : compare(a, b) === 0
        return same === negated
      }
    }
    case 'aggregate': {
      const at = scope.aggregateIndex(expression)
      return (row) => row.aggregates[at] ?? null
    }
  }
}

const comparisons = {
  '=': (order: number) => order === 0,
  '<>': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
}

/** Compiles two operands that meet: beside an instant a text literal is an instant, too. */
function pair(left: Expression, right: Expression, scope: Scope): [Evaluate, Evaluate] {
  return [
    isInstant(right) ? compileInstant(left, scope) : compile(left, scope),
    isInstant(left) ? compileInstant(right, scope) : compile(right, scope),
  ]
}

function isInstant(expression: Expression): boolean {
  switch (expression.type) {
    case 'now':
      return true
    case 'column':
      return isInstantColumn(expression.path)
    case 'aggregate':
      return (
        expression.name !== 'COUNT' && expression.argument !== undefined && isInstant(expression.argument)
      )
    case 'arithmetic':
      return isInstant(expression.left) || isInstant(expression.right)
    default:
      return false
  }
}

function compileInstant(expression: Expression, scope: Scope): Evaluate {
  if (expression.type !== 'literal' || typeof expression.value !== 'string') return compile(expression, scope)
  const value = parseInstant(expression.value) ?? null
  return () => value
}

function compileArithmetic(expression: Expression & { type: 'arithmetic' }, scope: Scope): Evaluate {
  const { operator } = expression
  if (operator === '||') {
    const left = compile(expression.left, scope)
    const right = compile(expression.right, scope)
    return (row) => {
      const a = left(row)
      const b = right(row)
      return a === null || b === null ? null : `${a}${b}`
    }
  }
  const moved = instantPlusInterval(expression, scope)
  if (moved !== undefined) return moved
  const [left, right] = pair(expression.left, expression.right, scope)
  const whole = isWhole(expression.left) && isWhole(expression.right)
  const calculate = arithmetic[operator]
  return (row) => {
    const a = left(row)
    const b = right(row)
    if (typeof a !== 'number' || typeof b !== 'number') return null
    const result = calculate(a, b)
    return result === null ? null : whole && operator === '/' ? Math.trunc(result) : result
  }
}

/** `instant ± INTERVAL` by the calendar: a month is not 30 days. */
function instantPlusInterval(
  expression: Expression & { type: 'arithmetic' },
  scope: Scope,
): Evaluate | undefined {
  const { operator, left, right } = expression
  if (operator !== '+' && operator !== '-') return undefined
  const build = (instant: Expression, interval: Interval): Evaluate => {
    const from = compile(instant, scope)
    return (row) => {
      const value = from(row)
      return typeof value === 'number' ? addInterval(value, interval, operator === '-' ? -1 : 1) : null
    }
  }
  if (right.type === 'interval' && isInstant(left)) return build(left, right.value)
  if (left.type === 'interval' && isInstant(right) && operator === '+') return build(right, left.value)
  return undefined
}

/** No number comes of dividing by zero; PostgreSQL stops the query, a rule must go on: unknown. */
const arithmetic = {
  '+': (a: number, b: number): number | null => a + b,
  '-': (a: number, b: number): number | null => a - b,
  '*': (a: number, b: number): number | null => a * b,
  '/': (a: number, b: number): number | null => (b === 0 ? null : a / b),
  '%': (a: number, b: number): number | null => (b === 0 ? null : a % b),
}

/** Whole-number division truncates in PostgreSQL: 1/2 is 0. */
function isWhole(expression: Expression): boolean {
  switch (expression.type) {
    case 'literal':
      return Number.isInteger(expression.value)
    case 'aggregate':
      return expression.name === 'COUNT'
    case 'negate':
      return isWhole(expression.operand)
    case 'arithmetic':
      return isWhole(expression.left) && isWhole(expression.right)
    default:
      return false
  }
}

function compileLike(expression: Expression & { type: 'like' }, scope: Scope): Evaluate {
  const operand = compile(expression.operand, scope)
  const pattern = compile(expression.pattern, scope)
  const { escape: escaping, insensitive, negated } = expression
  let known: { text: string; test: (value: string) => boolean } | undefined
  return (row) => {
    const value = operand(row)
    const text = pattern(row)
    if (typeof value !== 'string' || typeof text !== 'string') return null
    // Patterns are constants in practice: the last one is the one.
    if (known?.text !== text) known = { text, test: likeTest(text, escaping, insensitive) }
    return known.test(value) !== negated
  }
}

function isColumn(expression: Expression, path: readonly string[]): boolean {
  return expression.type === 'column' && expression.path.join('.') === path.join('.')
}
