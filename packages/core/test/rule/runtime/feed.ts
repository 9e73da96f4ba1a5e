import type { JournalEntry, JournalFeedback } from '../../../src/connector/store.js'
import type { FeedbackRecord } from '../../../src/feedback/schema.js'
import { parseRules } from '../../../src/rule/index.js'
import type { Findings, Firing } from '../../../src/rule/runtime/finding.js'
import { RuleEngine } from '../../../src/rule/runtime/rule-engine.js'

export const start = Date.UTC(2026, 2, 1, 8)

/** A complaint at a journal instant, `seconds` after the start. */
export function complaint(
  offset: number,
  seconds: number,
  overrides: Partial<FeedbackRecord> = {},
): JournalFeedback {
  const at = start + seconds * 1000
  const instant = new Date(at).toISOString()
  return {
    kind: 'feedback',
    offset,
    at,
    raw: { payload: '{}', encoding: 'text', sha256: '0'.repeat(64) },
    feedback: {
      feedbackId: `018f3c5a-7b2c-7000-8000-${String(offset).padStart(12, '0')}`,
      channel: 'web',
      source: 'test',
      sourceMessageId: `m${offset}`,
      receivedAt: instant,
      lastOccurrenceTime: instant,
      language: 'en',
      customerRole: 'consumer',
      productCategory: 'refrigerator',
      productLine: '高端系列',
      productModel: 'KX-500',
      serialNumber: `SN-${offset}`,
      componentBatches: { compressor: 'C-1' },
      symptomText: 'too warm',
      faultCode: { catalog: 'andon', code: 'E-COOL-01' },
      severityScore: 5,
      safetyFlags: {
        fire: false,
        injury: false,
        electricShock: false,
        leak: false,
        breakdown: false,
        reportable: false,
      },
      tenant: 'default',
      schemaVersion: 1,
      fingerprint: 'f1:test',
      ...overrides,
    },
  }
}

export const tick = (offset: number, seconds: number): JournalEntry => ({
  kind: 'tick',
  offset,
  at: start + seconds * 1000,
})

export function engine(rules: string, limits = { maxGroups: 1000, maxEntriesPerGroup: 1000 }): RuleEngine {
  return new RuleEngine(parseRules(rules), limits)
}

/** Firings in a form that compares: rule, instant in seconds, facts, action parameters. */
export function summary({ firings }: Findings): readonly unknown[] {
  return firings.map(line)
}

export function line({ program, tenant, at, facts, actions, evidence }: Firing): unknown {
  return {
    rule: program.rule.name,
    tenant,
    seconds: (at - start) / 1000,
    facts,
    actions: actions.map(({ kind, params, priority }) => ({ kind, params, priority })),
    evidence,
  }
}
