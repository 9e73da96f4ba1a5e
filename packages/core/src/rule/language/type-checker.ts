import type { Expression } from '../ast.js'
import { aggregateType } from './aggregate-checker.js'
import { callType } from './call-checker.js'
import { columnType } from './column-checker.js'
import type { ValueType } from './columns.js'
import { checkComparable, commonType, type Typed } from './comparability.js'
import type { DiagnosticList } from './diagnostics.js'
import { childrenOf } from './expression-tree.js'
import type { SourceText } from './source-text.js'
import { columnAt, type StepScope } from './steps.js'
import { isTime, nameOf, report, typeNames, wrongOperand } from './type-names.js'

/** `any` fits everywhere: NULL, attributes, and what is wrong already. */
export type Type = ValueType | 'any'

/** Where an expression stands, as far as its names and types depend on it. */
export interface TypeScope {
  readonly source: SourceText
  readonly diagnostics: DiagnosticList
  /** SELECT aliases and their types; only action parameters see them. */
  readonly aliases: ReadonlyMap<string, Type>
  /** Aliases that exist but are not visible here: worth a better message. */
  readonly hiddenAliases?: ReadonlySet<string>
  /** The steps of MATCH and WITHOUT; absent in rules without them. */
  readonly steps?: StepScope
}

/** The type of an expression; reports unknown names and operations that cannot be. */
export function typeOf(expression: Expression, scope: TypeScope): Type {
  switch (expression.type) {
    case 'literal':
      if (expression.value === null) return 'any'
      return typeof expression.value === 'string'
        ? 'text'
        : typeof expression.value === 'number'
          ? 'number'
          : 'boolean'
    case 'interval':
      return 'interval'
    case 'now':
      return 'instant'
    case 'column':
      return columnType(expression, scope)
    case 'not':
    case 'and':
    case 'or':
      for (const child of childrenOf(expression)) expectType(child, 'boolean', scope)
      return 'boolean'
    case 'negate': {
      const type = typeOf(expression.operand, scope)
      if (type === 'number' || type === 'interval' || type === 'any') return type
      wrongOperand(expression.operand, type, typeNames.number, scope)
      return 'any'
    }
    case 'comparison':
      nullComparison(expression, scope)
      comparable(expression.left, [expression.right], scope)
      return 'boolean'
    case 'is-distinct':
      comparable(expression.left, [expression.right], scope)
      return 'boolean'
    case 'between':
      comparable(expression.operand, [expression.low, expression.high], scope)
      return 'boolean'
    case 'in':
      comparable(expression.operand, expression.list, scope)
      return 'boolean'
    case 'like':
      for (const child of childrenOf(expression)) expectType(child, 'text', scope)
      return 'boolean'
    case 'is-null':
      typeOf(expression.operand, scope)
      return 'boolean'
    case 'arithmetic':
      return arithmeticType(expression, scope)
    case 'aggregate': {
      const { argument, filter } = expression
      if (filter !== undefined) expectType(filter, 'boolean', scope)
      return aggregateType(expression, argument && typeOf(argument, scope), scope)
    }
    case 'case':
      return caseType(expression, scope)
    case 'call':
      return callType(expression, scope, typeOf)
    case 'quantified':
      checkQuantified(expression, scope)
      return 'boolean'
    case 'array':
      for (const item of expression.items) typeOf(item, scope)
      report(scope, expression, {
        code: 'not-allowed-here',
        message: { en: 'ARRAY may stand only behind ANY or ALL', zh: 'ARRAY 只能用在 ANY 或 ALL 之后' },
      })
      return 'any'
  }
}

/** Checks an expression that must be of one type. */
export function expectType(expression: Expression, wanted: ValueType, scope: TypeScope): void {
  const type = typeOf(expression, scope)
  if (type !== wanted && type !== 'any') wrongOperand(expression, type, typeNames[wanted], scope)
}

