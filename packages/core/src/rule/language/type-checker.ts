import type { Localized } from '../../text.js'
import type { Expression } from '../ast.js'
import { type Column, columnNames, columnTitled, membersOf, type ValueType } from './columns.js'
import type { DiagnosticInit, DiagnosticList } from './diagnostics.js'
import { childrenOf } from './expression-tree.js'
import { parseInstant } from './instant.js'
import { printText } from './print-expression.js'
import type { SourceText } from './source-text.js'
import { stepProblem } from './step-problems.js'
import { columnAt, type StepScope } from './steps.js'
import { candidateRank, candidates, suggest } from './suggest.js'

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

const typeNames: Readonly<Record<ValueType, Localized>> = {
  text: { en: 'text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  boolean: { en: 'true or false', zh: '真假值' },
  instant: { en: 'an instant', zh: '时间点' },
  date: { en: 'a date', zh: '日期' },
  interval: { en: 'an interval', zh: '时长' },
}
const nameOf = (type: Type): Localized =>
  type === 'any' ? { en: 'anything', zh: '任意值' } : typeNames[type]

const report = (scope: TypeScope, at: Expression, init: DiagnosticInit): void =>
  scope.diagnostics.add(scope.source, at.span, init)

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
    case 'aggregate':
      return aggregateType(expression, scope)
  }
}

/** Checks an expression that must be of one type. */
export function expectType(expression: Expression, wanted: ValueType, scope: TypeScope): void {
  const type = typeOf(expression, scope)
  if (type !== wanted && type !== 'any') wrongOperand(expression, type, typeNames[wanted], scope)
}

function wrongOperand(at: Expression, found: Type, wanted: Localized, scope: TypeScope): void {
  const is = nameOf(found)
  report(scope, at, {
    code: 'wrong-type',
    message: {
      en: `this must be ${wanted.en}, but it is ${is.en}`,
      zh: `此处须为${wanted.zh}，实为${is.zh}`,
    },
  })
}

function columnType(expression: Expression & { type: 'column' }, scope: TypeScope): Type {
  const [first = ''] = expression.path
  const alias = expression.path.length === 1 ? scope.aliases.get(first) : undefined
  if (alias !== undefined) return alias
  if (reportStep(expression, scope)) return 'any'
  const column = columnAt(expression.path, scope.steps?.names)
  if (column === undefined) unknownColumn(expression, scope)
  else if (column.type === 'object') bareObject(expression, column, scope)
  else return column.type
  return 'any'
}

/** Reports a column that cannot be resolved because of its step, or of the step it lacks. */
function reportStep(expression: Expression & { type: 'column' }, scope: TypeScope): boolean {
  const { steps } = scope
  const problem = steps === undefined ? undefined : stepProblem(expression.path, steps)
  if (problem !== undefined) report(scope, expression, problem)
  return problem !== undefined
}

function unknownColumn(expression: Expression & { type: 'column' }, scope: TypeScope): void {
  const name = expression.path.join('.')
  if (scope.hiddenAliases?.has(name)) {
    report(scope, expression, {
      code: 'unknown-name',
      message: {
        en: `${name} is a SELECT alias, which only action parameters see; repeat its expression here`,
        zh: `${name} 是 SELECT 别名，只能在动作参数中使用；请在此重复其表达式`,
      },
    })
    return
  }
  report(scope, expression, {
    code: 'unknown-name',
    message: { en: `feedbacks have no column ${name}`, zh: `反馈中没有列 ${name}` },
    suggestion:
      columnTitled(name) ??
      suggest(name, [
        ...candidates(columnNames, candidateRank.field),
        ...candidates(scope.aliases.keys(), candidateRank.field),
      ]),
  })
}

function bareObject(expression: Expression, column: Column, scope: TypeScope): void {
  const members = membersOf(column.name).join(', ')
  report(scope, expression, {
    code: 'wrong-type',
    message: {
      en: `${column.name} holds several values; name one of them: ${members}`,
      zh: `${column.name} 含有多个值；请指明其中之一：${members}`,
    },
  })
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

const isTime = (type: Type): boolean => type === 'instant' || type === 'date'

/** Reports operands that cannot be compared with the first one. A text literal beside an instant is one. */
function comparable(first: Expression, others: readonly Expression[], scope: TypeScope): void {
  const firstType = typeOf(first, scope)
  for (const other of others) {
    const otherType = typeOf(other, scope)
    if (isTime(firstType) && isTextLiteral(other)) instantLiteral(other, scope)
    else if (isTime(otherType) && isTextLiteral(first)) instantLiteral(first, scope)
    else if (!alike(firstType, otherType)) incomparable(first, firstType, other, otherType, scope)
  }
}

const alike = (a: Type, b: Type): boolean => a === b || a === 'any' || b === 'any' || (isTime(a) && isTime(b))

function isTextLiteral(
  expression: Expression,
): expression is Expression & { type: 'literal'; value: string } {
  return expression.type === 'literal' && typeof expression.value === 'string'
}

function instantLiteral(expression: Expression & { type: 'literal'; value: string }, scope: TypeScope): void {
  if (parseInstant(expression.value) !== undefined) return
  report(scope, expression, {
    code: 'wrong-value',
    message: {
      en: "this is not an instant such as '2026-03-01' or '2026-03-01T08:00:00Z'",
      zh: "这不是有效的时间，例如 '2026-03-01' 或 '2026-03-01T08:00:00Z'",
    },
  })
}

function incomparable(
  first: Expression,
  firstType: Type,
  other: Expression,
  otherType: Type,
  scope: TypeScope,
): void {
  // The constant is the likelier slip, and the place to look at.
  const at = other.type !== 'literal' && first.type === 'literal' ? first : other
  const [left, right] = [nameOf(firstType), nameOf(otherType)]
  report(scope, at, {
    code: 'wrong-type',
    message: { en: `${left.en} cannot be compared with ${right.en}`, zh: `${left.zh}不能与${right.zh}比较` },
    suggestion: otherSpelling(at, at === other ? firstType : otherType),
  })
}

/** `'8'` beside a number is 8; `3` beside a text is '3'. */
function otherSpelling(at: Expression, wanted: Type): string | undefined {
  if (at.type !== 'literal') return undefined
  if (typeof at.value === 'number' && wanted === 'text') return printText(String(at.value))
  if (typeof at.value !== 'string') return undefined
  if (wanted === 'number' && /^-?\d+(?:\.\d+)?$/.test(at.value)) return at.value
  return wanted === 'boolean' && /^(?:true|false)$/i.test(at.value) ? at.value.toUpperCase() : undefined
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

function aggregateType({ name, argument }: Expression & { type: 'aggregate' }, scope: TypeScope): Type {
  if (argument === undefined) return 'number'
  const type = typeOf(argument, scope)
  if (name === 'COUNT') return 'number'
  if (name === 'MIN' || name === 'MAX') {
    if (type === 'boolean')
      wrongOperand(argument, type, { en: 'a number, a text or a time', zh: '数字、文本或时间' }, scope)
    return type
  }
  if (type !== 'number' && type !== 'any') wrongOperand(argument, type, typeNames.number, scope)
  return 'number'
}
