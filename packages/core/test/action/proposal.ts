import type { Action } from '../../src/action/action.js'
import { kindTable } from '../../src/action/kinds/kinds.js'
import type { PolicyContext } from '../../src/action/policy/policy.js'
import type { FeedbackRecord } from '../../src/feedback/schema.js'
import type { Signal } from '../../src/signal/signal.js'

const kinds = kindTable()
export const at = Date.UTC(2026, 2, 4, 8)

/** A setting of a mould to 58 °C, from 60, with room to either side. */
export const setting = {
  equipment: 'IM-04',
  parameter: 'mould_temperature',
  from: 60,
  to: 58,
  unit: 'Cel',
  low: 50,
  high: 70,
  max_step: 3,
}

export function proposed(part: Partial<Action> = {}): Action {
  return {
    id: 'a-1',
    tenant: 'default',
    kind: 'material.hold',
    target: 'mes',
    priority: 5,
    params: { batch: 'C-1', reason: 'it does not cool' },
    reason: { en: 'It does not cool.', zh: '不制冷。' },
    signalId: 's-1',
    rule: 'cooling',
    quotes: [],
    status: 'proposed',
    attempts: 0,
    dueAt: at,
    createdAt: at,
    updatedAt: at,
    signatures: [],
    decisions: [],
    ...part,
  }
}

const signal: Signal = {
  id: 's-1',
  tenant: 'default',
  rule: 'cooling',
  fingerprint: 'cooling:KX',
  title: { en: 'It does not cool.', zh: '不制冷。' },
  status: 'open',
  severity: 9,
  facts: {},
  firings: 1,
  occurrences: 1,
  regressions: 0,
  quotes: [],
  hours: {},
  openedAt: at,
  lastSeenAt: at,
  updatedAt: at,
}

const about: FeedbackRecord = {
  feedbackId: '019b76da-a800-7000-a000-000000000000',
  channel: 'web',
  source: 'shop',
  sourceMessageId: 'm-1',
  receivedAt: '2026-03-04T08:00:00.000Z',
  lastOccurrenceTime: '2026-03-04T08:00:00.000Z',
  language: 'en',
  customerRole: 'consumer',
  productCategory: 'refrigerator',
  productLine: 'premium',
  productModel: 'KX',
  symptomText: 'It does not cool',
  severityScore: 9,
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
  fingerprint: 'f1',
}

/** What a policy sees of an action of the premium line whose target can undo it. */
export function contextOf(action: Partial<Action> = {}, part: Partial<PolicyContext> = {}): PolicyContext {
  const whole = proposed(action)
  const kind = kinds.get(whole.kind)
  return { action: whole, signal, kind, reversible: kind?.inverse !== undefined, about, ...part }
}

export const aboutLine = (productLine: string): FeedbackRecord => ({ ...about, productLine })

export const adjust = (part: object = {}): Partial<Action> => ({
  kind: 'parameter.adjust',
  params: { ...setting, ...part },
})
