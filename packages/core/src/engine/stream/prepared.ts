import type { JournalTick } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { RuleMatch } from '../../rule/runtime/matcher.js'

/** Under which key a feedback is counted by the hour, and what says where it goes on a bus. */
export interface CountKey {
  readonly tenant: string
  readonly channel: string
  readonly productModel: string
  readonly faultCode: string
  /** Not counted by. */
  readonly productCategory: string
}

/** What analysis needs to know of a feedback that matched no rule: it only counts, and time moves on. */
export interface PassedEntry {
  readonly kind: 'passed'
  readonly offset: number
  readonly at: number
  readonly count: CountKey
  readonly severity: number
}

/** A feedback that something wants to look at; its matches when they have been worked out already. */
export interface MatchedEntry {
  readonly kind: 'feedback'
  readonly offset: number
  readonly at: number
  readonly feedback: FeedbackRecord
  readonly matches?: readonly RuleMatch[]
}

/** A journal entry as analysis takes it. */
export type PreparedEntry = JournalTick | MatchedEntry | PassedEntry

export function countKeyOf(feedback: FeedbackRecord): CountKey {
  const { tenant, channel, productModel = '', faultCode, productCategory = '' } = feedback
  return { tenant, channel, productModel, faultCode: faultCode?.code ?? '', productCategory }
}
