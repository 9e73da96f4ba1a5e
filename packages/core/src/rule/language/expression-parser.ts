import type { Localized } from '../../text.js'
import type { Expression, Span } from '../ast.js'
import { type ExpressionReader, functionCandidates, parseCall } from './call-parser.js'
import { caseWords, parseArray, parseCase } from './case-parser.js'
import { columnNames } from './columns.js'
import { parseIs, parseQuantified, parseRange, parseZone } from './condition-parser.js'
import { type Cursor, type Expectation, SyntaxStop } from './cursor.js'
import { childrenOf } from './expression-tree.js'
import { readInterval } from './interval-literal.js'
import { isReserved } from './keywords.js'
import { arithmeticOperators, comparisonOperators, power } from './precedence.js'
import { candidateRank, candidates } from './suggest.js'
import { foldName } from './token.js'

/** A tree of more levels would overflow the stack of those who walk it. */
const deepestExpression = 500

const value: Expectation = {
  label: { en: 'a value', zh: '一个值' },
  candidates: [
    ...candidates(['NOT', 'INTERVAL', 'CASE', 'TRUE', 'FALSE', 'NULL'], candidateRank.keyword),
    ...candidates(columnNames, candidateRank.field),
    ...functionCandidates,
  ],
}
const operatorKeywords = ['AND', 'OR', 'BETWEEN', 'IN', 'LIKE', 'ILIKE', 'IS', 'NOT']
const operator: Expectation = {
  label: { en: 'an operator', zh: '运算符' },
  candidates: candidates(operatorKeywords, candidateRank.keyword),
}
const tooDeep: Localized = {
  en: `this expression is nested more than ${deepestExpression} levels deep; use IN (…) for long lists`,
  zh: `表达式嵌套超过 ${deepestExpression} 层；较长的列表请用 IN (…)`,
}
const chained: Localized = {
  en: 'comparisons do not chain; join two of them with AND, or use BETWEEN',
  zh: '比较运算不能连写；请用 AND 连接两个比较，或使用 BETWEEN',
}

/**
 * Reads one expression with PostgreSQL's precedence (a Pratt parser).
 * @param followers keywords that may come after it, so that a slip of one of them is recognised
 */
export function parseExpression(cursor: Cursor, followers: readonly string[] = []): Expression {
  return new ExpressionParser(cursor, followers).parse(0)
}

class ExpressionParser implements ExpressionReader {
  readonly cursor: Cursor
  openCases = 0
  #followers: readonly string[]
  readonly #depths = new Map<Expression, number>()
  #level = 0

  constructor(cursor: Cursor, followers: readonly string[]) {
    this.cursor = cursor
    this.#followers = followers
  }

  parse(minimum: number, followers: readonly string[] = this.#followers): Expression {
    const outer = this.#followers
    this.#followers = followers
    this.#level++
    if (this.#level > deepestExpression) this.#stop(this.cursor.token, tooDeep)
    let left = this.#prefix()
    for (let next = this.#infix(left, minimum); next !== undefined; next = this.#infix(left, minimum))
      left = next
    this.#level--
    this.#followers = outer
    return left
  }

  #stop({ start, end }: Span, message: Localized): never {
    const code = message === tooDeep ? 'too-deep' : 'syntax'
    this.cursor.diagnostics.add(this.cursor.source, { start, end }, { code, message })
    throw new SyntaxStop()
  }

  /** Every node passes through here, so that no tree grows too deep to be walked. */
  node(expression: Expression): Expression {
    let depth = 1
    for (const child of childrenOf(expression)) depth = Math.max(depth, 1 + (this.#depths.get(child) ?? 1))
    if (depth > deepestExpression) this.#stop(this.cursor.token, tooDeep)
    this.#depths.set(expression, depth)
    return expression
  }

  #prefix(): Expression {
    const cursor = this.cursor
    const { token } = cursor
    const { start } = token
    const span = (): Span => cursor.spanFrom(start)
    cursor.expect(value)
    switch (token.kind) {
      case 'number':
        cursor.advance()
        return numberLiteral(token.value, 1, span())
      case 'string':
        cursor.advance()
        return { type: 'literal', value: token.value, span: span() }
      case 'quoted':
        return this.#name()
      case 'symbol':
        return this.#symbolPrefix()
      case 'end':
        return cursor.fail()
    }
    switch (token.keyword) {
      case 'TRUE':
      case 'FALSE':
        cursor.advance()
        return { type: 'literal', value: token.keyword === 'TRUE', span: span() }
      case 'NULL':
        cursor.advance()
        return { type: 'literal', value: null, span: span() }
      case 'NOT': {
        cursor.advance()
        const operand = this.parse(power.not)
        return this.node({ type: 'not', operand, span: span() })
      }
      case 'INTERVAL': {
        cursor.advance()
        const length = readInterval(cursor) ?? { months: 0, days: 0, milliseconds: 0 }
        return { type: 'interval', value: length, span: span() }
      }
    }
    if (token.keyword === 'CASE') return parseCase(this)
    const endsValue = caseWords.has(token.keyword) && this.#followers.includes(token.keyword)
    if (endsValue || isReserved(token.value)) return cursor.fail()
    const next = cursor.peek(1)
    if (next.kind !== 'symbol') return this.#name()
    if (next.value === '[' && token.keyword === 'ARRAY') return parseArray(this)
    return next.value === '(' ? parseCall(this) : this.#name()
  }

  #symbolPrefix(): Expression {
    const cursor = this.cursor
    const { start } = cursor.token
    if (cursor.takeSymbol('(')) {
      const inner = this.parse(0)
      cursor.needSymbol(')')
      return inner
    }
    if (!cursor.takeSymbol('-')) return cursor.fail()
    const written = cursor.token
    if (written.kind === 'number') {
      cursor.advance()
      return numberLiteral(written.value, -1, cursor.spanFrom(start))
    }
    const operand = this.parse(power.negate)
    return this.node({ type: 'negate', operand, span: cursor.spanFrom(start) })
  }

  #name(): Expression {
    const cursor = this.cursor
    const first = cursor.advance()
    const path = [first.kind === 'word' ? foldName(first.value) : first.value]
    while (cursor.takeSymbol('.')) {
      // The members of attributes and component batches are the customer's own names: their case is kept.
      const { token } = cursor
      cursor.expect({ label: { en: "a member's name", zh: '成员名称' } })
      if (token.kind !== 'word' && token.kind !== 'quoted') cursor.fail()
      path.push(token.value)
      cursor.advance()
    }
    return { type: 'column', path, span: cursor.spanFrom(first.start) }
  }

