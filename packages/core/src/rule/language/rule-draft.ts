import type { Expression, Interval, Rule } from '../ast.js'
import { type Cursor, SyntaxStop } from './cursor.js'
import { parseExpression } from './expression-parser.js'
import { readIntervalClause } from './interval-literal.js'
import type { Located, RulePlaces } from './parsed-rule.js'

type Draft = { -readonly [Key in keyof Omit<Rule, 'version' | 'span' | 'text'>]: Rule[Key] }
type DraftPlaces = { -readonly [Key in keyof RulePlaces]: RulePlaces[Key] }

/** A rule while it is being read: its parts as they are found, and where they stand. */
export class RuleDraft {
  readonly cursor: Cursor
  readonly rule: Draft = { name: '', select: '*', groupBy: [], actions: [] }
  readonly places: DraftPlaces
  /** Whether every part could be read. */
  complete = true

  constructor(cursor: Cursor) {
    this.cursor = cursor
    this.places = { name: this.located(cursor.token.start), select: [], groupBy: [], actions: [] }
  }

  /** The place from `start` to the last token that was read. */
  located(start: number): Located {
    return { source: this.cursor.source, span: this.cursor.spanFrom(start) }
  }

  /** Runs one part; a syntax error inside it ends that part only. */
  attempt(part: () => void): boolean {
    try {
      part()
      return true
    } catch (problem) {
      if (!(problem instanceof SyntaxStop)) throw problem
      this.complete = false
      return false
    }
  }

  expression(followers: readonly string[]): Expression {
    return parseExpression(this.cursor, followers)
  }

  /** Reads `INTERVAL '…'`; `start` is where to point when the length is none. */
  interval(start: number): { readonly value?: Interval; readonly place: Located } {
    const length = readIntervalClause(this.cursor)
    if (length !== undefined)
      return { value: length.value, place: { source: this.cursor.source, span: length.span } }
    this.complete = false
    return { place: this.located(start) }
  }
}
