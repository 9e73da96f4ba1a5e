import type { FeedbackRecord } from '@andon/core/feedback'
import { createMatcher, parseRules } from '@andon/core/rule'
import { type Facts, ruleText } from '../rule-condition.ts'
import type { Engine } from './engine.ts'

const now = Date.UTC(2026, 2, 1, 8)
const instant = new Date(now).toISOString()

/** A whole feedback, as it comes out of the journal. */
export function feedbackOf(facts: Facts): FeedbackRecord {
  const feedback: FeedbackRecord = {
    feedbackId: '019ca7e5-0000-7000-8000-000000000001',
    channel: 'web',
    source: 'survey-eu',
    sourceMessageId: facts.serial_number,
    receivedAt: instant,
    lastOccurrenceTime: instant,
    language: 'en',
    customerRole: 'consumer',
    region: facts.region,
    productCategory: 'refrigerator',
    productLine: facts.product_line,
    productModel: facts.product_model,
    serialNumber: facts.serial_number,
    batchNumber: facts.batch_number,
    usageAtFailure: { value: facts.usage, unit: 'h' },
    symptomText: facts.symptom_text,
    severityScore: facts.severity_score,
    safetyFlags: {
      fire: false,
      injury: false,
      electricShock: false,
      leak: false,
      breakdown: true,
      reportable: false,
    },
    tenant: 'default',
    schemaVersion: 1,
    fingerprint: 'f1',
  }
  // Through JSON, so that texts are objects of their own, as they are in operation.
  return JSON.parse(JSON.stringify(feedback)) as FeedbackRecord
}

export const andon: Engine<FeedbackRecord> = {
  event: feedbackOf,
  load: (conditions) => {
    const matcher = createMatcher(parseRules(ruleText(conditions)))
    return (feedback) => matcher.match(feedback, { now }).length
  },
}
