import type { Expression, WindowClause } from '../ast.js'
import { neverTrue } from './contradictions.js'
import type { DiagnosticInit } from './diagnostics.js'
import { checkEnumerations } from './enumerations.js'
import { checkNow } from './placement-checker.js'
import { expectType, type TypeScope } from './type-checker.js'
import { entriesAtMost } from './window-checker.js'

/**
 * Checks a whole condition: its type, where NOW() stands, and whether anything can meet it.
 * @param window of its rule
 * @param impossible what to say when nothing meets it
 */
export function checkCondition(
  expression: Expression,
  window: WindowClause | undefined,
  scope: TypeScope,
  impossible: DiagnosticInit,
): void {
  expectType(expression, 'boolean', scope)
  checkNow(expression, true, scope)
  checkEnumerations(expression, scope)
  const never = neverTrue(expression, { steps: scope.steps?.names, mostEntries: entriesAtMost(window) })
  if (never !== undefined) scope.diagnostics.add(scope.source, never.span, impossible)
}

export const neverFires: DiagnosticInit = {
  severity: 'warning',
  code: 'never-fires',
  message: {
    en: 'this rule can never fire: no value meets this condition',
    zh: '此规则永远不会触发：没有值能满足该条件',
  },
}
export const neverResolves: DiagnosticInit = {
  severity: 'warning',
  code: 'no-effect',
  message: {
    en: 'once it fires, this rule never resolves: no value meets this condition',
    zh: '此规则一旦触发就永远不会解除：没有值能满足该条件',
  },
}
export const nothingIsThat: DiagnosticInit = {
  severity: 'warning',
  code: 'no-effect',
  message: {
    en: 'WITHOUT has no effect: no value meets this condition, so nothing of that kind ever comes',
    zh: 'WITHOUT 不起作用：没有值能满足该条件，这样的反馈永远不会出现',
  },
}
