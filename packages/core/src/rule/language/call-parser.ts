import { aggregateNames, type Expression, type FunctionName, functionNames, type Span } from '../ast.js'
import { type Cursor, type Expectation, SyntaxStop } from './cursor.js'
import { readInterval } from './interval-literal.js'
import { isReserved } from './keywords.js'
import { power } from './precedence.js'
import { candidateRank, candidates, suggest } from './suggest.js'
import { foldName, type Token } from './token.js'

/** What the forms in this file need of the parser of expressions around them. */
export interface ExpressionReader {
  readonly cursor: Cursor
  /** How many CASE have begun and not ended. */
  openCases: number
  /** Reads an operand and every operator that binds more strongly than `minimum`. */
  parse(minimum: number, followers?: readonly string[]): Expression
  /** Checks that the tree does not grow too deep. */
  node(expression: Expression): Expression
}

type AggregateName = (typeof aggregateNames)[number]

/** Functions under the other names that PostgreSQL has for them. */
const synonyms: ReadonlyMap<string, FunctionName> = new Map([
  ['CEILING', 'CEIL'],
  ['CHARACTER_LENGTH', 'CHAR_LENGTH'],
])
const callable = ['NOW', 'POSITION', ...aggregateNames, ...functionNames, ...synonyms.keys()]
export const functionCandidates = candidates(callable, candidateRank.function)

/** The IN of POSITION is not the operator: what stands before it binds more strongly. */
const aboveIn = (power.range + power.concatenation) / 2

const fractionText: Expectation = {
  label: { en: 'a fraction from 0 to 1, such as 0.95', zh: '0 到 1 之间的小数，例如 0.95' },
}
const fieldText: Expectation = {
  label: { en: 'a field such as hour', zh: '字段，例如 hour' },
}

/** Reads `NAME(…)`; the name is the current token, and a parenthesis follows. */
export function parseCall(reader: ExpressionReader): Expression {
  const { cursor } = reader
  const { token } = cursor
  const aggregate = aggregateNames.find((known) => known === token.keyword)
  if (aggregate !== undefined) return parseAggregate(reader, aggregate)
  if (token.keyword === 'NOW') {
    openCall(cursor)
    cursor.needSymbol(')')
    return { type: 'now', span: cursor.spanFrom(token.start) }
  }
  const name = functionNames.find((known) => known === token.keyword) ?? synonyms.get(token.keyword)
  if (name === undefined && token.keyword !== 'POSITION') unknownFunction(cursor, token)
  openCall(cursor)
  const args = argumentsOf(reader, name)
  cursor.needSymbol(')')
  return reader.node({ type: 'call', name: name ?? 'STRPOS', args, span: cursor.spanFrom(token.start) })
}

function openCall(cursor: Cursor): void {
  cursor.advance()
  cursor.needSymbol('(')
}

function unknownFunction(cursor: Cursor, token: Token): never {
  cursor.diagnostics.add(cursor.source, token, {
    code: 'unknown-name',
    message: { en: `there is no function ${token.value}`, zh: `没有函数 ${token.value}` },
    suggestion: suggest(token.value, functionCandidates),
  })
  throw new SyntaxStop()
}

/** @param name undefined for POSITION(part IN whole), which is STRPOS(whole, part) */
function argumentsOf(reader: ExpressionReader, name: FunctionName | undefined): readonly Expression[] {
  const { cursor } = reader
  if (name === undefined) {
    const part = reader.parse(aboveIn)
    cursor.needKeyword('IN')
    return [reader.parse(0), part]
  }
  if (name === 'EXTRACT') {
    const field = extractField(cursor)
    cursor.needKeyword('FROM')
    return [field, reader.parse(0)]
  }
  if (cursor.isSymbol(')')) return []
  // SUBSTRING(text FROM 2 FOR 3) is SUBSTRING(text, 2, 3).
  const words = name === 'SUBSTRING'
  const followers = words ? ['FOR'] : []
  const args = [reader.parse(0, followers)]
  if (words && cursor.takeKeyword('FROM')) {
    args.push(reader.parse(0, followers))
    if (cursor.takeKeyword('FOR')) args.push(reader.parse(0))
  } else while (cursor.takeSymbol(',')) args.push(reader.parse(0))
  return args
}

function extractField(cursor: Cursor): Expression {
  cursor.expect(fieldText)
  const { token } = cursor
  if (token.kind !== 'word' && token.kind !== 'string') cursor.fail()
  cursor.advance()
  const value = token.kind === 'word' ? foldName(token.value) : token.value
  return { type: 'literal', value, span: { start: token.start, end: token.end } }
}

function parseAggregate(reader: ExpressionReader, name: AggregateName): Expression {
  const { cursor } = reader
  const { start } = cursor.token
  openCall(cursor)
  const counted = aggregated(reader, name)
  cursor.needSymbol(')')
  const filter = filterOf(reader, name === 'SHARE')
  const span: Span = cursor.spanFrom(start)
  return reader.node({ type: 'aggregate', name, ...counted, ...(filter && { filter }), span })
}

type Counted = Omit<Expression & { type: 'aggregate' }, 'type' | 'name' | 'filter' | 'span'>

function aggregated(reader: ExpressionReader, name: AggregateName): Counted {
  const { cursor } = reader
  if (name === 'RATE') {
    cursor.needKeyword('INTERVAL')
    const per = readInterval(cursor)
    return { distinct: false, ...(per && { per }) }
  }
  if ((name === 'COUNT' || name === 'SHARE') && cursor.takeSymbol('*')) return { distinct: false }
  if (name === 'PERCENTILE') {
    const argument = reader.parse(0)
    cursor.needSymbol(',')
    cursor.expect(fractionText)
    if (cursor.token.kind !== 'number') cursor.fail()
    return { distinct: false, argument, fraction: Number(cursor.advance().value) }
  }
  const distinct = cursor.takeKeyword('DISTINCT')
  return { distinct, argument: reader.parse(0) }
}

function filterOf(reader: ExpressionReader, required: boolean): Expression | undefined {
  const { cursor } = reader
  if (required) cursor.needKeyword('FILTER')
  else {
    // Only a strange word here can be a slip of FILTER; it is no news that anything else is none.
    const { token } = cursor
    if (token.kind !== 'word' || isReserved(token.value)) return undefined
    if (token.keyword !== 'FILTER' && !cursor.isSlipOf('FILTER')) return undefined
    cursor.needKeyword('FILTER')
  }
  cursor.needSymbol('(')
  cursor.needKeyword('WHERE')
  const filter = reader.parse(0)
  cursor.needSymbol(')')
  return filter
}
