import { createHash } from 'node:crypto'
import type { Action, NewEntry, Quote, Signal } from '@andon/core/connector'
import type { FeedbackRecord, RawRecord } from '@andon/core/feedback'

/** 2026-01-01T00:00:00Z: the instant of sample 0; each next one is a second later. */
export const sampleStart = Date.UTC(2026, 0, 1)

const instantOf = (index: number): string => new Date(sampleStart + index * 1000).toISOString()

/** A valid UUIDv7 that depends on nothing but its arguments. */
function sampleUuid(index: number, name: string): string {
  const time = (sampleStart + index * 1000).toString(16).padStart(12, '0')
  const hash = createHash('sha256').update(`${name}:${index}`).digest('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-a${hash.slice(3, 6)}-${hash.slice(6, 18)}`
}

/**
 * A valid feedback: a refrigerator that cools badly, with every gate of a production action passed.
 * `index` (0 or more) makes it different from its neighbours and one second later than the one before.
 */
export function sampleFeedback(index: number, overrides: Partial<FeedbackRecord> = {}): FeedbackRecord {
  const at = instantOf(index)
  const id = sampleUuid(index, overrides.tenant ?? 'default')
  return {
    feedbackId: id,
    channel: 'web',
    source: 'sample',
    sourceMessageId: `message-${index}`,
    receivedAt: at,
    lastOccurrenceTime: at,
    language: index % 2 === 0 ? 'en' : 'zh-CN',
    customerRole: 'consumer',
    region: 'CN-GD',
    productCategory: 'refrigerator',
    productLine: '高端系列',
    productModel: 'KX-500',
    serialNumber: `KX500-${String(index).padStart(6, '0')}`,
    batchNumber: `F-${Math.floor(index / 100)}`,
    componentBatches: { compressor: `C-${index % 5}`, mainboard: `M-${index % 7}` },
    symptomText:
      index % 2 === 0 ? `It does not cool below 9 °C, case ${index}` : `冷藏室降不到9℃，编号${index}`,
    conditions: [{ quantity: 'temperature', min: 9, unit: 'Cel', text: index % 2 === 0 ? '9 °C' : '9℃' }],
    faultCode: { catalog: 'andon', code: 'E-COOL-01' },
    severityScore: 6,
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
    fingerprint: 'f1:KX-500:E-COOL-01',
    ...overrides,
  }
}

/** The raw payload of a sample, as the journal keeps it. It follows from the overrides. */
export function sampleRaw(index: number, overrides: Partial<FeedbackRecord> = {}): RawRecord {
  const { sourceMessageId, symptomText } = sampleFeedback(index, overrides)
  const payload = JSON.stringify({ id: sourceMessageId, text: symptomText })
  return { payload, encoding: 'text', sha256: createHash('sha256').update(payload).digest('hex') }
}

/** A feedback with its raw payload, ready to be appended. */
export function sampleEntry(index: number, overrides: Partial<FeedbackRecord> = {}): NewEntry {
  const { payload, encoding } = sampleRaw(index, overrides)
  return { feedback: sampleFeedback(index, overrides), raw: { payload, encoding } }
}

/** The customer's words of sample `index`, as they travel with an action. */
export function sampleQuote(index: number): Quote {
  const feedback = sampleFeedback(index)
  return {
    feedbackId: feedback.feedbackId,
    channel: feedback.channel,
    at: feedback.receivedAt,
    language: feedback.language,
    text: feedback.symptomText,
    conditions: feedback.conditions ?? [],
    productModel: 'KX-500',
    serialNumber: `KX500-${String(index).padStart(6, '0')}`,
  }
}

/** A valid action that asks for a hold of the compressor batch C-1. */
export function sampleAction(index: number, overrides: Partial<Action> = {}): Action {
  const at = sampleStart + index * 1000
  return {
    id: `action-${index}`,
    tenant: 'default',
    kind: 'material.hold',
    target: 'plant',
    priority: 5,
    params: { batch: 'C-1', component: 'compressor', reason: 'cooling failures in the field' },
    reason: { en: 'Cooling failures in the field.', zh: '市场出现制冷故障。' },
    signalId: `signal-${index}`,
    rule: 'sample_rule',
    quotes: [sampleQuote(index)],
    status: 'approved',
    attempts: 0,
    dueAt: at,
    createdAt: at,
    updatedAt: at,
    signatures: [],
    decisions: [],
    ...overrides,
  }
}

/** A valid open signal. */
export function sampleSignal(index: number, overrides: Partial<Signal> = {}): Signal {
  const at = sampleStart + index * 1000
  return {
    id: `signal-${index}`,
    tenant: 'default',
    rule: 'sample_rule',
    fingerprint: `sample_rule:KX-500:${index}`,
    title: { en: 'Cooling failures of KX-500', zh: 'KX-500 制冷故障' },
    status: 'open',
    severity: 6,
    facts: { product_model: 'KX-500', units: 5 },
    firings: 1,
    occurrences: 5,
    regressions: 0,
    quotes: [sampleQuote(index)],
    hours: { [String(Math.floor(at / 3_600_000))]: 5 },
    openedAt: at,
    lastSeenAt: at,
    updatedAt: at,
    ...overrides,
  }
}
