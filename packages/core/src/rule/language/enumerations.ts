import type { Expression } from '../ast.js'
import { childrenOf } from './expression-tree.js'
import { printText } from './print-expression.js'
import { columnAt } from './steps.js'
import { candidateRank, candidates, suggest } from './suggest.js'
import type { TypeScope } from './type-checker.js'

/** Warns of values that a column can never have: `channel = 'e-mail'`. */
export function checkEnumerations(expression: Expression, scope: TypeScope): void {
  if (expression.type === 'comparison' && (expression.operator === '=' || expression.operator === '<>')) {
    checkValue(expression.left, expression.right, scope)
    checkValue(expression.right, expression.left, scope)
  }
  for (const item of comparedWith(expression)) checkValue(item.subject, item.constant, scope)
  for (const child of childrenOf(expression)) checkEnumerations(child, scope)
}

interface Compared {
  readonly subject: Expression
  readonly constant: Expression
}

/** What an expression of several values compares with its first one. */
function comparedWith(expression: Expression): readonly Compared[] {
  const each = (subject: Expression | undefined, constants: readonly Expression[]): readonly Compared[] =>
    subject === undefined ? [] : constants.map((constant) => ({ subject, constant }))
  switch (expression.type) {
    case 'in':
      return each(expression.operand, expression.list)
    case 'quantified':
      return expression.array.type === 'array' ? each(expression.operand, expression.array.items) : []
    case 'case':
      return each(
        expression.operand,
        expression.branches.map(({ when }) => when),
      )
    default:
      return []
  }
}

function checkValue(subject: Expression, constant: Expression, scope: TypeScope): void {
  if (subject.type !== 'column' || constant.type !== 'literal' || typeof constant.value !== 'string') return
  const column = columnAt(subject.path, scope.steps?.names)
  if (column?.values === undefined || column.values.includes(constant.value)) return
  const all = column.values.join(', ')
  const meant = suggest(constant.value, candidates(column.values, candidateRank.field))
  scope.diagnostics.add(scope.source, constant.span, {
    severity: 'warning',
    code: 'never-fires',
    message: {
      en: `${column.name} is never ${printText(constant.value)}; it is one of ${all}`,
      zh: `${column.name} 不会是 ${printText(constant.value)}；可能的值：${all}`,
    },
    suggestion: meant === undefined ? undefined : printText(meant),
  })
}
