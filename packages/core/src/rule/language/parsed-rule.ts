import type { Rule, Span } from '../ast.js'
import type { SourceText } from './source-text.js'

/** A span together with the text it points into. */
export interface Located {
  readonly source: SourceText
  readonly span: Span
}

export interface ActionPlaces {
  readonly kind: Located
  readonly target?: Located
  readonly priority?: Located
  /** By parameter: where its name stands. Its value is in the same text. */
  readonly params: ReadonlyMap<string, Located>
}

/** Where the parts of MATCH or WITHOUT stand. */
export interface PatternPlaces {
  /** The word itself, for what is wrong with the whole. */
  readonly clause: Located
  /** In the order of the steps. */
  readonly steps: readonly Located[]
  readonly where?: SourceText
  readonly within?: Located
}

export interface WindowPlaces {
  /** The length, or the count. */
  readonly size: Located
  readonly eventTime?: Located
  readonly lateness?: Located
  readonly final?: Located
}

/** Where the parts of a rule stand that have no span of their own in the AST. */
export interface RulePlaces {
  readonly name: Located
  /** The text of each SELECT item, in order, and where its alias stands. */
  readonly select: readonly { readonly source: SourceText; readonly alias?: Located }[]
  readonly where?: SourceText
  readonly match?: PatternPlaces
  readonly without?: PatternPlaces
  readonly groupBy: readonly SourceText[]
  readonly window?: WindowPlaces
  readonly having?: SourceText
  readonly resolveWhen?: SourceText
  readonly holdFor?: Located
  readonly keepFiringFor?: Located
  readonly oncePer?: Located
  /** In the order of the names. */
  readonly inhibitedBy?: readonly Located[]
  /** In the order of the rule's actions. */
  readonly actions: readonly ActionPlaces[]
}

/** A rule as far as it could be read. */
export interface ParsedRule {
  readonly rule: Rule
  readonly places: RulePlaces
  /** False when a part was lost to a syntax error, so that what is missing is not held against the rest. */
  readonly complete: boolean
}
