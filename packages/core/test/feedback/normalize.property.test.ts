import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackDraft } from '../../src/feedback/draft.js'
import { feedbackRecordSchema } from '../../src/feedback/schema.js'
import { minimal, normalize } from './draft.js'

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('冒烟', 'at 5 V', '每天3次', '2026-03-01', '1919'),
)
const nearly = {
  sourceMessageId: text,
  symptomText: text,
  receivedAt: fc.oneof(text, fc.double(), fc.date(), fc.constant('2026-02-28T01:02:03Z')),
  occurredAt: fc.record({
    at: fc.oneof(text, fc.integer()),
    precision: fc.constantFrom('second', 'day', 'month'),
  }),
  lastOccurrenceTime: fc.oneof(text, fc.date()),
  language: text,
  customer: text,
  customerRole: fc.constantFrom('consumer', 'device', 'king'),
  region: text,
  productModel: text,
  componentBatches: fc.dictionary(text, text),
  manufacturedAt: fc.oneof(text, fc.date()),
  productionSite: fc.record({ plant: text, line: text }),
  conditions: fc.array(fc.record({ quantity: text, text })),
  faultCode: fc.record({ catalog: text, code: text }),
  severityScore: fc.double(),
  safetyFlags: fc.record({ fire: fc.boolean(), leak: fc.boolean() }, { requiredKeys: [] }),
  evidence: fc.array(fc.record({ uri: text, mime: text, derivedText: text })),
  satisfactionScore: fc.record({ kind: fc.constantFrom('nps', 'stars'), value: fc.double() }),
  attributes: fc.object(),
} satisfies Partial<Record<keyof FeedbackDraft, unknown>>

describe('normalising', () => {
  it('never throws, and accepts only what the schema holds valid, for drafts that are nearly right', () => {
    fc.assert(
      fc.property(fc.record(nearly, { requiredKeys: [] }), (part) => {
        const result = normalize({ ...minimal, ...part })
        if (result.ok) expect(feedbackRecordSchema.safeParse(result.feedback).success).toBe(true)
        else expect(result.problems.length).toBeGreaterThan(0)
      }),
      { seed: 27, numRuns: 500 },
    )
  })

  it('never throws for anything at all in any field', () => {
    const wild = Object.fromEntries(Object.keys(nearly).map((name) => [name, fc.anything()]))
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record(wild, { requiredKeys: [] })), (draft) => {
        const result = normalize(draft)
        if (!result.ok)
          for (const { value, reason } of result.problems) {
            expect(value.length).toBeLessThanOrEqual(200)
            expect(reason.en && reason.zh).toBeTruthy()
          }
      }),
      { seed: 28, numRuns: 500 },
    )
  })

  it('is a function: the same draft gives the same feedback', () => {
    fc.assert(
      fc.property(fc.record(nearly, { requiredKeys: [] }), (part) => {
        expect(normalize({ ...minimal, ...part })).toEqual(normalize({ ...minimal, ...part }))
      }),
      { seed: 29 },
    )
  })
})
