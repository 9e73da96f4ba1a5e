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

/** Where the parts of a rule stand that have no span of their own in the AST. */
export interface RulePlaces {
  readonly name: Located
  /** The text of each SELECT item, in order, and where its alias stands. */
  readonly select: readonly { readonly source: SourceText; readonly alias?: Located }[]
  readonly where?: SourceText
  readonly groupBy: readonly SourceText[]
  readonly window?: Located
  readonly having?: SourceText
  readonly oncePer?: Located
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
