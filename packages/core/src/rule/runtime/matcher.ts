import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../ast.js'
import type { Row } from './compile.js'
import { ConditionIndex } from './condition-index/condition-index.js'
import { type Program, program } from './program.js'
import type { Value } from './value.js'

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
  readonly #index = new ConditionIndex()
  readonly #found: number[] = []

  constructor(rules: readonly Rule[]) {
    this.programs = rules.map(program)
    for (const [id, rule] of rules.entries()) this.#index.add(id, rule.where)
  }

  /** `at` is the append instant (epoch ms): it is NOW(). In rule order. */
  match(feedback: FeedbackRecord, at: number): readonly RuleMatch[] {
    const found = this.#found
    const row: Row = { feedback, now: at, group: none, aggregates: none }
    this.#index.match(row, found)
    if (found.length === 0) return noMatches
    let matches: RuleMatch[] | undefined
    for (const rule of found) {
      const grouping = this.programs[rule]?.grouping
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
