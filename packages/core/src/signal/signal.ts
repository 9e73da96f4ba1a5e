import type { Quote } from '../action/action.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'

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
  /** Matching feedbacks per hour: hour (epoch ms / 3,600,000) → count; the last 336 hours. */
  readonly hours: Readonly<Record<string, number>>
  readonly openedAt: number
  readonly lastSeenAt: number
  readonly updatedAt: number
  readonly verification?: Verification
}

/** The test whether an action had its effect: registered before it runs, judged at `dueAt`. */
export interface Verification {
  readonly actionId: string
  /** When the effect began (epoch ms). */
  readonly since: number
  readonly dueAt: number
  /** Smallest share by which complaints must fall, 0 to 1. */
  readonly minimumEffect: number
  /** Matching feedbacks per hour before the action. */
  readonly rateBefore: number
  readonly rateAfter?: number
  readonly verdict?: 'effective' | 'not effective'
}
