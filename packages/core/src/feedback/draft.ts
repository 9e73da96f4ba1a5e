import type { Condition, Evidence, Feedback, SafetyFlags } from './schema.js'

/**
 * What a channel parser makes of one report. Instants may be anything `Date` or RFC 3339/2822 understands
 * or epoch milliseconds; the normaliser makes them canonical, fills defaults and rejects what cannot be.
 */
export interface FeedbackDraft {
  /** The platform's own id; with tenant and channel it decides what is a duplicate. */
  readonly sourceMessageId: string
  readonly symptomText: string
  readonly receivedAt?: DraftInstant
  readonly occurredAt?: { readonly at: DraftInstant; readonly precision: 'second' | 'day' | 'month' }
  readonly lastOccurrenceTime?: DraftInstant
  readonly language?: string
  /** Who said it: any personal identifier. It is replaced by a keyed hash before it is stored. */
  readonly customer?: string
  readonly customerRole?: Feedback['customerRole']
  readonly region?: string
  readonly productCategory?: string
  readonly productLine?: string
  readonly productModel?: string
  readonly serialNumber?: string
  readonly batchNumber?: string
  readonly componentBatches?: Readonly<Record<string, string>>
  readonly manufacturedAt?: DraftInstant
  readonly productionSite?: { readonly plant: string; readonly line?: string }
  readonly usageAtFailure?: Feedback['usageAtFailure']
  /** Added to what is read from the text. */
  readonly conditions?: readonly Condition[]
  readonly faultCode?: Feedback['faultCode']
  readonly faultLocation?: Feedback['faultLocation']
  /** 0 to 10. Safety words in the text override it upwards. */
  readonly severityScore?: number
  /** Joined with the flags read from the text. */
  readonly safetyFlags?: Partial<SafetyFlags>
  readonly evidence?: readonly Evidence[]
  readonly satisfactionScore?: Feedback['satisfactionScore']
  /** Whatever else the payload said. Nested values are flattened with dots. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

export type DraftInstant = string | number | Date
