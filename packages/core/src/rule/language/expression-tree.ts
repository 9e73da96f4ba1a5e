import type { Expression } from '../ast.js'
import { columnOf } from './columns.js'

/** The direct parts of an expression, from left to right. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'literal':
    case 'interval':
    case 'column':
    case 'now':
      return []
    case 'not':
    case 'negate':
    case 'is-null':
      return [expression.operand]
    case 'and':
    case 'or':
    case 'comparison':
    case 'arithmetic':
    case 'is-distinct':
      return [expression.left, expression.right]
    case 'between':
      return [expression.operand, expression.low, expression.high]
    case 'in':
      return [expression.operand, ...expression.list]
    case 'like':
      return [expression.operand, expression.pattern]
    case 'aggregate':
      return [expression.argument, expression.filter].filter((part) => part !== undefined)
    case 'case':
      return [
        expression.operand,
        ...expression.branches.flatMap((branch) => [branch.when, branch.then]),
        expression.otherwise,
      ].filter((part) => part !== undefined)
    case 'call':
      return expression.args
    case 'quantified':
      return [expression.operand, expression.array]
    case 'array':
      return expression.items
  }
}

/** The parts that must all be true, from left to right. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  const found: Expression[] = []
  const open = [expression]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === 'and') open.push(next.right, next.left)
    else found.push(next)
  }
  return found
}

export function contains(expression: Expression, wanted: Expression['type']): boolean {
  return expression.type === wanted || childrenOf(expression).some((child) => contains(child, wanted))
}

/**
 * A key that is equal for expressions of the same meaning in the same place: spans do not count, and
 * `fault_code` is `fault_code.code`.
 */
export function keyOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'span') return undefined
    if (key === 'path' && Array.isArray(value)) return columnOf(value.map(String))?.name ?? value
    return value
  })
}
