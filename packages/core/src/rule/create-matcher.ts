import { AndonError } from '../errors/index.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import type { Rule } from './ast.js'
import type { EvaluateOptions } from './predicate.js'
import type { Row } from './runtime/compile.js'
import { ConditionIndex } from './runtime/condition-index/condition-index.js'

/** Which of many rules one feedback meets; see `createMatcher`. */
export interface Matcher {
  /** How many rules there are. */
  readonly size: number
  /**
   * Adds a rule. One of the same name is replaced and gives up its place; otherwise the rule takes a place that
   * `remove` left free, or the next one.
   *
   * @throws AndonError (`RULE_UNMATCHABLE`) for a rule with MATCH: one feedback does not decide it
   */
  add(rule: Rule): void
  /** @returns false when there is no rule of that name */
  remove(name: string): boolean
  /** The rules whose WHERE is true for the feedback, in the order of their places. */
  match(feedback: FeedbackRecord, options: EvaluateOptions): readonly Rule[]
}

const none: Row['group'] = []

/**
 * Finds the rules that a feedback meets, by an index instead of one after another: the cost grows with the rules
 * that are met, hardly with those that are there, and rules come and go one by one. What is asked is WHERE, of this
 * one feedback: a rule with GROUP BY, WINDOW, HAVING or WITHOUT is found when the feedback would be counted by
 * it, a rule without WHERE for every feedback. Nothing is remembered between two questions; for windows, ONCE PER
 * and patterns there are `dryRun` and the engine.
 *
 * @throws AndonError (`RULE_UNMATCHABLE`) for a rule with MATCH: one feedback does not decide it
 * @example
 * const matcher = createMatcher(parseRules(text))
 * for (const rule of matcher.match(feedback, { now: Date.now() })) console.log(rule.name)
 */
export function createMatcher(rules: readonly Rule[]): Matcher {
  const index = new ConditionIndex()
  const byName = new Map<string, number>()
  const byPlace: (Rule | undefined)[] = []
  const free: number[] = []
  const found: number[] = []

  const remove = (name: string): boolean => {
    const place = byName.get(name)
    if (place === undefined) return false
    index.remove(place)
    byName.delete(name)
    byPlace[place] = undefined
    free.push(place)
    return true
  }
  const add = (rule: Rule): void => {
    if (rule.match !== undefined) throw new AndonError('RULE_UNMATCHABLE', { details: { rule: rule.name } })
    remove(rule.name)
    const place = free.pop() ?? byPlace.length
    index.add(place, rule.where)
    byName.set(rule.name, place)
    byPlace[place] = rule
  }
  for (const rule of rules) add(rule)
  return {
    get size() {
      return byName.size
    },
    add,
    remove,
    match: (feedback, { now }) => {
      index.match({ feedback, now, group: none, aggregates: none }, found)
      const met: Rule[] = []
      for (const place of found) {
        const rule = byPlace[place]
        if (rule !== undefined) met.push(rule)
      }
      return met
    },
  }
}
