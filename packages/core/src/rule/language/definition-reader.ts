import type { Localized } from '../../text.js'
import type { Expression, Interval } from '../ast.js'
import { Cursor, SyntaxStop } from './cursor.js'
import type { DiagnosticList } from './diagnostics.js'
import { parseExpression } from './expression-parser.js'
import { intervalUnits, parseInterval } from './interval.js'
import { lex } from './lexer.js'
import type { Located } from './parsed-rule.js'
import { printExpression } from './print-expression.js'
import type { ExpressionInput } from './rule-definition.js'
import { type SourceText, sourceText } from './source-text.js'

export interface ReadExpression {
  readonly source: SourceText
  readonly expression: Expression
}

export interface ReadLength {
  /** Undefined when the text is no length; that has been reported. */
  readonly value: Interval | undefined
  readonly place: Located
}

/** Stands in for what could not be read; it fits everywhere, so that nothing more is said about it. */
const unreadable: Expression = {
  type: 'column',
  path: ['attributes', 'unreadable'],
  span: { start: 0, end: 0 },
}

/** Reads the strings of a rule's definition; what is wrong is reported in the string itself, named by its path. */
export class DefinitionReader {
  readonly #diagnostics: DiagnosticList
  readonly #prefix: string
  #complete = true

  /** @param prefix of the paths, e.g. `rules[3].` */
  constructor(diagnostics: DiagnosticList, prefix: string) {
    this.#diagnostics = diagnostics
    this.#prefix = prefix
  }

  /** Whether everything could be read so far. */
  get complete(): boolean {
    return this.#complete
  }

  /** A text that is wrong, or right, as a whole. */
  whole(text: string, path: string): Located {
    return { source: this.#source(text, path), span: { start: 0, end: text.length } }
  }

  invalid({ source, span }: Located, message: Localized): void {
    this.#complete = false
    this.#diagnostics.add(source, span, { code: 'wrong-value', message })
  }

  /** A tree is printed and read again, so that what is wrong with it can be shown. */
  expression(input: ExpressionInput | number | boolean, path: string): ReadExpression {
    if (typeof input === 'object') return this.#parsed(printExpression(input), path)
    return this.#parsed(typeof input === 'string' ? input : String(input).toUpperCase(), path)
  }

  optionalExpression(input: ExpressionInput | undefined, path: string): ReadExpression | undefined {
    return input === undefined ? undefined : this.expression(input, path)
  }

  length(text: string, path: string): ReadLength {
    const place = this.whole(text, path)
    const value = parseInterval(text)
    if (value === undefined) {
      const units = intervalUnits.filter((unit) => unit.endsWith('s') && unit.length > 4).join(', ')
      this.invalid(place, {
        en: `this is not an interval such as 24 hours; its units are ${units}`,
        zh: `这不是有效的时长，例如 24 hours；单位有：${units}`,
      })
    }
    return { value, place }
  }

  optionalLength(text: string | undefined, path: string): ReadLength | undefined {
    return text === undefined ? undefined : this.length(text, path)
  }

  #source(text: string, path: string): SourceText {
    return sourceText(text, `${this.#prefix}${path}`)
  }

  #parsed(text: string, path: string): ReadExpression {
    const source = this.#source(text, path)
    const { tokens, problems } = lex(text)
    for (const { span, message, suggestion } of problems) {
      this.#complete = false
      this.#diagnostics.add(source, span, { code: 'syntax', message, suggestion })
    }
    const cursor = new Cursor(source, tokens, this.#diagnostics)
    try {
      const expression = parseExpression(cursor)
      if (!cursor.atEnd) cursor.fail()
      return { source, expression }
    } catch (problem) {
      if (!(problem instanceof SyntaxStop)) throw problem
      this.#complete = false
      return { source, expression: unreadable }
    }
  }
}
