import { describe, expect, it } from 'vitest'
import type { FeedbackRecord } from '../../src/feedback/schema.js'
import { dryRun, evaluate, explain, parsePredicate, parseRules, RuleError } from '../../src/rule/index.js'

const now = Date.UTC(2026, 2, 1, 8)
const feedback = (fields: Partial<FeedbackRecord> = {}): FeedbackRecord => ({
  feedbackId: '019ca7e5-0000-7000-8000-000000000001',
  channel: 'web',
  source: 'test',
  sourceMessageId: '1',
  receivedAt: new Date(now).toISOString(),
  lastOccurrenceTime: new Date(now).toISOString(),
  language: 'en',
  customerRole: 'consumer',
  symptomText: 'warm',
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
  fingerprint: 'f',
  ...fields,
})

describe('a predicate', () => {
  it('is true, false or unknown', () => {
    const line = parsePredicate("product_line = '高端系列'")
    expect(evaluate(line, feedback({ productLine: '高端系列' }), { now })).toBe(true)
    expect(evaluate(line, feedback({ productLine: 'Basic' }), { now })).toBe(false)
    expect(evaluate(line, feedback(), { now })).toBeNull()
  })

  it('takes NOW() from whoever asks', () => {
    const recent = parsePredicate("last_occurrence_time > NOW() - INTERVAL '1 hour'")
    expect(evaluate(recent, feedback(), { now: now + 3_599_999 })).toBe(true)
    expect(evaluate(recent, feedback(), { now: now + 3_600_000 })).toBe(false)
  })

  it.each([
    ['severty_score > 8', 'severity_score'],
    ['severity_score > ', 'expected'],
    ['COUNT(*) > 3', 'HAVING'],
    ["severity_score LIKE 'x%'", 'text'],
    ['severity_score', 'true or false'],
    ['severity_score > 8 ESCALATE', 'expected'],
  ])('that is wrong (%s) is refused with its place and what was meant', (text, said) => {
    const refused = (): unknown => parsePredicate(text)
    expect(refused).toThrow(RuleError)
    expect(refused).toThrow(said)
    expect(refused).toThrow('^')
  })
})

describe('explain', () => {
  const [rule] = parseRules(`CREATE RULE r AS SELECT * FROM feedbacks
    WHERE severity_score > 8 AND (channel = 'app' OR product_line = 'Basic')
      AND last_occurrence_time > NOW() - INTERVAL '1 hour' ESCALATE TO x;`)
  if (rule === undefined) throw new Error('no rule')

  it('gives every conjunct its values and its truth, and the sides of an OR', () => {
    expect(explain(rule, feedback(), { now })).toEqual({
      result: null,
      parts: [
        { text: 'severity_score > 8', result: true, values: [{ column: 'severity_score', value: 9 }] },
        {
          text: "channel = 'app' OR product_line = 'Basic'",
          result: null,
          values: [
            { column: 'channel', value: 'web' },
            { column: 'product_line', value: null },
          ],
          parts: [
            { text: "channel = 'app'", result: false, values: [{ column: 'channel', value: 'web' }] },
            {
              text: "product_line = 'Basic'",
              result: null,
              values: [{ column: 'product_line', value: null }],
            },
          ],
        },
        {
          text: "last_occurrence_time > NOW() - INTERVAL '1 hour'",
          result: true,
          values: [
            { column: 'last_occurrence_time', value: '2026-03-01T08:00:00.000Z' },
            { column: 'NOW()', value: '2026-03-01T08:00:00.000Z' },
          ],
        },
      ],
    })
  })

  it('of a rule with MATCH says for each step what it asks of the feedback alone', () => {
    const [again] = parseRules(`CREATE RULE again AS SELECT * FROM feedbacks
      MATCH (first, second) WHERE first.severity_score > 9 AND second.severity_score > 5
        AND second.serial_number = first.serial_number WITHIN INTERVAL '1 day'
      WITHOUT (reply) WHERE reply.channel = 'call' AND reply.serial_number = first.serial_number
        WITHIN INTERVAL '1 hour'
      ESCALATE TO x;`)
    const explanation = again && explain(again, feedback(), { now })
    expect(explanation).toMatchObject({
      result: true,
      parts: [
        { text: 'first', result: false, parts: [{ text: 'severity_score > 9', result: false }] },
        { text: 'second', result: true, parts: [{ text: 'severity_score > 5', result: true }] },
        { text: 'reply', result: false, parts: [{ text: "channel = 'call'", result: false }] },
      ],
    })
  })

  it('shows every value of a list', () => {
    const anywhere = parsePredicate("'Cel' = ANY (conditions.unit) AND LENGTH(symptom_text) > 3")
    const conditions = [
      { quantity: 'fridge', unit: 'Cel', text: '8 ℃' },
      { quantity: 'time', text: 'at night' },
    ]
    const { parts } = explain(anywhere, feedback({ conditions }), { now })
    expect(parts.map(({ values }) => values)).toEqual([
      [{ column: 'conditions.unit', value: ['Cel', null] }],
      [{ column: 'symptom_text', value: 'warm' }],
    ])
  })

  it('of a rule without WHERE is that it matches', () => {
    const [all] = parseRules('CREATE RULE all_of_it AS SELECT * FROM feedbacks ESCALATE TO x;')
    expect(all && explain(all, feedback(), { now })).toEqual({ result: true, parts: [] })
  })
})

describe('a dry run', () => {
  it('fires what the engine fires, at the instant, with the offsets of the evidence', () => {
    const run = dryRun(
      parseRules(`CREATE RULE wave AS SELECT product_model, COUNT(*) AS n FROM feedbacks GROUP BY product_model
        WINDOW SLIDING INTERVAL '1 minute' HAVING COUNT(*) >= 2 THEN notify (to = 'q', text = '{n}');`),
    )
    const firings = [0, 30_000, 200_000, 261_000].flatMap((after, index) => [
      ...run.observe([{ offset: index + 1, at: now + after, feedback: feedback({ productModel: 'K' }) }]),
    ])
    expect(firings).toMatchObject([
      {
        rule: 'wave',
        tenant: 'default',
        at: now + 30_000,
        facts: { product_model: 'K', n: 2 },
        evidence: [1, 2],
      },
    ])
    expect(run.advance(now + 600_000)).toEqual([])
    expect(run.losses()).toEqual({})
  })
})
