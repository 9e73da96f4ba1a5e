import type { Rule } from '../rule/ast.js'
import { ruleVersion } from '../rule/rule-version.js'
import type { RuleChange } from '../rule/runtime/rule-change.js'
import type { ChangeableRules, FeedbackStream } from './stream/feedback-stream.js'

/** The rules of a running loop. What is changed here lasts until it is closed: the host keeps its rules. */
export interface RuleDesk {
  /** In their order, each with the version that signals carry. */
  list(): readonly { readonly rule: Rule; readonly version: string }[]
  /**
   * Adds a rule, or changes the one of its name, between two feedbacks; the windows of all others stay. Resolves,
   * with what the rule keeps of its own state, when a crash can no longer undo the change.
   *
   * @throws AndonError OPTIONS_INVALID when an action kind, a target or an inhibiting rule is not there
   */
  put(rule: Rule): Promise<RuleChange>
  /** Resolves to false when there is no rule of that name. */
  remove(name: string): Promise<boolean>
}

export interface RuleDeskOptions {
  readonly stream: Pick<FeedbackStream, 'rules'>
  /** Throws when the rules cannot work here; asked in the change, for another one may have come before. */
  readonly check: (rules: readonly Rule[]) => void
  /** Runs a change while no feedback is on its way, and saves the state after it. */
  readonly change: <T>(work: (rules: ChangeableRules) => T) => Promise<T>
}

export function ruleDesk({ stream, check, change }: RuleDeskOptions): RuleDesk {
  return {
    list: () => stream.rules.map((rule) => ({ rule, version: ruleVersion(rule) })),
    async put(rule) {
      return change((running) => {
        check([...running.rules.filter(({ name }) => name !== rule.name), rule])
        return running.put(rule)
      })
    },
    async remove(name) {
      return change((running) => {
        check(running.rules.filter((rule) => rule.name !== name))
        return running.remove(name)
      })
    },
  }
}
