import type { Localized } from '../../text.js'
import { asciiClasses, isWordPart, symbols } from './characters.js'
import { foldWidth } from './full-width.js'
import type { LexedText, LexicalProblem, Token, TokenKind } from './token.js'

const wordStart = /[\p{L}_]/u
const wordPattern = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy
const numberPattern = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const whitespacePattern = /\s+/uy

const otherSpelling: ReadonlyMap<string, string> = new Map([
  ['!=', '<>'],
  ['==', '='],
])

/**
 * Cuts a rule text into tokens in one pass; never throws. Comments (`--` to the end of the line, nested
 * `/* *\/`) and space vanish. What cannot be a token is reported and skipped; a slip with an evident meaning
 * (full-width punctuation, `==`) is reported and read as what was meant, so that one slip stays one report.
 */
export function lex(text: string): LexedText {
  return new Lexer(text).run()
}

class Lexer {
  readonly #text: string
  readonly #tokens: Token[] = []
  readonly #problems: LexicalProblem[] = []
  #at = 0
  /** After one string without an end, later strings may not cross lines: the file is read once, not once a quote. */
  #stringsEndAtLine = false

  constructor(text: string) {
    this.#text = text
  }

  run(): LexedText {
    while (this.#at < this.#text.length) this.#next()
    const end = this.#tokens.at(-1)?.end ?? 0
    this.#tokens.push({ kind: 'end', value: '', keyword: '', start: end, end })
    return { tokens: this.#tokens, problems: this.#problems }
  }

  #next(): void {
    const text = this.#text
    const start = this.#at
    const kind = asciiClasses[text.charCodeAt(start)]
    if (kind === 'space') this.#at++
    else if (kind === 'letter') this.#word(start)
    else if (kind === 'digit') this.#number(start)
    else if (kind === undefined) this.#beyondAscii(start)
    else this.#punctuation(start)
  }

  #beyondAscii(start: number): void {
    if (this.#match(whitespacePattern) !== undefined) return
    const character = this.#character(start)
    if (wordStart.test(character)) this.#word(start)
    else this.#stranger(character, start)
  }

  /**
   * The character at a place, both halves of it. Cut from the text, for `codePointAt` can look past the end of a text
   * that was itself cut from a longer one (V8, optimised code).
   */
  #character(start: number): string {
    const isPair = (this.#text.codePointAt(start) ?? 0) > 0xffff
    return this.#text.slice(start, start + (isPair ? 2 : 1))
  }

  #punctuation(start: number): void {
    const text = this.#text
    const character = text.charAt(start)
    const two = text.slice(start, start + 2)
    if (two === '--') {
      const lineEnd = text.indexOf('\n', start)
      this.#at = lineEnd < 0 ? text.length : lineEnd
    } else if (two === '/*') this.#blockComment(start)
    else if (character === "'") this.#quoted(start, "'", 'string')
    else if (character === '"') this.#quoted(start, '"', 'quoted')
    else if (character === '.' && asciiClasses[text.charCodeAt(start + 1)] === 'digit') this.#number(start)
    else if (symbols.has(two)) this.#symbol(two, start)
    else if (symbols.has(character)) this.#symbol(character, start)
    else this.#stranger(character, start)
  }

  #word(start: number): void {
    const text = this.#text
    let end = start
    while (isWordPart(asciiClasses[text.charCodeAt(end)])) end++
    this.#at = end
    // What is not ASCII may go on with the word, which is no keyword then.
    const goesOn = end < text.length && text.charCodeAt(end) > 127
    if (goesOn) {
      this.#at = start
      this.#match(wordPattern)
    }
    const word = text.slice(start, this.#at)
    this.#push('word', word, start, this.#at === end ? word.toUpperCase() : '')
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #push(kind: TokenKind, value: string, start: number, keyword = ''): void {
    this.#tokens.push({ kind, value, keyword, start, end: this.#at })
  }

