import type { Localized } from '../../text.js'
import type { Span } from '../ast.js'

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /**
   * Words as written; quoted names and strings without their quotes; numbers as written;
   * symbols in their one spelling (`!=` is `<>`).
   */
  readonly value: string
  /** The upper-case spelling of an ASCII word, which is how keywords are recognised; empty for the rest. */
  readonly keyword: string
  /** UTF-16 offsets, end exclusive. */
  readonly start: number
  readonly end: number
}

/** Something no token can be made of, or only by guessing. */
export interface LexicalProblem {
  readonly span: Span
  readonly message: Localized
  readonly suggestion?: string
}

export interface LexedText {
  /** Always closed by one `end` token. */
  readonly tokens: readonly Token[]
  readonly problems: readonly LexicalProblem[]
}

/** An unquoted name is folded to lower case, ASCII letters only, as PostgreSQL does under the C locale. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** A name that needs no quotes: letters of any script, digits and underscores. */
export const plainName = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u
