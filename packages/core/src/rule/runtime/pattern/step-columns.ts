import type { Expression } from '../../ast.js'

/** A condition of one step alone, as a condition of a feedback: `a.severity_score` becomes `severity_score`. */
export function withoutStep(expression: Expression, step: string): Expression {
  if (step === '') return expression
  // A tree of plain data, whatever its nodes: only the paths of columns change.
  return JSON.parse(JSON.stringify(expression), (key, value: unknown) =>
    key === 'path' && Array.isArray(value) && value.length > 1 && value[0] === step ? value.slice(1) : value,
  ) as Expression
}
