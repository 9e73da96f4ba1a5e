import type { FeedbackRecord } from '../../../feedback/schema.js'
import type { JsonObject } from '../../../json.js'
import type { Row } from '../compile.js'
import type { Value } from '../value.js'
import { type OpenMatch, OpenMatches } from './open-matches.js'
import type { NextStep, PatternPlan } from './pattern-plan.js'

/** A match that is complete. */
export interface PatternMatch {
  readonly tenant: string
  /** Values kept of each step. */
  readonly steps: readonly (readonly Value[])[]
  readonly offsets: readonly number[]
  readonly at: number
  /** The feedback that completed it; absent when time did. */
  readonly feedback: FeedbackRecord | undefined
}

export interface PatternSnapshot extends JsonObject {
  /** For each step from the second on, and for the one that must stay away: the matches that wait for it. */
  readonly waiting: readonly (readonly { readonly key: string; readonly match: OpenMatch }[])[]
}

/** A feedback that fits a step by itself. */
export interface StepEvent {
  readonly step: number
  readonly tenant: string
  readonly inputs: readonly Value[]
  readonly offset: number
  readonly at: number
  readonly feedback: FeedbackRecord
}

const none: readonly Value[] = []

/**
 * Follows the matches of one pattern. Every feedback that fits the first step begins one; the next that fits the
 * step it waits for takes it on (as `every a -> b` does in Esper). With WITHOUT it then waits once more, for a
 * feedback that must not come.
 */
export class PatternRunner {
  /** Matches forgotten at the cap. */
  lost = 0
  readonly #plan: PatternPlan
  readonly #most: number
  /** Waiting for step 1, 2, …; the last one for the step that must stay away, if there is one. */
  readonly #waiting: readonly OpenMatches[]

  /** @param most matches kept at the same time */
  constructor(plan: PatternPlan, most: number) {
    this.#plan = plan
    this.#most = most
    const waits = plan.next.length + (plan.without === undefined ? 0 : 1)
    this.#waiting = Array.from({ length: waits }, () => new OpenMatches())
  }

  get size(): number {
    return this.#waiting.reduce((sum, { size }) => sum + size, 0)
  }

  get nextDue(): number | undefined {
    return this.#waiting.reduce<number | undefined>(
      (least, { nextDue }) => (nextDue === undefined || (least ?? nextDue) < nextDue ? least : nextDue),
      undefined,
    )
  }

  /**
   * Looks at one feedback as one step; gives the matches that it completes. A feedback that fits several steps is
   * looked at as the last of them first, so that it never follows itself.
   */
  see(event: StepEvent): readonly PatternMatch[] {
    const { step, tenant, inputs, offset, at, feedback } = event
    const absent = this.#plan.without
    if (absent !== undefined && step === absent.next.step) {
      const waiting = this.#waiting.at(-1)
      for (const match of this.#fitting(absent.next, waiting, event)) waiting?.delete(match)
      return []
    }
    if (step === 0) {
      return this.#goOn(
        { tenant, steps: [inputs], offsets: [offset], startedAt: at, due: null },
        at,
        feedback,
      )
    }
    const next = this.#plan.next[step - 1]
    const waiting = this.#waiting[step - 1]
    if (next === undefined) return []
    return this.#fitting(next, waiting, event).flatMap((match) => {
      waiting?.delete(match)
      const grown = { ...match, steps: [...match.steps, inputs], offsets: [...match.offsets, offset] }
      return this.#goOn(grown, at, feedback)
    })
  }

  /** Lets time pass: what waited too long for a step is forgotten, what waited for nothing to come is complete. */
  expire(at: number): readonly PatternMatch[] {
    const last = this.#waiting.length - 1
    return this.#waiting.flatMap((waiting, index) => {
      const due = waiting.takeDue(at)
      if (this.#plan.without === undefined || index !== last) return []
      return due.map(({ tenant, steps, offsets, due: instant }) => ({
        tenant,
        steps,
        offsets,
        at: instant ?? at,
        feedback: undefined,
      }))
    })
  }

  snapshot(): PatternSnapshot {
    return { waiting: this.#waiting.map((waiting) => waiting.snapshot()) }
  }

  restore({ waiting }: PatternSnapshot): void {
    for (const [index, entries] of waiting.entries()) {
      for (const { key, match } of entries) this.#waiting[index]?.add(key, match)
    }
  }

  /** A match has grown by a step: it is complete, or waits for the next one. */
  #goOn(match: OpenMatch, at: number, feedback: FeedbackRecord): readonly PatternMatch[] {
    const { next, without, within } = this.#plan
    const following = next[match.steps.length - 1]
    if (following !== undefined) {
      this.#wait(match.steps.length - 1, following, { ...match, due: match.startedAt + within })
      return []
    }
    if (without !== undefined) {
      this.#wait(this.#waiting.length - 1, without.next, { ...match, due: at + without.within })
      return []
    }
    const { tenant, steps, offsets } = match
    return [{ tenant, steps, offsets, at, feedback }]
  }

  #wait(index: number, next: NextStep, match: OpenMatch): void {
    const known = next.joins.map((join) => join.known(rowOf(match.steps, match.startedAt)))
    // What is not known is never the same as something else: nothing can follow.
    if (known.includes(null) && index < this.#plan.next.length) return
    this.#waiting[index]?.add(keyOf(match.tenant, known), match)
    if (this.size <= this.#most) return
    this.#forgetOldest()
  }

  #forgetOldest(): void {
    const startOf = (waiting: OpenMatches): number => waiting.oldestStart ?? Number.POSITIVE_INFINITY
    this.#waiting
      .reduce((oldest, other) => (startOf(other) < startOf(oldest) ? other : oldest))
      .forgetOldest()
    this.lost++
  }

  #fitting(next: NextStep, waiting: OpenMatches | undefined, event: StepEvent): readonly OpenMatch[] {
    const alone: (readonly Value[] | undefined)[] = []
    alone[next.step] = event.inputs
    const own = next.joins.map((join) => join.own(rowOf(alone, event.at)))
    if (waiting === undefined || own.includes(null)) return []
    return waiting.withKey(keyOf(event.tenant, own)).filter((match) => {
      if (match.due !== null && match.due <= event.at && next.step !== this.#plan.without?.next.step) {
        waiting.delete(match)
        return false
      }
      const steps: (readonly Value[] | undefined)[] = [...match.steps]
      steps[next.step] = event.inputs
      const row = rowOf(steps, event.at)
      return next.residual.every((holds) => holds(row) === true)
    })
  }
}

function rowOf(steps: Row['steps'] & {}, now: number): Row {
  return { feedback: undefined, steps, now, group: none, aggregates: none }
}

/** One text for a tenant and some values: each with its type and length, so that no two lists share one. */
function keyOf(tenant: string, values: readonly Value[]): string {
  return JSON.stringify([tenant, ...values])
}
