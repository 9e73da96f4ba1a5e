import type { JsonObject } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import type { DryFiring } from '@andon/core/rule'

/** One problem that a rule would have found: the signal it would have opened. */
export interface Problem {
  readonly fingerprint: string
  readonly tenant: string
  /** Of its latest firing. */
  readonly facts: JsonObject
  readonly firings: number
  readonly first: number
  readonly last: number
  /** The feedback behind its first firing, oldest first; the latest three of it. */
  readonly examples: readonly Example[]
}

export interface Example {
  readonly feedbackId: string
  readonly at: string
  readonly text: string
}

/** What one rule would have done. */
export interface RuleTally {
  readonly rule: string
  readonly firings: number
  readonly first: number | undefined
  readonly last: number | undefined
  /** `2023-02` → firings; UTC months. */
  readonly months: Readonly<Record<string, number>>
  /** Most firings first. */
  readonly problems: readonly Problem[]
  /** Problems beyond the cap that are counted in `firings` only. */
  readonly uncounted: number
}

const maxProblemsPerRule = 10_000
const examplesKept = 3
/** Feedback that a firing may still quote. */
const recentKept = 50_000

interface Open {
  firings: number
  first: number | undefined
  last: number | undefined
  readonly months: Record<string, number>
  readonly problems: Map<string, { -readonly [Key in keyof Problem]: Problem[Key] }>
  uncounted: number
}

/** Counts firings by rule and problem, in bounded memory. */
export class BacktestTally {
  readonly #rules: Map<string, Open>
  readonly #recent = new Map<number, Example>()
  feedback = 0
  from: number | undefined
  to: number | undefined

  constructor(rules: readonly string[]) {
    this.#rules = new Map(
      rules.map((rule) => [
        rule,
        { firings: 0, first: undefined, last: undefined, months: {}, problems: new Map(), uncounted: 0 },
      ]),
    )
  }

  seen(feedback: FeedbackRecord, offset: number, at: number): void {
    this.feedback++
    this.from ??= at
    this.to = at
    const { feedbackId, receivedAt, symptomText } = feedback
    this.#recent.set(offset, { feedbackId, at: receivedAt, text: symptomText.slice(0, 200) })
    if (this.#recent.size <= recentKept) return
    for (const oldest of this.#recent.keys()) {
      this.#recent.delete(oldest)
      break
    }
  }

  fired({ rule, tenant, fingerprint, at, facts, evidence }: DryFiring): void {
    const tally = this.#rules.get(rule)
    if (tally === undefined) return
    tally.firings++
    tally.first ??= at
    tally.last = at
    const month = new Date(at).toISOString().slice(0, 7)
    tally.months[month] = (tally.months[month] ?? 0) + 1
    const known = tally.problems.get(fingerprint)
    if (known !== undefined) {
      known.firings++
      known.last = at
      known.facts = facts
    } else if (tally.problems.size >= maxProblemsPerRule) tally.uncounted++
    else {
      const examples = evidence.flatMap((offset) => this.#recent.get(offset) ?? []).slice(-examplesKept)
      tally.problems.set(fingerprint, {
        fingerprint,
        tenant,
        facts,
        firings: 1,
        first: at,
        last: at,
        examples,
      })
    }
  }

  rules(): readonly RuleTally[] {
    return [...this.#rules].map(([rule, { problems, ...tally }]) => ({
      rule,
      ...tally,
      problems: [...problems.values()].sort((a, b) => b.firings - a.firings || a.first - b.first),
    }))
  }
}
