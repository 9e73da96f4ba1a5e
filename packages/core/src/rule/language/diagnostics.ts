import type { Locale, Localized } from '../../text.js'
import type { Span } from '../ast.js'
import { excerptOf, placeOf, type SourceText } from './source-text.js'

export type DiagnosticCode =
  | 'syntax'
  | 'unknown-name'
  | 'wrong-type'
  | 'wrong-value'
  | 'not-allowed-here'
  | 'duplicate'
  | 'too-deep'
  | 'never-fires'
  | 'no-effect'
  | 'needs-repartition'

/** One thing wrong with a rule text: where, what, and what was probably meant. */
export interface Diagnostic {
  /** A rule text with errors gives no rules; warnings are for the author's eyes only. */
  readonly severity: 'error' | 'warning'
  readonly code: DiagnosticCode
  readonly message: Localized
  readonly span: Span
  /** 1-based. */
  readonly line: number
  /** 1-based, in code points. */
  readonly column: number
  /** The source line, cut around the error when it is very long. */
  readonly sourceLine: string
  /** Carets that stand under the error in `sourceLine`; CJK characters are two columns wide. */
  readonly caretLine: string
  /** What could have stood here; empty unless the code is `syntax`. */
  readonly expected: readonly Localized[]
  /** What was probably meant, ready to be pasted. */
  readonly suggestion?: string
  /** Which text the place is in when it is not the rule file, e.g. `where` of `defineRule`. */
  readonly origin?: string
}

export interface DiagnosticInit {
  readonly severity?: 'error' | 'warning'
  readonly code: DiagnosticCode
  readonly message: Localized
  readonly expected?: readonly Localized[]
  readonly suggestion?: string | undefined
}

function diagnosticAt(source: SourceText, span: Span, init: DiagnosticInit): Diagnostic {
  return {
    severity: init.severity ?? 'error',
    code: init.code,
    message: init.message,
    span: { start: span.start, end: span.end },
    ...placeOf(source, span.start),
    ...excerptOf(source, span),
    expected: init.expected ?? [],
    ...(init.suggestion === undefined ? {} : { suggestion: init.suggestion }),
    ...(source.origin === undefined ? {} : { origin: source.origin }),
  }
}

/** Past this many a text is not a rule text with slips but something else. */
const mostOfEach = 100

/** Collects diagnostics of one text or of several; the rest of a hopeless text is not reported. */
export class DiagnosticList {
  readonly items: Diagnostic[] = []
  readonly #count = { error: 0, warning: 0 }

  /** No more errors are taken: whoever reads the text may stop. */
  get full(): boolean {
    return this.#count.error >= mostOfEach
  }

  get hasErrors(): boolean {
    return this.#count.error > 0
  }

  add(source: SourceText, span: Span, init: DiagnosticInit): void {
    const severity = init.severity ?? 'error'
    if (this.#count[severity] >= mostOfEach || this.#isEcho(source, span, init)) return
    this.#count[severity]++
    this.items.push(diagnosticAt(source, span, init))
  }

  /** The parser stumbles where the lexer has already reported: one slip is one report. */
  #isEcho(source: SourceText, span: Span, { code }: DiagnosticInit): boolean {
    return (
      code === 'syntax' &&
      this.items.some(
        (item) => item.code === code && item.span.start === span.start && item.origin === source.origin,
      )
    )
  }
}

export interface FormatOptions {
  /** Shown before line and column, e.g. the file's name. */
  readonly file?: string
  /** Colours for a terminal; without it the text is plain. */
  readonly paint?: (text: string, role: 'error' | 'warning' | 'caret' | 'place') => string
}

const words = {
  error: { en: 'error', zh: '错误' },
  warning: { en: 'warning', zh: '警告' },
} as const satisfies Record<string, Localized>

/** Diagnostics as a person reads them in a terminal: message, place, source line and caret, a blank line between. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  locale: Locale = 'en',
  options: FormatOptions = {},
): string {
  const paint = options.paint ?? ((text) => text)
  return diagnostics
    .map((item) => {
      const number = String(item.line)
      const gutter = ' '.repeat(number.length)
      const where = [options.file, item.origin].filter((part) => part !== undefined).join(': ')
      const place =
        locale === 'zh'
          ? `第 ${item.line} 行，第 ${item.column} 列`
          : `line ${item.line}, column ${item.column}`
      const separator = locale === 'zh' ? '：' : ': '
      const comma = locale === 'zh' ? '，' : ', '
      return [
        `${paint(words[item.severity][locale], item.severity)}${separator}${item.message[locale]}${didYouMean(item, locale)}`,
        paint(`${gutter}--> ${where === '' ? '' : `${where}${comma}`}${place}`, 'place'),
        `${paint(`${number} |`, 'place')} ${item.sourceLine}`.trimEnd(),
        `${paint(`${gutter} |`, 'place')} ${paint(item.caretLine, 'caret')}`,
      ].join('\n')
    })
    .join('\n\n')
}

function didYouMean(item: Diagnostic, locale: Locale): string {
  if (item.suggestion === undefined) return ''
  return locale === 'zh' ? `；是否想写 ${item.suggestion}？` : `; did you mean ${item.suggestion}?`
}
