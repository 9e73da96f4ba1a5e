import { epochOf } from '../instants.js'
import type { Comparison, Condition, Literal, Ordering, Query } from './query.js'
import { malformed, type Token, tokensOf } from './tokens.js'

const comparisonMarks: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=']
const deepest = 50

/**
 * Reads the SOQL that a client of the REST and Bulk APIs needs: fields of the object and of its parents or COUNT(),
 * WHERE, ORDER BY, LIMIT, OFFSET, ALL ROWS. Subqueries, aggregates and date words are refused.
 *
 * @throws SalesforceRefusal MALFORMED_QUERY
 */
export function parseSoql(text: string): Query {
  if (text.length > 100_000) throw malformed('SOQL statements cannot be longer than 100,000 characters')
  const tokens = tokensOf(text)
  let at = 0

  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', at: text.length }
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toUpperCase() === word
  const isMark = (mark: string): boolean => peek().kind === 'mark' && peek().text === mark
  const unexpected = (): Error =>
    malformed(`unexpected token: '${peek().kind === 'end' ? '<EOF>' : peek().text}' at ${peek().at}`)
  const take = (): Token => {
    const token = peek()
    at += 1
    return token
  }
  const takeIf = (word: string): boolean => {
    if (!isWord(word)) return false
    at += 1
    return true
  }
  const needWord = (word: string): void => {
    if (!takeIf(word)) throw unexpected()
  }
  const needMark = (mark: string): void => {
    if (!isMark(mark)) throw unexpected()
    at += 1
  }
  const name = (): string => {
    if (peek().kind !== 'word') throw unexpected()
    return take().text
  }
  const list = <T>(one: () => T): readonly T[] => {
    const all = [one()]
    while (isMark(',')) {
      at += 1
      all.push(one())
    }
    return all
  }

  const literal = (): Literal => {
    const token = take()
    if (token.kind === 'text') return { kind: 'text', value: token.text }
    if (token.kind === 'literal') {
      if (token.text.includes('T')) return { kind: 'datetime', value: epochOf(token.text) }
      if (/^\d{4}-\d\d-\d\d$/.test(token.text)) return { kind: 'date', value: token.text }
      return { kind: 'number', value: Number(token.text) }
    }
    const word = token.kind === 'word' ? token.text.toUpperCase() : ''
    if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE' }
    if (word === 'NULL') return { kind: 'null' }
    at -= 1
    throw unexpected()
  }

  const comparison = (depth: number): Condition => {
    if (depth > deepest) throw malformed('the condition is nested too deeply')
    if (takeIf('NOT')) return { kind: 'not', part: comparison(depth + 1) }
    if (isMark('(')) {
      at += 1
      const inner = condition(depth + 1)
      needMark(')')
      return inner
    }
    const path = name()
    if (takeIf('LIKE')) return { kind: 'compare', path, by: 'LIKE', literal: literal() }
    const not = takeIf('NOT')
    if (not || isWord('IN')) {
      needWord('IN')
      needMark('(')
      const literals = list(literal)
      needMark(')')
      return { kind: 'in', path, literals, not }
    }
    const by = peek().kind === 'mark' ? comparisonMarks.find((mark) => mark === peek().text) : undefined
    if (by === undefined) throw unexpected()
    at += 1
    return { kind: 'compare', path, by, literal: literal() }
  }

  // AND and OR side by side need parentheses: SOQL has no precedence between them.
  const condition = (depth: number): Condition => {
    const parts = [comparison(depth)]
    const kind = isWord('AND') ? 'and' : isWord('OR') ? 'or' : undefined
    if (kind === undefined) return parts[0] ?? comparison(depth)
    while (takeIf(kind.toUpperCase())) parts.push(comparison(depth))
    if (isWord('AND') || isWord('OR')) throw unexpected()
    return { kind, parts }
  }

  const ordering = (): Ordering => {
    const path = name()
    const descending = takeIf('DESC')
    if (!descending) takeIf('ASC')
    if (!takeIf('NULLS')) return { path, descending, nullsLast: descending }
    const nullsLast = takeIf('LAST')
    if (!nullsLast) needWord('FIRST')
    return { path, descending, nullsLast }
  }

  const whole = (): number => {
    const token = take()
    if (token.kind !== 'literal' || !/^\d+$/.test(token.text)) {
      at -= 1
      throw unexpected()
    }
    return Number(token.text)
  }

  needWord('SELECT')
  const first = peek().text.toUpperCase()
  const count = first === 'COUNT'
  if (count) {
    at += 1
    needMark('(')
    needMark(')')
  }
  const select = count ? [] : list(name)
  needWord('FROM')
  const from = name()
  const where = takeIf('WHERE') ? condition(0) : undefined
  const ordered = takeIf('ORDER')
  if (ordered) needWord('BY')
  const orderBy = ordered ? list(ordering) : []
  const limit = takeIf('LIMIT') ? whole() : undefined
  const offset = takeIf('OFFSET') ? whole() : 0
  const allRows = takeIf('ALL')
  if (allRows) needWord('ROWS')
  if (peek().kind !== 'end') throw unexpected()
  return {
    ...{ select, count, from, orderBy, offset, allRows },
    ...(where === undefined ? {} : { where }),
    ...(limit === undefined ? {} : { limit }),
  }
}
