import type { FeedbackDraft } from '../../src/feedback/draft.js'
import { type NormalizeContext, type Normalized, normalizeDraft } from '../../src/feedback/normalize.js'
import type { FeedbackRecord } from '../../src/feedback/schema.js'

export const now = Date.parse('2026-03-01T08:00:00Z')

const context: NormalizeContext = {
  tenant: 'default',
  source: 'ingest',
  channel: 'web',
  now,
  customerKey: 'a key of the tests',
}

export const minimal: FeedbackDraft = { sourceMessageId: 'm-1', symptomText: 'The display stays black' }

/** Normalises what a parser in plain JavaScript may have made, types or no types. */
export function normalize(draft: unknown, changes: Partial<NormalizeContext> = {}): Normalized {
  return normalizeDraft(draft as FeedbackDraft, { ...context, ...changes })
}

export function accepted(draft: unknown, changes: Partial<NormalizeContext> = {}): FeedbackRecord {
  const result = normalize(draft, changes)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.feedback
}

/** The problems as `field: English reason`. */
export function problems(draft: unknown, changes: Partial<NormalizeContext> = {}): string[] {
  const result = normalize(draft, changes)
  return result.ok ? [] : result.problems.map(({ field, reason }) => `${field}: ${reason.en}`)
}
