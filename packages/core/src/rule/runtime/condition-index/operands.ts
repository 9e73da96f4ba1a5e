import type { Expression } from '../../ast.js'
import { childrenOf } from '../../language/expression-tree.js'
import { parseInstant } from '../../language/instant.js'
import { isInstantColumn } from '../columns.js'
import { compile, type Row } from '../compile.js'
import type { Value } from '../value.js'

export type Column = Expression & { readonly type: 'column' }

/** True when an expression's value is a truth value, so that AND, OR and NOT may be taken apart over it. */
export function isTruth(expression: Expression): boolean {
  switch (expression.type) {
    case 'column':
      return expression.path[0] === 'safety_flags'
    case 'literal':
      return expression.value === null || typeof expression.value === 'boolean'
    case 'interval':
    case 'now':
    case 'negate':
    case 'arithmetic':
    case 'aggregate':
      return false
    default:
      return true
  }
}

/** A column and a constant that meet, whichever stands first. */
export function columnAndConstant(
  left: Expression,
  right: Expression,
): { readonly column: Column; readonly value: Value; readonly flipped: boolean } | undefined {
  if (left.type === 'column') {
    const constant = constantBeside(left, right)
    return constant && { column: left, value: constant.value, flipped: false }
  }
  if (right.type !== 'column') return undefined
  const constant = constantBeside(right, left)
  return constant && { column: right, value: constant.value, flipped: true }
}

const noRow: Row = { feedback: undefined, now: 0, group: [], aggregates: [] }

/** What an expression beside a column always is; undefined when it depends on the feedback or on time. */
export function constantBeside(
  column: Column,
  expression: Expression,
): { readonly value: Value } | undefined {
  if (expression.type === 'literal') {
    const { value } = expression
    if (typeof value !== 'string' || !isInstantColumn(column.path)) return { value }
    return { value: parseInstant(value) ?? null }
  }
  return isConstant(expression) ? { value: compile(expression)(noRow) } : undefined
}

function isConstant(expression: Expression): boolean {
  const { type } = expression
  return (
    type !== 'column' && type !== 'now' && type !== 'aggregate' && childrenOf(expression).every(isConstant)
  )
}
