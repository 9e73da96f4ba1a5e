import type { Expression } from '../ast.js'
import { printInterval } from './interval.js'
import { isReserved } from './keywords.js'
import { power, powerOf, zonedOf } from './precedence.js'
import { foldName, plainName } from './token.js'

export const printText = (text: string): string => `'${text.replaceAll("'", "''")}'`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A name as the parser reads it back to the same: quoted where it must be. */
export function printName(name: string): string {
  return plainName.test(name) && foldName(name) === name && !isReserved(name) ? name : quoted(name)
}

/** A member of a column keeps its case and may be a keyword. */
export const printMember = (name: string): string => (plainName.test(name) ? name : quoted(name))

/** The canonical text of an expression, with no more parentheses than it needs. */
export function printExpression(expression: Expression): string {
  switch (expression.type) {
    case 'literal':
      return `${printLiteral(expression.value)}${expression.decimal === true ? '.0' : ''}`
    case 'interval':
      return `INTERVAL '${printInterval(expression.value)}'`
    case 'column': {
      const [first = '', ...members] = expression.path
      return [printColumnName(first), ...members.map(printMember)].join('.')
    }
    case 'now':
      return 'NOW()'
    case 'not':
      return `NOT ${operand(expression.operand, power.not - 1)}`
    case 'negate':
      return `-${negated(expression.operand)}`
    case 'and':
    case 'or': {
      const own = power[expression.type]
      const word = expression.type.toUpperCase()
      return `${operand(expression.left, own - 1)} ${word} ${operand(expression.right, own)}`
    }
    case 'comparison':
      return `${operand(expression.left, power.comparison)} ${expression.operator} ${operand(expression.right, power.comparison)}`
    case 'arithmetic': {
      const own = powerOf(expression)
      return `${operand(expression.left, own - 1)} ${expression.operator} ${operand(expression.right, own)}`
    }
    case 'between':
      return `${operand(expression.operand, power.range)} ${word('BETWEEN', expression.negated)} ${operand(expression.low, power.range)} AND ${operand(expression.high, power.range)}`
    case 'in': {
      const list = printList(expression.list)
      return `${operand(expression.operand, power.range)} ${word('IN', expression.negated)} (${list})`
    }
    case 'like': {
      const name = word(expression.insensitive ? 'ILIKE' : 'LIKE', expression.negated)
      const escaping = expression.escape === '\\' ? '' : ` ESCAPE ${printText(expression.escape)}`
      return `${operand(expression.operand, power.range)} ${name} ${operand(expression.pattern, power.range)}${escaping}`
    }
    case 'is-null':
      return `${operand(expression.operand, power.is)} IS ${expression.negated ? 'NOT ' : ''}NULL`
    case 'is-distinct': {
      const middle = expression.negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM'
      return `${operand(expression.left, power.is)} ${middle} ${operand(expression.right, power.is)}`
    }
    case 'aggregate':
      return printAggregate(expression)
    case 'case':
      return printCase(expression)
    case 'call':
      return printCall(expression)
    case 'quantified':
      return `${operand(expression.operand, power.comparison)} ${expression.operator} ${expression.quantifier.toUpperCase()} (${printExpression(expression.array)})`
    case 'array':
      return `ARRAY[${printList(expression.items)}]`
  }
}

const printList = (items: readonly Expression[]): string => items.map(printExpression).join(', ')

/** Words of CASE that are names elsewhere. */
const wordsOfCase = new Set(['case', 'when', 'else', 'end'])
const printColumnName = (name: string): string => (wordsOfCase.has(name) ? quoted(name) : printName(name))

function printAggregate(expression: Expression & { type: 'aggregate' }): string {
  const { name, distinct, argument, filter, per, fraction } = expression
  const length = per === undefined ? undefined : `INTERVAL '${printInterval(per)}'`
  const parts = [argument === undefined ? (length ?? '*') : printExpression(argument)]
  if (fraction !== undefined) parts.push(String(fraction))
  const counted = `${name}(${distinct ? 'DISTINCT ' : ''}${parts.join(', ')})`
  return filter === undefined ? counted : `${counted} FILTER (WHERE ${printExpression(filter)})`
}

function printCase(expression: Expression & { type: 'case' }): string {
  const { operand: subject, branches, otherwise } = expression
  const parts = branches.map(
    ({ when, then }) => `WHEN ${printExpression(when)} THEN ${printExpression(then)}`,
  )
  if (subject !== undefined) parts.unshift(printExpression(subject))
  if (otherwise !== undefined) parts.push(`ELSE ${printExpression(otherwise)}`)
  return `CASE ${parts.join(' ')} END`
}

function printCall(expression: Expression & { type: 'call' }): string {
  const { name, args } = expression
  const zoned = zonedOf(expression)
  if (zoned !== undefined)
    return `${operand(zoned.instant, power.zone - 1)} AT TIME ZONE ${printText(zoned.zone)}`
  const [field, source] = args
  if (name === 'EXTRACT' && field?.type === 'literal' && source !== undefined) {
    const written = String(field.value)
    const plain = plainName.test(written) && foldName(written) === written
    return `EXTRACT(${plain ? written : printText(written)} FROM ${printExpression(source)})`
  }
  return `${name}(${printList(args)})`
}

const word = (name: string, negated: boolean): string => (negated ? `NOT ${name}` : name)

function printLiteral(value: string | number | boolean | null): string {
  if (typeof value === 'string') return printText(value)
  return value === null ? 'NULL' : String(value).toUpperCase()
}

/** A child stands in parentheses unless it binds more strongly than `power`. */
function operand(expression: Expression, weakest: number): string {
  const text = printExpression(expression)
  return powerOf(expression) > weakest ? text : `(${text})`
}

/** `-5` is one number and `--` begins a comment: a number or a negation behind a minus needs parentheses. */
function negated(expression: Expression): string {
  const isNumber = expression.type === 'literal' && typeof expression.value === 'number'
  return isNumber ? `(${printExpression(expression)})` : operand(expression, power.negate)
}
