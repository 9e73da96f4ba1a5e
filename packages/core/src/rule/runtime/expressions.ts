import type { Expression, Rule } from '../ast.js'

/** The same for expressions that mean the same, wherever they stand in the text. */
export function expressionKey(expression: Expression): string {
  return JSON.stringify(expression, (name, value: unknown) => (name === 'span' ? undefined : value))
}

export function children(expression: Expression): readonly Expression[] {
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
      return expression.argument === undefined ? [] : [expression.argument]
  }
}

/** Every aggregate of a rule, each once, in the order of SELECT, HAVING, action parameters. */
export function collectAggregates(rule: Rule): readonly (Expression & { type: 'aggregate' })[] {
  const found = new Map<string, Expression & { type: 'aggregate' }>()
  const visit = (expression: Expression): void => {
    if (expression.type === 'aggregate') found.set(expressionKey(expression), expression)
    else for (const child of children(expression)) visit(child)
  }
  if (rule.select !== '*') for (const { expression } of rule.select) visit(expression)
  if (rule.having !== undefined) visit(rule.having)
  for (const { params } of rule.actions) for (const value of Object.values(params)) visit(value)
  return [...found.values()]
}

export function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return []
  return expression.type === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression]
}

/** True when a condition is a conjunction of `COUNT/MAX ≥ constant`: it can only become true by a new entry. */
export function lowerBoundOnly(having: Expression): boolean {
  return conjuncts(having).every(
    (part) =>
      part.type === 'comparison' &&
      (part.operator === '>' || part.operator === '>=') &&
      part.left.type === 'aggregate' &&
      (part.left.name === 'COUNT' || part.left.name === 'MAX') &&
      part.right.type === 'literal',
  )
}
