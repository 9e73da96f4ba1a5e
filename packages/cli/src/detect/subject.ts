import type { FeedbackRecord } from '@andon/core/feedback'

/** Safety flags by which a report and a known event can be about the same; of injuries almost every notice warns. */
const dangers = ['fire', 'electricShock'] as const

/** What a feedback is about. */
export interface Subject {
  readonly model: string
  readonly fault: string
  readonly dangers: readonly string[]
}

export function subjectOf(feedback: FeedbackRecord): Subject {
  const { productModel, productLine, faultCode, fingerprint, safetyFlags } = feedback
  return {
    model: productModel ?? productLine ?? '?',
    fault: faultCode?.code ?? fingerprint,
    dangers: dangers.filter((danger) => safetyFlags[danger]),
  }
}
