import type { Expression, Rule } from '../ast.js'
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

/** True for `COUNT ≥ constant` and `MAX ≥ constant`: what leaves a window cannot make them true. */
export function isLowerBound(part: Expression): boolean {
  return (
    part.type === 'comparison' &&
    (part.operator === '>' || part.operator === '>=') &&
    part.left.type === 'aggregate' &&
    (part.left.name === 'COUNT' || part.left.name === 'MAX') &&
    part.right.type === 'literal'
  )
}
