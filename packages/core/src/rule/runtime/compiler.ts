import type { Expression } from '../ast.js'
import { parseInstant } from '../language/instant.js'
import type { Evaluate, Row, Scope } from './compile.js'
import { isTimeKind, kindOf } from './kind.js'
import type { Value } from './value.js'

/** Turns the expressions of one clause into closures. */
export interface Compiler {
  readonly scope: Scope
  /** The closure of an expression. */
  value(expression: Expression): Evaluate
}

/** A closure for values that are not `Value`s, such as intervals; null is SQL's NULL. */
export type EvaluateTo<T> = (row: Row) => T | null

/** True when one of the expressions is a point in time, so that text literals beside it are, too. */
export const anyTime = (expressions: readonly Expression[], { scope }: Compiler): boolean =>
  expressions.some((expression) => isTimeKind(kindOf(expression, scope)))

/** The value of a literal; undefined for everything else. */
export function constantOf(expression: Expression, asInstant: boolean): Value | undefined {
  if (expression.type !== 'literal') return undefined
  const { value } = expression
  return asInstant && typeof value === 'string' ? (parseInstant(value) ?? null) : value
}

/** Compiles a value that stands beside others; beside an instant a text literal is an instant. */
export function operand(expression: Expression, asInstant: boolean, compiler: Compiler): Evaluate {
  const constant = constantOf(expression, asInstant)
  return constant === undefined ? compiler.value(expression) : () => constant
}