  #problem(start: number, end: number, message: Localized, suggestion?: string): void {
    const span = { start, end }
    this.#problems.push(suggestion === undefined ? { span, message } : { span, message, suggestion })
  }

  #blockComment(start: number): void {
    const edge = /\/\*|\*\//g
    edge.lastIndex = start
    let depth = 0
    for (let found = edge.exec(this.#text); found !== null; found = edge.exec(this.#text)) {
      depth += found[0] === '/*' ? 1 : -1
      if (depth > 0) continue
      this.#at = edge.lastIndex
      return
    }
    this.#at = this.#text.length
    this.#problem(start, start + 2, { en: 'this comment has no end */', zh: '注释缺少结尾 */' })
  }

  /** A doubled quote stands for one. */
  #quoted(start: number, quote: "'" | '"', kind: 'string' | 'quoted'): void {
    const text = this.#text
    const limit = this.#stringsEndAtLine ? this.#lineEnd(start) : text.length
    let value = ''
    let from = start + 1
    let close = text.indexOf(quote, from)
    while (close >= 0 && close < limit && text[close + 1] === quote) {
      value += text.slice(from, close + 1)
      from = close + 2
      close = text.indexOf(quote, from)
    }
    if (close < 0 || close >= limit) {
      const lineEnd = this.#lineEnd(start)
      this.#stringsEndAtLine = true
      this.#at = lineEnd
      this.#problem(start, lineEnd, { en: `this ${quote} is never closed`, zh: `引号 ${quote} 没有闭合` })
      this.#push(kind, text.slice(start + 1, lineEnd), start)
      return
    }
    this.#at = close + 1
    this.#push(kind, value + text.slice(from, close), start)
    if (kind === 'quoted' && close === start + 1) {
      this.#problem(start, this.#at, { en: 'a quoted name cannot be empty', zh: '带引号的名称不能为空' })
    }
  }

  #lineEnd(from: number): number {
    const end = /[\r\n]/g
    end.lastIndex = from
    return end.exec(this.#text)?.index ?? this.#text.length
  }

  #number(start: number): void {
    const digits = this.#match(numberPattern) ?? ''
    const junk = this.#match(wordPattern)
    this.#push('number', digits, start)
    if (junk !== undefined) {
      this.#problem(start, this.#at, {
        en: `${digits}${junk} is neither a number nor a name`,
        zh: `${digits}${junk} 既不是数字也不是名称`,
      })
    } else if (!Number.isFinite(Number(digits))) {
      this.#problem(start, this.#at, { en: 'this number is too large', zh: '数字过大' })
    }
  }

  #symbol(symbol: string, start: number): void {
    this.#at = start + symbol.length
    if (symbol === '&&') {
      this.#instead(start, '&&', 'AND')
      this.#push('word', 'AND', start, 'AND')
      return
    }
    if (symbol === '==') this.#instead(start, '==', '=')
    this.#push('symbol', otherSpelling.get(symbol) ?? symbol, start)
  }

  #instead(start: number, found: string, suggestion: string): void {
    this.#problem(
      start,
      this.#at,
      { en: `${found} is not part of the language`, zh: `规则语言中没有 ${found}` },
      suggestion,
    )
  }

  /** The symbol that full-width characters spell from here on, `＞=` as well as `＞＝`. */
  #asciiSymbol(character: string): string | undefined {
    const first = foldWidth(character)
    if (first === undefined) return undefined
    const next = this.#text[this.#at] ?? ''
    const both = first + (foldWidth(next) ?? next)
    if (next === '' || !symbols.has(both)) return first
    this.#at += next.length
    return both
  }

  /** What an input method slips in is read as what was meant; anything else is left out. */
  #stranger(character: string, start: number): void {
    this.#at = start + character.length
    const quoted = this.#match(curlyStrings.get(character) ?? never)?.slice(0, -1)
    if (quoted !== undefined) {
      this.#problem(start, this.#at, wrongQuotes, `'${quoted.replaceAll("'", "''")}'`)
      this.#push('string', quoted, start)
      return
    }
    const ascii = this.#asciiSymbol(character)
    if (ascii !== undefined) {
      const written = this.#text.slice(start, this.#at)
      const message = { en: `${written} is full-width`, zh: `${written} 是全角字符` }
      this.#problem(start, this.#at, message, ascii)
      if (symbols.has(ascii)) this.#push('symbol', ascii, start)
      return
    }
    const shown = /[\p{C}\p{Z}]/u.test(character)
      ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
      : character
    this.#problem(start, this.#at, {
      en: `${shown} means nothing here`,
      zh: `字符 ${shown} 在此没有意义`,
    })
  }
}

const wrongQuotes: Localized = {
  en: 'strings stand between straight quotes',
  zh: '字符串须用英文直引号',
}
/** What may follow an opening quote of another kind: a short string on the same line. */
const curlyStrings: ReadonlyMap<string, RegExp> = new Map([
  ['‘', /[^’'\r\n]{0,200}[’']/y],
  ['’', /[^’'\r\n]{1,200}[’']/y],
  ['“', /[^”"\r\n]{0,200}[”"]/y],
  ['＇', /[^＇'\r\n]{1,200}[＇']/y],
])
const never = /(?!)/y
