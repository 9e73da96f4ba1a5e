import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../ast.js'
import { keyOf } from '../language/expression-tree.js'
import { compile, type Evaluate } from './compile.js'
import { type Group, groupKey } from './group.js'
import type { Value } from './value.js'

/** That one rule is silent while another one is firing about the same. */
interface Inhibition {
  readonly dependent: string
  readonly inhibitor: string
  /** What both group by: places among the inhibitor's group values. */
  readonly ofInhibitor: readonly number[]
  /** The same places among the dependent's group values; absent when it has no groups. */
  readonly ofDependent: readonly number[] | undefined
  /** For a dependent without groups: the inhibitor's GROUP BY over the feedback. */
  readonly ofFeedback: readonly Evaluate[]
  /** How many of the inhibitor's groups are firing, by what is shared. */
  readonly firing: Map<string, number>
}

const none: readonly Value[] = []

/** Which rules are silent because of which others: INHIBITED BY. */
export class Inhibitions {
  #inhibitions: readonly Inhibition[] = []
  #ranks: ReadonlyMap<string, number> = new Map()
  readonly #released = new Set<string>()

  /** True when no rule inhibits another. */
  get isEmpty(): boolean {
    return this.#inhibitions.length === 0
  }

  /** Begins anew with these rules; what is firing, and what would fire, has to be told again. */
  set(rules: readonly Rule[]): void {
    const byName = new Map(rules.map((rule) => [rule.name, rule]))
    this.#inhibitions = rules.flatMap((dependent) =>
      (dependent.inhibitedBy ?? []).flatMap((name) => {
        const inhibitor = byName.get(name)
        return inhibitor === undefined ? [] : [inhibition(dependent, inhibitor)]
      }),
    )
    this.#released.clear()
    const ranks = new Map<string, number>()
    for (const rule of rules) rankOf(rule, byName, ranks, new Set())
    this.#ranks = ranks
  }

  /** A rule is looked at after those that inhibit it: 0 for rules that nothing inhibits, else one more than they. */
  rankOf(rule: string): number {
    return this.#ranks.get(rule) ?? 0
  }

  silences(
    rule: string,
    tenant: string,
    values: readonly Value[],
    feedback: FeedbackRecord | undefined,
    at: number,
  ): boolean {
    return this.#inhibitions.some(({ dependent, ofDependent, ofFeedback, firing }) => {
      if (dependent !== rule || firing.size === 0) return false
      const row = { feedback, now: at, group: none, aggregates: none }
      const shared =
        ofDependent?.map((place) => values[place] ?? null) ?? ofFeedback.map((value) => value(row))
      return firing.has(groupKey(tenant, shared))
    })
  }

  /** A rule begins or ceases to be firing for a group. */
  changed(rule: string, group: Group, isFiring: boolean): void {
    for (const { inhibitor, dependent, ofInhibitor, firing } of this.#inhibitions) {
      if (inhibitor !== rule) continue
      const shared = ofInhibitor.map((place) => group.values[place] ?? null)
      const key = groupKey(group.tenant, shared)
      const count = (firing.get(key) ?? 0) + (isFiring ? 1 : -1)
      if (count > 0) firing.set(key, count)
      else if (firing.delete(key)) this.#released.add(dependent)
    }
  }

  /** A rule would fire for a group, but is held back: it is looked at again, for what did that may be gone. */
  owes(rule: string): void {
    this.#released.add(rule)
  }

  get hasReleased(): boolean {
    return this.#released.size > 0
  }

  /** The rules that an inhibition has ended for since the last time, in the order in which it did. */
  takeReleased(): readonly string[] {
    if (this.#released.size === 0) return []
    const released = [...this.#released]
    this.#released.clear()
    return released
  }
}

function inhibition(dependent: Rule, inhibitor: Rule): Inhibition {
  const own = inhibitor.groupBy.map(keyOf)
  const isSingle = dependent.groupBy.length === 0 && dependent.having === undefined
  const isPattern = dependent.match !== undefined || inhibitor.match !== undefined
  const base = { dependent: dependent.name, inhibitor: inhibitor.name, firing: new Map<string, number>() }
  if (isSingle && !isPattern) {
    return {
      ...base,
      ofInhibitor: own.map((_, place) => place),
      ofDependent: undefined,
      ofFeedback: inhibitor.groupBy.map((expression) => compile(expression)),
    }
  }
  const shared = dependent.groupBy.flatMap((expression, place) => {
    const other = own.indexOf(keyOf(expression))
    return other < 0 ? [] : [{ place, other }]
  })
  return {
    ...base,
    ofInhibitor: shared.map(({ other }) => other),
    ofDependent: shared.map(({ place }) => place),
    ofFeedback: [],
  }
}

function rankOf(
  rule: Rule,
  byName: ReadonlyMap<string, Rule>,
  ranks: Map<string, number>,
  under: Set<string>,
): number {
  const known = ranks.get(rule.name)
  if (known !== undefined) return known
  // A circle is refused where rules are checked; here it only must not go on for ever.
  if (under.has(rule.name)) return 0
  under.add(rule.name)
  const above = (rule.inhibitedBy ?? []).flatMap((name) => byName.get(name) ?? [])
  const rank = Math.max(0, ...above.map((inhibitor) => rankOf(inhibitor, byName, ranks, under) + 1))
  ranks.set(rule.name, rank)
  return rank
}