function nullComparison(
  { left, right, operator }: Expression & { type: 'comparison' },
  scope: TypeScope,
): void {
  const isNull = (side: Expression): boolean => side.type === 'literal' && side.value === null
  const nothing = isNull(right) ? right : isNull(left) ? left : undefined
  if (nothing === undefined) return
  const suggestion = operator === '=' ? 'IS NULL' : operator === '<>' ? 'IS NOT NULL' : undefined
  report(scope, nothing, {
    severity: 'warning',
    code: 'never-fires',
    message: { en: 'a comparison with NULL is never true', zh: '与 NULL 比较永远不为真' },
    suggestion,
  })
}

const typed = (expression: Expression, scope: TypeScope): Typed => ({
  expression,
  type: typeOf(expression, scope),
})

function comparable(first: Expression, others: readonly Expression[], scope: TypeScope): void {
  checkComparable(
    typed(first, scope),
    others.map((other) => typed(other, scope)),
    scope,
  )
}

function caseType({ operand, branches, otherwise }: Expression & { type: 'case' }, scope: TypeScope): Type {
  if (operand === undefined) for (const { when } of branches) expectType(when, 'boolean', scope)
  else
    comparable(
      operand,
      branches.map(({ when }) => when),
      scope,
    )
  const values = [...branches.map(({ then }) => then), ...(otherwise === undefined ? [] : [otherwise])]
  return commonType(
    values.map((value) => typed(value, scope)),
    scope,
  )
}

/** ANY and ALL look into ARRAY[…], or into one member of a list that a feedback carries. */
function checkQuantified({ operand, array }: Expression & { type: 'quantified' }, scope: TypeScope): void {
  if (array.type === 'array') {
    comparable(operand, array.items, scope)
    return
  }
  const column = array.type === 'column' ? columnAt(array.path, scope.steps?.names) : undefined
  if (array.type === 'column' && column === undefined) {
    typeOf(operand, scope)
    columnType(array, scope)
  } else if (column?.element === undefined) {
    typeOf(operand, scope)
    report(scope, array, {
      code: 'wrong-type',
      message: {
        en: "ANY and ALL look into a list: conditions.quantity, evidence.mime, ARRAY['a', 'b']",
        zh: "ANY 和 ALL 用于列表：conditions.quantity、evidence.mime、ARRAY['a', 'b']",
      },
    })
  } else checkComparable(typed(operand, scope), [{ expression: array, type: column.element }], scope)
}

function arithmeticType(expression: Expression & { type: 'arithmetic' }, scope: TypeScope): Type {
  const { operator, left, right } = expression
  const a = typeOf(left, scope)
  const b = typeOf(right, scope)
  if (operator === '||') {
    if (a === 'text' || b === 'text' || a === 'any' || b === 'any') return 'text'
  } else {
    const result = calculated(a, operator, b)
    if (result !== undefined) return result
  }
  report(scope, expression, {
    code: 'wrong-type',
    message: {
      en: `${operator} does not work with ${nameOf(a).en} and ${nameOf(b).en}`,
      zh: `${operator} 不能用于${nameOf(a).zh}和${nameOf(b).zh}`,
    },
  })
  return 'any'
}

function calculated(a: Type, operator: '+' | '-' | '*' | '/' | '%', b: Type): Type | undefined {
  if (a === 'any' || b === 'any') return 'any'
  if (a === 'number' && b === 'number') return 'number'
  const additive = operator === '+' || operator === '-'
  if (additive && isTime(a) && b === 'interval') return 'instant'
  if (operator === '+' && a === 'interval' && isTime(b)) return 'instant'
  if (additive && a === 'interval' && b === 'interval') return 'interval'
  // Two dates give a number of days in PostgreSQL and two instants an interval; only the latter is offered.
  if (operator === '-' && isTime(a) && isTime(b) && (a === 'instant' || b === 'instant')) return 'interval'
  if ((operator === '*' || operator === '/') && a === 'interval' && b === 'number') return 'interval'
  return operator === '*' && a === 'number' && b === 'interval' ? 'interval' : undefined
}
