import type { FeedbackRecord } from './schema.js'

/** What a customer said and rated, without when and how it came: the same content is the same report. */
export function contentOf(feedback: FeedbackRecord): string {
  const { symptomText, severityScore, conditions, evidence, satisfactionScore, faultCode, occurredAt } =
    feedback
  return JSON.stringify([
    symptomText,
    severityScore,
    conditions,
    evidence,
    satisfactionScore,
    faultCode,
    occurredAt,
  ])
}
