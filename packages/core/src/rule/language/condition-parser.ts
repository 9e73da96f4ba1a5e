import type { ComparisonOperator, Expression, Span } from '../ast.js'
import type { ExpressionReader } from './call-parser.js'
import type { Cursor } from './cursor.js'
import { power } from './precedence.js'

const spanOf = ({ cursor }: ExpressionReader, left: Expression): Span => cursor.spanFrom(left.span.start)

/** `= ANY (…)`, `<> ALL (…)`; undefined when the other side is a plain value. */
export function parseQuantified(
  reader: ExpressionReader,
  operand: Expression,
  operator: ComparisonOperator,
): Expression | undefined {
  const { cursor } = reader
  const { keyword } = cursor.token
  const next = cursor.peek(1)
  if ((keyword !== 'ANY' && keyword !== 'ALL') || next.kind !== 'symbol' || next.value !== '(')
    return undefined
  cursor.advance()
  cursor.needSymbol('(')
  const array = reader.parse(0, [])
  cursor.needSymbol(')')
  const quantifier = keyword === 'ANY' ? 'any' : 'all'
  const span = spanOf(reader, operand)
  return reader.node({ type: 'quantified', operator, quantifier, operand, array, span })
}

/** `instant AT TIME ZONE 'Asia/Shanghai'`. */
export function parseZone(reader: ExpressionReader, instant: Expression): Expression {
  const { cursor } = reader
  cursor.advance()
  cursor.needKeyword('TIME')
  cursor.needKeyword('ZONE')
  cursor.expect({ label: { en: "a zone such as 'Asia/Shanghai'", zh: "时区，例如 'Asia/Shanghai'" } })
  const { token } = cursor
  if (token.kind !== 'string') cursor.fail()
  cursor.advance()
  const { start, end } = token
  const zone: Expression = { type: 'literal', value: token.value, span: { start, end } }
  return reader.node({ type: 'call', name: 'TIMEZONE', args: [zone, instant], span: spanOf(reader, instant) })
}

export function parseIs(reader: ExpressionReader, left: Expression): Expression {
  const { cursor } = reader
  cursor.advance()
  const negated = cursor.takeKeyword('NOT')
  if (cursor.takeKeyword('NULL')) {
    return reader.node({ type: 'is-null', operand: left, negated, span: spanOf(reader, left) })
  }
  for (const truth of ['TRUE', 'FALSE']) {
    const { token } = cursor
    if (!cursor.takeKeyword(truth)) continue
    // `x IS TRUE` is true or false but never unknown: the same as not being distinct from it.
    const right: Expression = {
      type: 'literal',
      value: truth === 'TRUE',
      span: { start: token.start, end: token.end },
    }
    const span = spanOf(reader, left)
    return reader.node({ type: 'is-distinct', left, right, negated: !negated, span })
  }
  cursor.needKeyword('DISTINCT')
  cursor.needKeyword('FROM')
  const right = reader.parse(power.is)
  return reader.node({ type: 'is-distinct', left, right, negated, span: spanOf(reader, left) })
}

export function parseRange(reader: ExpressionReader, left: Expression): Expression {
  const { cursor } = reader
  const negated = cursor.takeKeyword('NOT')
  if (cursor.takeKeyword('BETWEEN')) {
    const low = reader.parse(power.range)
    cursor.needKeyword('AND')
    const high = reader.parse(power.range)
    const span = spanOf(reader, left)
    return reader.node({ type: 'between', operand: left, low, high, negated, span })
  }
  if (cursor.takeKeyword('IN')) {
    cursor.needSymbol('(')
    const list = [reader.parse(0)]
    while (cursor.takeSymbol(',')) list.push(reader.parse(0))
    cursor.needSymbol(')')
    const node: Expression = { type: 'in', operand: left, list, negated, span: spanOf(reader, left) }
    return reader.node(node)
  }
  const insensitive = cursor.takeKeyword('ILIKE')
  if (!insensitive) cursor.needKeyword('LIKE')
  const pattern = reader.parse(power.range)
  const escaping = cursor.takeKeyword('ESCAPE') ? readEscape(cursor) : '\\'
  return reader.node({
    type: 'like',
    operand: left,
    pattern,
    escape: escaping,
    insensitive,
    negated,
    span: spanOf(reader, left),
  })
}

function readEscape(cursor: Cursor): string {
  cursor.expect({ label: { en: "one character in quotes, or ''", zh: "引号中的一个字符，或 ''" } })
  const { token } = cursor
  if (token.kind !== 'string' || [...token.value].length > 1) cursor.fail()
  cursor.advance()
  return token.value
}
