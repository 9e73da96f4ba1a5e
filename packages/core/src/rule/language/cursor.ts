import type { Localized } from '../../text.js'
import type { Span } from '../ast.js'
import type { DiagnosticList } from './diagnostics.js'
import { beginsClause } from './keywords.js'
import type { SourceText } from './source-text.js'
import { type Candidate, candidateRank, suggest } from './suggest.js'
import type { Token } from './token.js'

/** Thrown inside the parser to leave a clause that cannot be read; the diagnostic is already on the list. */
export class SyntaxStop {}

/** What could stand at a place, in words, with the names that a slip might have meant. */
export interface Expectation {
  readonly label: Localized
  readonly candidates?: readonly Candidate[]
}

const labelOf = (word: string): Localized => ({ en: word, zh: word })

/** Keywords that never stand alone. */
const inFull: ReadonlyMap<string, string> = new Map([
  ['CREATE', 'CREATE RULE'],
  ['GROUP', 'GROUP BY'],
  ['RESOLVE', 'RESOLVE WHEN'],
  ['KEEP', 'KEEP FIRING FOR'],
  ['ONCE', 'ONCE PER'],
  ['INHIBITED', 'INHIBITED BY'],
  ['ESCALATE', 'ESCALATE TO'],
])

/** What a keyword or a symbol means among the things that could stand at a place. */
function expectationOf(word: string): Expectation {
  const label = labelOf(inFull.get(word) ?? word)
  return /^[A-Z]/.test(word)
    ? { label, candidates: [{ text: word, rank: candidateRank.keyword }] }
    : { label }
}

/**
 * Reads tokens one by one and remembers everything that was asked for at the current one: since the
 * parser never goes back, that is the expected set at the furthest token.
 */
export class Cursor {
  readonly source: SourceText
  readonly diagnostics: DiagnosticList
  readonly #tokens: readonly Token[]
  /**
   * Keywords and symbols as they are asked for, which is very often and hardly ever looked at; the same may be in it
   * more than once.
   */
  readonly #expected: (string | Expectation)[] = []
  #index = 0
  /** A token that stands in for a misspelt keyword. */
  #repaired: Token | undefined

  constructor(source: SourceText, tokens: readonly Token[], diagnostics: DiagnosticList) {
    this.source = source
    this.diagnostics = diagnostics
    this.#tokens = tokens
  }

  get token(): Token {
    return this.#repaired ?? this.peek(0)
  }

  get atEnd(): boolean {
    return this.token.kind === 'end'
  }

  /** End of the token before the current one. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0
  }

  peek(distance: number): Token {
    const token = this.#tokens[this.#index + distance] ?? this.#tokens.at(-1)
    return token ?? { kind: 'end', value: '', keyword: '', start: 0, end: 0 }
  }

  advance(): Token {
    const { token } = this
    if (token.kind !== 'end') this.#index++
    this.#repaired = undefined
    this.#expected.length = 0
    return token
  }

  spanFrom(start: number): Span {
    return { start, end: Math.max(start, this.lastEnd) }
  }

  isKeyword(keyword: string): boolean {
    this.#expected.push(keyword)
    return this.token.kind === 'word' && this.token.keyword === keyword
  }

  takeKeyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false
    this.advance()
    return true
  }

  isSymbol(symbol: string): boolean {
    this.#expected.push(symbol)
    return this.token.kind === 'symbol' && this.token.value === symbol
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.advance()
    return true
  }

  /** Adds to the expected set what no keyword or symbol tells, e.g. "a rule name". */
  expect(expectation: Expectation): void {
    this.#expected.push(expectation)
  }

  /** A misspelt keyword is reported once and read as what was meant. */
  needKeyword(keyword: string): void {
    if (this.takeKeyword(keyword)) return
    if (this.repair([keyword])) this.advance()
    else this.fail()
  }

  needSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.fail()
  }

  /** True when the current word is probably a slip of this one keyword. */
  isSlipOf(keyword: string): boolean {
    const { kind, value } = this.token
    return kind === 'word' && suggest(value, [{ text: keyword, rank: candidateRank.keyword }]) !== undefined
  }

  /**
   * If the current word is a slip of one of the keywords, reports that and lets the keyword stand in for it.
   * @returns whether parsing can go on as if it had been written correctly
   */
  repair(keywords: readonly string[]): boolean {
    const { token } = this
    if (token.kind !== 'word') return false
    const suggestion = this.#suggestion()
    if (suggestion === undefined || !keywords.includes(suggestion)) return false
    this.#report(suggestion)
    this.#repaired = { ...token, value: suggestion, keyword: suggestion }
    this.#expected.length = 0
    return true
  }

  /** Reports that nothing of the expected set stands here, and leaves the clause. */
  fail(): never {
    this.#report(this.#suggestion())
    throw new SyntaxStop()
  }

  /** The expected set, each once, in the order in which it was asked for. */
  #expectations(): readonly Expectation[] {
    const found = new Map<string, Expectation>()
    for (const item of this.#expected) {
      const expectation = typeof item === 'string' ? expectationOf(item) : item
      if (!found.has(expectation.label.en)) found.set(expectation.label.en, expectation)
    }
    return [...found.values()]
  }

  #suggestion(): string | undefined {
    const { token } = this
    if (token.kind !== 'word' || beginsClause(token.keyword)) return undefined
    return suggest(
      token.value,
      this.#expectations().flatMap((expectation) => expectation.candidates ?? []),
    )
  }

  #report(suggestion: string | undefined): void {
    const expected = this.#expectations().map(({ label }) => label)
    const found = this.#found()
    this.diagnostics.add(this.source, this.token, {
      code: 'syntax',
      message: {
        en: `expected ${listed(expected, 'en')}, found ${found.en}`,
        zh: `此处应为 ${listed(expected, 'zh')}，却是 ${found.zh}`,
      },
      expected,
      suggestion,
    })
  }

  #found(): Localized {
    const { kind, start, end } = this.token
    if (kind === 'end') return { en: 'the end of the text', zh: '文本结尾' }
    const written = this.source.text.slice(start, end)
    return labelOf(written.length > 40 ? `${[...written].slice(0, 40).join('')}…` : written)
  }
}

function listed(labels: readonly Localized[], locale: 'en' | 'zh'): string {
  const texts = labels.map((label) => label[locale])
  const last = texts.pop() ?? ''
  if (texts.length === 0) return last
  return locale === 'zh' ? `${texts.join('、')} 或 ${last}` : `${texts.join(', ')} or ${last}`
}
