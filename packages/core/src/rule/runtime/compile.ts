import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Expression } from '../ast.js'
import { intervalMilliseconds } from '../language/interval.js'
import { columnReader } from './columns.js'
import { compileArithmetic, compileLength } from './compile-arithmetic.js'
import { compileCall } from './compile-call.js'
import { compileCase } from './compile-choice.js'
import {
  compileBetween,
  compileComparison,
  compileDistinct,
  compileIn,
  compileQuantified,
} from './compile-comparison.js'
import { anyTime, type Compiler, operand } from './compiler.js'
import { kindOf, resultsOf } from './kind.js'
import { likeTest } from './like.js'
import { and, not, or, type Value } from './value.js'

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
  /** The path without the step of a pattern in front of it. */
  columnPath?(path: readonly string[]): readonly string[]
}

/** Plain WHERE scope: columns of the feedback and nothing else. */
export const rowScope: Scope = {
  groupIndex: () => -1,
  aggregateIndex: () => -1,
  alias: () => undefined,
}

/** Aliases are not known to one another: in `severity_score + 1 AS severity_score` the column is meant. */
export const withoutAliases = (scope: Scope): Scope => ({ ...scope, alias: rowScope.alias })

/** Turns an expression into closures, once; three-valued throughout. No code is generated at run time. */
export function compile(expression: Expression, scope: Scope = rowScope): Evaluate {
  const index = scope.groupIndex(expression)
  if (index >= 0) return (row) => row.group[index] ?? null
  const compiler: Compiler = { scope, value: (part) => compile(part, scope) }
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
      const [name] = expression.path
      const aliased = expression.path.length === 1 && name !== undefined ? scope.alias(name) : undefined
      if (aliased !== undefined && !isColumn(aliased, expression.path))
        return compile(aliased, withoutAliases(scope))
      const ofStep = scope.stepColumn?.(expression.path)
      if (ofStep !== undefined) return ofStep
      const read = columnReader(expression.path)
      return (row) => (row.feedback === undefined ? null : read(row.feedback))
    }
    case 'not': {
      const inner = compile(expression.operand, scope)
      return (row) => not(inner(row))
    }
    case 'negate': {
      if (kindOf(expression, scope) === 'interval') return compileLength(expression, compiler)
      const number = compile(expression.operand, scope)
      return (row) => {
        const value = number(row)
        return typeof value === 'number' ? 0 - value : null
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
    case 'comparison':
      return compileComparison(expression, compiler)
    case 'arithmetic':
      return compileArithmetic(expression, compiler)
    case 'between':
      return compileBetween(expression, compiler)
    case 'in':
      return compileIn(expression, compiler)
    case 'quantified':
      return compileQuantified(expression, compiler)
    case 'is-distinct':
      return compileDistinct(expression, compiler)
    case 'like':
      return compileLike(expression, scope)
    case 'is-null': {
      const inner = compile(expression.operand, scope)
      const { negated } = expression
      return (row) => (inner(row) === null) !== negated
    }
    case 'aggregate': {
      const at = scope.aggregateIndex(expression)
      return (row) => row.aggregates[at] ?? null
    }
    case 'case': {
      if (kindOf(expression, scope) === 'interval') return compileLength(expression, compiler)
      const asInstant = anyTime(resultsOf(expression), compiler)
      return compileCase(expression, compiler, (value) => operand(value, asInstant, compiler))
    }
    case 'call':
      return kindOf(expression, scope) === 'interval'
        ? compileLength(expression, compiler)
        : compileCall(expression, compiler)
    case 'array':
      // It stands only behind ANY and ALL, which look inside themselves.
      return () => null
  }
}

function compileLike(expression: Expression & { type: 'like' }, scope: Scope): Evaluate {
  const subject = compile(expression.operand, scope)
  const { pattern, escape: escaping, insensitive, negated } = expression
  if (pattern.type === 'literal' && typeof pattern.value === 'string') {
    const test = likeTest(pattern.value, escaping, insensitive)
    return (row) => {
      const value = subject(row)
      return typeof value === 'string' ? test(value) !== negated : null
    }
  }
  const written = compile(pattern, scope)
  let known: { text: string; test: (value: string) => boolean } | undefined
  return (row) => {
    const value = subject(row)
    const text = written(row)
    if (typeof value !== 'string' || typeof text !== 'string') return null
    if (known?.text !== text) known = { text, test: likeTest(text, escaping, insensitive) }
    return known.test(value) !== negated
  }
}

function isColumn(expression: Expression, path: readonly string[]): boolean {
  return expression.type === 'column' && expression.path.join('.') === path.join('.')
}
