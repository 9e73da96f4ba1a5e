import type { Expression } from '../ast.js'
import { parseInstant } from './instant.js'
import { printText } from './print-expression.js'
import type { Type, TypeScope } from './type-checker.js'
import { isTime, nameOf, report } from './type-names.js'

/** An expression and what is known of it. */
export interface Typed {
  readonly expression: Expression
  readonly type: Type
}

const alike = (a: Type, b: Type): boolean => a === b || a === 'any' || b === 'any' || (isTime(a) && isTime(b))

/** Reports operands that cannot be compared with the first one. A text literal beside an instant is one. */
export function checkComparable(first: Typed, others: readonly Typed[], scope: TypeScope): void {
  for (const other of others) {
    if (isTime(first.type) && isTextLiteral(other.expression)) instantLiteral(other.expression, scope)
    else if (isTime(other.type) && isTextLiteral(first.expression)) instantLiteral(first.expression, scope)
    else if (!alike(first.type, other.type)) incomparable(first, other, scope)
  }
}

/** The one type of values that stand for one another: the branches of a CASE, the arguments of COALESCE. */
export function commonType(values: readonly Typed[], scope: TypeScope): Type {
  const hasTime = values.some(({ type }) => isTime(type))
  let common: Type = 'any'
  for (const { expression, type } of values) {
    if (hasTime && isTextLiteral(expression)) instantLiteral(expression, scope)
    else if (common === 'any') common = type
    else if (alike(common, type)) common = common === type || type === 'any' ? common : 'instant'
    else {
      const [first, second] = [nameOf(common), nameOf(type)]
      report(scope, expression, {
        code: 'wrong-type',
        message: {
          en: `this is ${second.en} where the value before it is ${first.en}; they must be of one type`,
          zh: `此处为${second.zh}，而前面的值为${first.zh}；两者类型必须一致`,
        },
        suggestion: otherSpelling(expression, common),
      })
    }
  }
  return common
}

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

function incomparable(first: Typed, other: Typed, scope: TypeScope): void {
  // The constant is the likelier slip, and the place to look at.
  const [at, wanted] =
    other.expression.type !== 'literal' && first.expression.type === 'literal'
      ? [first.expression, other.type]
      : [other.expression, first.type]
  const [left, right] = [nameOf(first.type), nameOf(other.type)]
  report(scope, at, {
    code: 'wrong-type',
    message: { en: `${left.en} cannot be compared with ${right.en}`, zh: `${left.zh}不能与${right.zh}比较` },
    suggestion: otherSpelling(at, wanted),
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
