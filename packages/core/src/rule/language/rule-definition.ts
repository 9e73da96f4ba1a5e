import type { Expression, StageName } from '../ast.js'

/** An expression as the rule language writes it, or its tree. */
export type ExpressionInput = string | Expression

export interface ActionDefinition<Input extends ExpressionInput = ExpressionInput> {
  readonly kind: string
  /** Strings are expressions: `batch` is an alias or a column, `'text'` in quotes a text. Numbers and truth values are themselves. */
  readonly params?: Readonly<Record<string, Input | number | boolean>>
  readonly target?: string
  /** 1 (first) to 9. */
  readonly priority?: number
}

export interface SelectDefinition<Input extends ExpressionInput = ExpressionInput> {
  readonly expression: Input
  readonly alias?: string
}

/** Feedback that follows one another. Columns are written with their step: `a.serial_number`. */
export interface MatchDefinition<Input extends ExpressionInput = ExpressionInput> {
  /** In the order in which they happen. */
  readonly steps: readonly string[]
  readonly where?: Input
  /** From the first step to the last; needed with two or more. */
  readonly within?: string
}

/** What must not follow. */
export interface WithoutDefinition<Input extends ExpressionInput = ExpressionInput> {
  readonly step: string
  readonly where?: Input
  readonly within: string
}

/** ON EVENT TIME: entries stand at `last_occurrence_time`, and the watermark trails the journal by `lateness`. */
export interface EventTimeDefinition {
  readonly lateness: string
}

/** A window by its kind; lengths as INTERVAL reads them. `emitFinal`: judged once, when it closes. */
export type WindowDefinition =
  | { readonly sliding: string; readonly onEventTime?: EventTimeDefinition }
  | { readonly tumbling: string; readonly onEventTime?: EventTimeDefinition; readonly emitFinal?: boolean }
  | { readonly session: string; readonly onEventTime?: EventTimeDefinition; readonly emitFinal?: boolean }
  /** The last entries of each group, 1 to 1,000,000. */
  | { readonly count: number }

/** A rule as TypeScript and JSON write it; the words are those of the rule language, lengths as INTERVAL reads them: `24 hours`. */
export interface RuleDefinition<Input extends ExpressionInput = ExpressionInput> {
  readonly name: string
  readonly stage?: StageName
  /** Alias to expression, or a list; `*` when absent. */
  readonly select?: Readonly<Record<string, Input>> | readonly SelectDefinition<Input>[]
  readonly where?: Input
  readonly match?: MatchDefinition<Input>
  readonly without?: WithoutDefinition<Input>
  readonly groupBy?: readonly Input[]
  readonly window?: WindowDefinition
  readonly having?: Input
  readonly resolveWhen?: Input
  /** FOR: how long HAVING must hold before the rule fires. */
  readonly holdFor?: string
  readonly keepFiringFor?: string
  readonly oncePer?: string
  readonly inhibitedBy?: readonly string[]
  readonly actions: readonly ActionDefinition<Input>[]
}
