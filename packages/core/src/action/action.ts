import type { SubjectState } from '../connector/subject.js'
import type { Receipt } from '../connector/target.js'
import type { Condition, Evidence } from '../feedback/schema.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'
import type { Limits, Mode } from './policy/limits.js'

/** The life of an action: DESIGN section 6. */
export const actionStatuses = [
  'proposed',
  'shadow',
  'awaiting-approval',
  'approved',
  'refused',
  'cancelled',
  'executing',
  'retrying',
  'succeeded',
  'dead',
  'reverting',
  'reverted',
] as const
export type ActionStatus = (typeof actionStatuses)[number]

/** The customer's own words, travelling with the action to the plant. */
export interface Quote {
  readonly feedbackId: string
  readonly channel: string
  readonly at: string
  readonly language: string
  /** Verbatim, cut at 2,000 characters. */
  readonly text: string
  readonly conditions: readonly Condition[]
  /** Photos and recordings by address, and the text recognised in them; at most 5. */
  readonly evidence?: readonly Evidence[]
  readonly productModel?: string
  readonly serialNumber?: string
  /** The source that brought it and its own id there, so that a target can answer the customer. */
  readonly source?: string
  readonly sourceMessageId?: string
}

/** 21 CFR Part 11.50: who, when, and what the signature means. */
export interface Signature {
  /** Printed name. */
  readonly name: string
  /** RFC 3339. */
  readonly at: string
  readonly meaning: string
  /** In which role, where a policy asks for one. */
  readonly role?: string
}

/** So many different people must sign, in this role where one is named. */
export interface SignatureNeed {
  readonly role?: string
  readonly count: number
}

/** One decision about an action, in words; the latest stands last. */
export interface DecisionRecord {
  /** Epoch ms. */
  readonly at: number
  /** Who decided: the gates of the core, a policy, a limit, a person, or the course of things. */
  readonly by: 'gate' | 'policy' | 'limit' | 'person' | 'engine'
  /** Of the policy's rule or the limit. */
  readonly name?: string
  readonly outcome: ActionStatus | 'wait'
  readonly text: Localized
}

/** Taking back what was done: who wants it and why. */
export interface Reversal {
  readonly cause: 'person' | 'expiry' | 'verification' | 'reconciliation'
  readonly reason: string
  /** Epoch ms. */
  readonly askedAt: number
  /** How many people must sign: 0 for what reverts by itself. */
  readonly needs: number
  readonly signatures: readonly Signature[]
}

/** What a person thinks of a decision that was only recorded, or of an effect. */
export interface Review {
  /** The person would have done the same. */
  readonly agreed: boolean
  readonly harmful: boolean
  /** Printed name. */
  readonly name: string
  /** RFC 3339. */
  readonly at: string
  readonly note?: string
}

/** Who stopped an action, and why. */
export interface Stop {
  readonly reason: string
  readonly by?: string
  /** Epoch ms. */
  readonly askedAt: number
}

/** A worker holds the action until `until` (epoch ms). */
export interface Lease {
  readonly owner: string
  readonly until: number
}

/** What will be judged, written down before the action runs. */
export interface EffectTest {
  /** `complaint rate`, or a metric that a provider measures in the line, e.g. `fpy_fallout`. */
  readonly metric: string
  readonly direction: 'down' | 'up'
  /** Smallest share by which the metric must move, 0 to 1. */
  readonly minimumEffect: number
  /** Time after the action that is not judged (ms). */
  readonly settleMs: number
  /** Time that is judged (ms). */
  readonly windowMs: number
  /** What a failed test leads to. */
  readonly onFailure: 'reopen' | 'revert'
}

/** One typed request to change or tell something. */
export interface Action {
  /** Stable: the same finding gives the same id on every run, so a target can make the effect happen once. */
  readonly id: string
  readonly tenant: string
  readonly kind: string
  /** The name under which the target was given to `createAndon`. */
  readonly target: string
  /** 1 (first) to 9. */
  readonly priority: number
  readonly params: JsonObject
  readonly reason: Localized
  readonly signalId: string
  readonly rule: string
  readonly quotes: readonly Quote[]
  readonly status: ActionStatus
  /** Why it stands where it stands, in both languages. */
  readonly note?: Localized
  /** Tries of what it does now: the execution, or the reversal. */
  readonly attempts: number
  /** Not before this instant (epoch ms). */
  readonly dueAt: number
  /** When time alone changes it next (epoch ms): the end of its deadline, or of its effect. */
  readonly wakeAt?: number
  /** Not begun after this instant (epoch ms): it is dead then. */
  readonly deadlineAt?: number
  /** How long its effect stands before it is taken back (ms from its success). */
  readonly expiresAfter?: number
  readonly lease?: Lease
  /** Every decision about it, oldest first. */
  readonly decisions: readonly DecisionRecord[]
  /** The signatures that it waits for, in this order where `ordered`. */
  readonly needs?: { readonly signatures: readonly SignatureNeed[]; readonly ordered: boolean }
  /** Bounds of its policy, kept with it: a later policy does not change what was decided. */
  readonly limits?: Limits
  /** The product line it is about: roll-out is counted by it. */
  readonly productLine?: string
  /** What its policy may do at most by itself. */
  readonly mode?: Mode
  /** How what it changes stood before, where the target could tell: what a reversal brings back. */
  readonly before?: readonly SubjectState[]
  /** A person has stopped it after a try that may have had its effect: the target is asked, and what was done taken back. */
  readonly stop?: Stop
  readonly reversal?: Reversal
  /** What will be judged of it: registered before it runs. */
  readonly tests?: readonly EffectTest[]
  readonly review?: Review
  /** Journal instant of the finding (epoch ms). */
  readonly createdAt: number
  readonly updatedAt: number
  readonly receipt?: Receipt
  readonly revertReceipt?: Receipt
  readonly signatures: readonly Signature[]
  readonly traceparent?: string
}