  /** One operator with its right side, if one stands here that binds more strongly than `minimum`. */
  #infix(left: Expression, minimum: number): Expression | undefined {
    const cursor = this.cursor
    const { token } = cursor
    cursor.expect(operator)
    if (token.kind === 'symbol') return this.#symbolInfix(left, minimum, token.value)
    cursor.isKeyword('AND')
    cursor.isKeyword('OR')
    if (token.kind !== 'word') return undefined
    for (const follower of this.#followers) cursor.isKeyword(follower)
    if (token.keyword === 'AT') return power.zone <= minimum ? undefined : parseZone(this, left)
    if (!isReserved(token.value) && !this.#followers.includes(token.keyword)) {
      // A bare word cannot stand here: it is a slip of a keyword, or the end of what can be read.
      return cursor.repair([...operatorKeywords, ...this.#followers]) ? this.#infix(left, minimum) : undefined
    }
    switch (token.keyword) {
      case 'OR':
      case 'AND': {
        const type = token.keyword === 'OR' ? 'or' : 'and'
        if (power[type] <= minimum) return undefined
        cursor.advance()
        const right = this.parse(power[type])
        return this.node({ type, left, right, span: this.#spanOf(left) })
      }
      case 'IS':
        return power.is <= minimum ? this.#refuseChain(power.is, minimum) : parseIs(this, left)
      case 'NOT':
      case 'BETWEEN':
      case 'IN':
      case 'LIKE':
      case 'ILIKE':
        return power.range <= minimum ? this.#refuseChain(power.range, minimum) : parseRange(this, left)
      default:
        return undefined
    }
  }

  #spanOf(left: Expression): Span {
    return this.cursor.spanFrom(left.span.start)
  }

  #symbolInfix(left: Expression, minimum: number, symbol: string): Expression | undefined {
    const cursor = this.cursor
    const comparison = comparisonOperators.get(symbol)
    if (comparison !== undefined) {
      if (power.comparison <= minimum) return this.#refuseChain(power.comparison, minimum)
      cursor.advance()
      const quantified = parseQuantified(this, left, comparison)
      if (quantified !== undefined) return quantified
      const right = this.parse(power.comparison)
      return this.node({ type: 'comparison', operator: comparison, left, right, span: this.#spanOf(left) })
    }
    const arithmetic = arithmeticOperators.get(symbol)
    if (arithmetic === undefined || arithmetic.power <= minimum) return undefined
    cursor.advance()
    const right = this.parse(arithmetic.power)
    return this.node({
      type: 'arithmetic',
      operator: arithmetic.operator,
      left,
      right,
      span: this.#spanOf(left),
    })
  }

  /** IS, comparisons and BETWEEN, IN, LIKE do not associate: `1 < x < 5` is a mistake, not a truth value compared. */
  #refuseChain(own: number, minimum: number): undefined {
    if (own === minimum) this.#stop(this.cursor.token, chained)
    return undefined
  }
}

/** From here on numbers are printed with an exponent, however they were written. */
const firstExponent = 1e21

function numberLiteral(written: string, sign: 1 | -1, span: Span): Expression {
  const value = 0 + sign * Number(written)
  const isDecimal = Number.isInteger(value) && Math.abs(value) < firstExponent && /[.e]/i.test(written)
  return { type: 'literal', value, ...(isDecimal ? { decimal: true } : {}), span }
}
