import type { Receipt } from '../connector/target.js'
import type { Condition, Evidence } from '../feedback/schema.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'

/** The life of an action: DESIGN section 6. */
export const actionStatuses = [
  'proposed',
  'shadow',
  'awaiting-approval',
  'approved',
  'refused',
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
}

/** 21 CFR Part 11.50: who, when, and what the signature means. */
export interface Signature {
  readonly name: string
  readonly at: string
  readonly meaning: string
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
  readonly attempts: number
  /** Not before this instant (epoch ms). */
  readonly dueAt: number
  /** Journal instant of the finding (epoch ms). */
  readonly createdAt: number
  readonly updatedAt: number
  readonly receipt?: Receipt
  readonly revertReceipt?: Receipt
  readonly signatures: readonly Signature[]
  readonly traceparent?: string
}
