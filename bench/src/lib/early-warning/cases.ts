import type { Finding, JsonObject } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'

export const day = 86_400_000

/** What `emergingIssue` watches unless told: the fault, and the flags of what may hurt somebody. */
function faultsOf({ faultCode, fingerprint, safetyFlags }: FeedbackRecord): readonly string[] {
  const flags = (['fire', 'injury', 'electricShock'] as const).filter((flag) => safetyFlags[flag])
  return [faultCode?.code ?? fingerprint, ...flags.map((flag) => `safety:${flag}`)]
}

/** One case of a fault of a model. */
export interface Case {
  readonly key: string
  readonly id: string
  /** Epoch ms. */
  readonly arrived: number
}

/** Tells the new cases of a feedback: a unit's reports of one fault are one case, as all methods count it. */
export function caseReader(): (feedback: FeedbackRecord) => readonly Case[] {
  const seen = new Set<string>()
  return (feedback) =>
    faultsOf(feedback).flatMap((fault) => {
      const unit = JSON.stringify([feedback.serialNumber ?? feedback.feedbackId, fault])
      if (seen.has(unit)) return []
      seen.add(unit)
      const key = JSON.stringify([feedback.productModel ?? '?', fault])
      return [{ key, id: feedback.feedbackId, arrived: Date.parse(feedback.receivedAt) }]
    })
}

export const alarm = (key: string, feedbackIds: readonly string[], numbers: JsonObject): Finding => ({
  key,
  title: { en: `${key}: too many`, zh: `${key}：过多` },
  severity: 5,
  feedbackIds,
  numbers,
})
