import type { Quote } from '../action/action.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'
import type { JudgedTrial, Trial } from './trial.js'

export const signalStatuses = [
  'open',
  'acknowledged',
  'contained',
  'verifying',
  'closed',
  'dismissed',
] as const
export type SignalStatus = (typeof signalStatuses)[number]

/** An evidence-backed finding with a life. One problem is one signal, however many customers report it. */
export interface Signal {
  readonly id: string
  readonly tenant: string
  /** The rule or detector that found it. */
  readonly rule: string
  /** The words of the rule at its latest firing (`ruleVersion`); absent for detectors. */
  readonly ruleVersion?: string
  /** Findings with the same fingerprint belong to this signal: rule + group values. */
  readonly fingerprint: string
  readonly title: Localized
  readonly status: SignalStatus
  /** 0 to 10, the highest of its evidence. */
  readonly severity: number
  /** The values it groups by and the numbers of its latest finding. */
  readonly facts: JsonObject
  /** How often the rule fired for it. */
  readonly firings: number
  /** How many feedbacks matched since it was opened. */
  readonly occurrences: number
  /** How often it came back after having been closed. */
  readonly regressions: number
  readonly quotes: readonly Quote[]
  /** Matching feedbacks per hour: hour (epoch ms / 3,600,000) → count; the last 336, and what pending tests need. */
  readonly hours: Readonly<Record<string, number>>
  readonly openedAt: number
  readonly lastSeenAt: number
  readonly updatedAt: number
  readonly verification?: Verification
}

/** The tests whether the actions of a signal had their effect: registered before they ran, judged when they are due. */
export interface Verification {
  /** The action of the test that is due next, or was judged last; the fields that follow are that test's. */
  readonly actionId: string
  /** When counting begins (epoch ms). */
  readonly since: number
  readonly dueAt: number
  /** Smallest share by which its metric must move, 0 to 1. */
  readonly minimumEffect: number
  /** Matching feedbacks per hour before the action. */
  readonly rateBefore: number
  /** … and after it, once they were judged. */
  readonly rateAfter?: number
  /** Of all tests together. */
  readonly verdict?: JudgedTrial['verdict']
  /** Those of one action stand in the order in which they are judged. */
  readonly trials: readonly Trial[]
}
