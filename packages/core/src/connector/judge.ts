import type { EffectTest } from '../action/action.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'

/** One value of a metric. */
export interface Reading {
  /** Epoch ms: when what it counts began. */
  readonly at: number
  readonly value: number
  /** What the value is a share or a rate of: units, or hours. `value * n` is a count then; absent: a plain reading. */
  readonly n?: number
}

/** A metric over time, oldest first. */
export type Series = readonly Reading[]

/** What a judge is asked: did the metric move as the test says? */
export interface JudgeQuestion {
  readonly test: EffectTest
  /** As long as the test's window, or as far back as anything is known. */
  readonly before: Series
  /** From the end of the settling time on. */
  readonly after: Series
  /** Now (epoch ms). */
  readonly at: number
}

export const verdicts = ['effective', 'not effective', 'harmful', 'undecided'] as const
/** `undecided`: there is too little to tell. `harmful`: the metric moved the other way. */
export type VerdictName = (typeof verdicts)[number]

export interface Verdict {
  readonly verdict: VerdictName
  /** Why, in words and with the numbers. */
  readonly text: Localized
  /** What it rests on, for the audit log. */
  readonly numbers: JsonObject
}

/** Judges an effect. Pure: the same question gives the same verdict on every run. */
export type Judge = (question: JudgeQuestion) => Verdict
