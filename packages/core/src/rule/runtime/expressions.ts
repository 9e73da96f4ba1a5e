import type { Expression, Rule } from '../ast.js'
import { columnOf, rangeOf } from '../language/columns.js'
import { childrenOf, keyOf } from '../language/expression-tree.js'

/** Every aggregate of a rule, each once, in the order of SELECT, HAVING, RESOLVE WHEN, action parameters. */
export function collectAggregates(rule: Rule): readonly (Expression & { type: 'aggregate' })[] {
  const found = new Map<string, Expression & { type: 'aggregate' }>()
  const visit = (expression: Expression): void => {
    if (expression.type === 'aggregate') found.set(keyOf(expression), expression)
    else for (const child of childrenOf(expression)) visit(child)
  }
  if (rule.select !== '*') for (const { expression } of rule.select) visit(expression)
  if (rule.having !== undefined) visit(rule.having)
  if (rule.resolveWhen !== undefined) visit(rule.resolveWhen)
  for (const { params } of rule.actions) for (const value of Object.values(params)) visit(value)
  return [...found.values()]
}

export function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return []
  return expression.type === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression]
}

/** True for `COUNT ≥ constant`, MAX and sums of what is never negative: what leaves a window cannot make them true. */
export function isLowerBound(part: Expression): part is Expression & { type: 'comparison' } {
  return (
    part.type === 'comparison' &&
    (part.operator === '>' || part.operator === '>=') &&
    part.left.type === 'aggregate' &&
    onlyFalls(part.left) &&
    part.right.type === 'literal'
  )
}

/** True for aggregates that can only become less, or NULL, when entries leave. */
function onlyFalls({ name, argument }: Expression & { type: 'aggregate' }): boolean {
  if (name === 'COUNT' || name === 'RATE' || name === 'MAX') return true
  const column = argument?.type === 'column' ? columnOf(argument.path) : undefined
  return name === 'SUM' && column?.type === 'number' && rangeOf(column.name)[0] >= 0
}
