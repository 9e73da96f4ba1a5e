import type { Evaluate } from './compile.js'
import type { GroupedRunner } from './grouped-runner.js'
import type { PatternRunner } from './pattern/pattern-runner.js'
import type { BoundProgram } from './program.js'
import type { SingleRunner } from './single-runner.js'

/** A pattern under way, with what its complete matches bring into a window. */
export interface RunningPattern {
  readonly runner: PatternRunner
  readonly by: readonly Evaluate[]
  readonly inputs: readonly Evaluate[]
  /** Instant of the timer that is set for it; Infinity when none is. */
  dueAt: number
}

/** A rule at work. */
export interface RunningRule {
  readonly program: BoundProgram
  /** Rules that were there earlier come first. */
  readonly order: number
  readonly pattern: RunningPattern | undefined
  /** How it fires: from a window, or from every single match. */
  readonly from:
    | { readonly kind: 'window'; readonly window: GroupedRunner }
    | { readonly kind: 'single'; readonly single: SingleRunner }
}

/** What a selector's matches are for. */
export type SelectorTarget =
  | GroupedRunner
  | { readonly kind: 'single'; readonly rule: string }
  | { readonly kind: 'step'; readonly rule: string; readonly step: number }
