import type { Expression } from '../ast.js'
import type { FunctionSpec } from '../functions/function-spec.js'
import { functionTable } from '../functions/function-table.js'
import { isCountColumn, isDateColumn, isInstantColumn } from './columns.js'
import type { Scope } from './compile.js'

/**
 * What the compiler must know of a value that its numbers do not show. Instants and dates are epoch
 * milliseconds; an interval keeps its months, days and time apart until it is compared.
 */
export type Kind = 'instant' | 'date' | 'interval' | 'plain'

export const isTimeKind = (kind: Kind): boolean => kind === 'instant' || kind === 'date'

export function kindOf(expression: Expression, scope: Scope): Kind {
  switch (expression.type) {
    case 'now':
      return 'instant'
    case 'interval':
      return 'interval'
    case 'column':
      return columnKind(expression.path, scope)
    case 'negate':
      return kindOf(expression.operand, scope)
    case 'arithmetic':
      return arithmeticKind(expression, scope)
    case 'aggregate': {
      const { name, argument } = expression
      return argument !== undefined && (name === 'MIN' || name === 'MAX') ? kindOf(argument, scope) : 'plain'
    }
    case 'case':
      return commonKind(resultsOf(expression), scope)
    case 'call':
      return callKind(expression, scope)
    default:
      return 'plain'
  }
}

function columnKind(written: readonly string[], scope: Scope): Kind {
  const path = scope.columnPath?.(written) ?? written
  if (isInstantColumn(path)) return isDateColumn(path) ? 'date' : 'instant'
  const aliased = path.length === 1 ? scope.alias(path[0] ?? '') : undefined
  const isItself = aliased?.type === 'column' && aliased.path.join('.') === path.join('.')
  return aliased === undefined || isItself ? 'plain' : kindOf(aliased, { ...scope, alias: () => undefined })
}

function arithmeticKind(expression: Expression & { type: 'arithmetic' }, scope: Scope): Kind {
  const left = kindOf(expression.left, scope)
  const right = kindOf(expression.right, scope)
  if (expression.operator === '||') return 'plain'
  if (isTimeKind(left)) return isTimeKind(right) ? 'interval' : 'instant'
  if (isTimeKind(right)) return 'instant'
  return left === 'interval' || right === 'interval' ? 'interval' : 'plain'
}

function callKind({ name, args }: Expression & { type: 'call' }, scope: Scope): Kind {
  if (name === 'DATE_TRUNC') return 'instant'
  return functionTable[name].result === 'alike' ? commonKind(args, scope) : 'plain'
}

/** The kind of values that stand for one another. */
function commonKind(values: readonly Expression[], scope: Scope): Kind {
  const kinds = values.map((value) => kindOf(value, scope)).filter((kind) => kind !== 'plain')
  const [first = 'plain'] = kinds
  return first === 'date' && (kinds.includes('instant') || values.some(isText)) ? 'instant' : first
}

const isText = (value: Expression): boolean => value.type === 'literal' && typeof value.value === 'string'

/** Every value that a CASE can have, but for the NULL of a missing ELSE. */
export const resultsOf = ({ branches, otherwise }: Expression & { type: 'case' }): readonly Expression[] => [
  ...branches.map(({ then }) => then),
  ...(otherwise === undefined ? [] : [otherwise]),
]

/** Whole numbers divide by truncation in PostgreSQL: 1/2 is 0. */
export function isWhole(expression: Expression, scope: Scope): boolean {
  const allWhole = (values: readonly Expression[]): boolean => {
    const present = values.filter((value) => value.type !== 'literal' || value.value !== null)
    return present.length > 0 && present.every((value) => isWhole(value, scope))
  }
  switch (expression.type) {
    case 'literal':
      return Number.isInteger(expression.value) && expression.decimal !== true
    case 'column':
      return isCountColumn(scope.columnPath?.(expression.path) ?? expression.path)
    case 'aggregate': {
      const { name, argument } = expression
      if (name === 'COUNT') return true
      const keeps = name === 'SUM' || name === 'MIN' || name === 'MAX'
      return keeps && argument !== undefined && isWhole(argument, scope)
    }
    case 'negate':
      return isWhole(expression.operand, scope)
    case 'arithmetic':
      return isWhole(expression.left, scope) && isWhole(expression.right, scope)
    case 'case':
      return allWhole(resultsOf(expression))
    case 'call': {
      const { whole }: FunctionSpec = functionTable[expression.name]
      if (whole === 'always') return true
      const [first] = expression.args
      if (expression.name === 'NULLIF') return first !== undefined && isWhole(first, scope)
      return whole === 'alike' && allWhole(expression.args)
    }
    default:
      return false
  }
}
