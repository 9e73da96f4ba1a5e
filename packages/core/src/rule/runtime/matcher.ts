import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../ast.js'
import type { Row } from './compile.js'
import { type Program, program } from './program.js'
import type { Value } from './value.js'
import { WitnessIndex } from './witness-index.js'

/** One rule whose WHERE holds for one feedback, with what its window needs of it. Plain data: it crosses threads. */
export interface RuleMatch {
  /** Index of the rule. */
  readonly rule: number
  /** Values of GROUP BY. */
  readonly values: readonly Value[]
  /** Values for the aggregates. */
  readonly inputs: readonly Value[]
}

const none: readonly Value[] = []
const noMatches: readonly RuleMatch[] = []

/**
 * The stateless half of the rule engine: which rules a feedback matches at an instant. Pure, so it can run
 * where the feedback is read, on whichever thread, while the record is still in the cache.
 */
export class RuleMatcher {
  readonly programs: readonly Program[]
  readonly #index: WitnessIndex
  readonly #candidates: number[] = []

  constructor(rules: readonly Rule[]) {
    this.programs = rules.map(program)
    this.#index = new WitnessIndex(rules)
  }

  /** `at` is the append instant (epoch ms): it is NOW(). In rule order. */
  match(feedback: FeedbackRecord, at: number): readonly RuleMatch[] {
    const candidates = this.#candidates
    this.#index.candidates(feedback, candidates)
    if (candidates.length === 0) return noMatches
    const row: Row = { feedback, now: at, group: none, aggregates: none }
    let matches: RuleMatch[] | undefined
    for (const rule of candidates) {
      const candidate = this.programs[rule]
      if (candidate === undefined || (candidate.where !== undefined && candidate.where(row) !== true))
        continue
      const { grouping } = candidate
      matches ??= []
      matches.push({
        rule,
        values: grouping === undefined ? none : grouping.by.map((evaluate) => evaluate(row)),
        inputs:
          grouping === undefined
            ? none
            : grouping.aggregates.map(({ argument }) => (argument === undefined ? null : argument(row))),
      })
    }
    return matches ?? noMatches
  }
}
