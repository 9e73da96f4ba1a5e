import { describe, expect, it } from 'vitest'
import type { FeedbackRecord } from '../../../src/feedback/schema.js'
import { evaluate, parsePredicate, parseRules, printRules } from '../../../src/rule/index.js'
import { ruleWhere } from '../language/samples.js'
import { complaint, engine } from './feed.js'
import { goldenConditions } from './golden-conditions.js'

function feedbackOf(overrides: Partial<FeedbackRecord>): FeedbackRecord {
  const entry = complaint(1, 0, overrides)
  if (entry.kind !== 'feedback') throw new Error('a complaint is feedback')
  return entry.feedback
}

const feedback = feedbackOf({
  receivedAt: '2026-03-01T17:30:05.250Z',
  occurredAt: { at: '2026-01-31T00:00:00.000Z', precision: 'day' },
  manufacturedAt: '2025-12-24',
  conditions: [
    { quantity: 'fridge', min: 8, unit: 'Cel', text: '8 ℃' },
    { quantity: 'time', min: 6, text: 'at night' },
  ],
})
const now = Date.UTC(2026, 2, 1, 18)
const holds = (condition: string, of = feedback): boolean | null =>
  evaluate(parsePredicate(condition), of, { now })

describe('expressions', () => {
  it.each(goldenConditions)('%s, as in PostgreSQL', (condition) => {
    expect(holds(condition)).toBe(true)
  })

  it.each(goldenConditions)('%s holds as it is printed, too', (condition) => {
    const [head, tail] = ['WHERE ', '\nESCALATE']
    const text = printRules(parseRules(ruleWhere(condition)))
    expect(holds(text.slice(text.indexOf(head) + head.length, text.lastIndexOf(tail)))).toBe(true)
  })

  it.each([
    '1 / 0 = 1',
    '1 % 0 = 1',
    'MOD(1, 0) = 1',
    "SUBSTRING('a', 1, -1) = 'a'",
    "INTERVAL '1 day' / 0 = INTERVAL '1 day'",
    '1e308 * 10 > 1',
    "received_at + INTERVAL '1 day' * 1e12 > received_at",
    "received_at - INTERVAL '1 month' * 1e12 < received_at",
    "INTERVAL '1 day' * 1e308 > INTERVAL '1 day'",
    "last_occurrence_time > NOW() - INTERVAL '900000000 months'",
  ])('%s is unknown, where PostgreSQL stops with an error', (condition) => {
    expect(holds(condition)).toBeNull()
  })

  it.each([
    "received_at + INTERVAL '1 day' * 1e12",
    "received_at - INTERVAL '1 month' * 1e300",
    "DATE_TRUNC('year', received_at - INTERVAL '1 day' * 100020512)",
    "'' || (received_at + INTERVAL '1 day' * 1e12)",
    "EXTRACT(hour FROM (received_at + INTERVAL '1 day' * 1e12) AT TIME ZONE 'Asia/Shanghai')",
  ])('%s is beyond all calendars: a rule that asks for it fires without it', (expression) => {
    const running = engine(`CREATE RULE r AS SELECT ${expression} AS x FROM feedbacks ESCALATE TO t;`)
    expect(running.observe([complaint(1, 0)]).firings).toMatchObject([{ facts: { x: null } }])
  })

  it('a fact may have any name', () => {
    const running = engine('CREATE RULE r AS SELECT 7 AS __proto__ FROM feedbacks ESCALATE TO t;')
    const [firing] = running.observe([complaint(1, 0)]).firings
    expect(Object.entries(firing?.facts ?? {})).toContainEqual(['__proto__', 7])
  })

  it('a feedback without a list has an empty one', () => {
    const bare = feedbackOf({})
    expect(holds("'fridge' = ANY (conditions.quantity)", bare)).toBe(false)
    expect(holds("'fridge' <> ALL (conditions.quantity)", bare)).toBe(true)
    expect(holds('conditions_count = 0', bare)).toBe(true)
  })

  it('what an attribute holds decides: a function of texts is unknown for a number', () => {
    const odd = feedbackOf({ attributes: { firmware: 3, colour: 'Red' } })
    expect(holds("LOWER(attributes.firmware) = 'red'", odd)).toBeNull()
    expect(holds("LOWER(attributes.colour) = 'red'", odd)).toBe(true)
    expect(holds("attributes.firmware IN ('3')", odd)).toBeNull()
  })

  it('a list of constants means the same whether it is looked up or gone through', () => {
    for (const list of ["'a', 'b'", "'a', NULL", 'NULL', "LOWER('A'), 'b'", "LOWER('A'), NULL"]) {
      for (const negated of ['', 'NOT ']) {
        for (const value of ['a', 'c', undefined]) {
          const of = feedbackOf({ region: value })
          const [inList, anyOf] = [
            `region ${negated}IN (${list})`,
            `${negated}(region = ANY (ARRAY[${list}]))`,
          ]
          expect(holds(inList, of), `${inList} for ${value}`).toBe(holds(anyOf, of))
        }
      }
    }
  })

  it('case changes one code point for one, as under the collation pg_c_utf8', () => {
    expect(holds("UPPER('Straße ﬁ') = 'STRAßE ﬁ' AND LENGTH(UPPER('ß')) = 1")).toBe(true)
  })

  it('a text among instants is an instant, where PostgreSQL wants it cast', () => {
    expect(holds("received_at = ANY (ARRAY['2026-03-01T17:30:05.25Z', NULL])")).toBe(true)
  })

  it('an alias may have the name of a column that it is made of', () => {
    const { firings } = engine(
      `CREATE RULE r AS SELECT severity_score + 1 AS severity_score FROM feedbacks
       THEN notify (to = 'q', text = '{severity_score}');`,
    ).observe([complaint(1, 0, { severityScore: 5 })])
    expect(firings).toMatchObject([{ facts: { severity_score: 6 }, actions: [{ params: { text: '6' } }] }])
  })

  it('the list of one step may be compared with a value of another', () => {
    const text = `CREATE RULE again AS SELECT b.product_model AS model FROM feedbacks
      MATCH (a, b) WHERE b.serial_number = a.serial_number AND b.region = ANY (a.conditions.unit)
        AND 'fridge' = ANY (a.conditions.quantity) WITHIN INTERVAL '1 day'
      THEN notify (to = 'q', text = '{model}');`
    const found = (region: string): number => {
      const first = { serialNumber: 'S', conditions: [{ quantity: 'fridge', unit: 'Cel', text: 'x' }] }
      const rules = engine(text)
      return rules.observe([complaint(1, 0, first), complaint(2, 9, { serialNumber: 'S', region })]).firings
        .length
    }
    expect([found('Cel'), found('km')]).toEqual([1, 0])
  })

  it('night shifts are told by the local clock, in summer and in winter', () => {
    const night = "EXTRACT(hour FROM received_at AT TIME ZONE 'Europe/Berlin') >= 22"
    expect(holds(night, feedbackOf({ receivedAt: '2026-01-15T21:00:00.000Z' }))).toBe(true)
    expect(holds(night, feedbackOf({ receivedAt: '2026-07-15T20:00:00.000Z' }))).toBe(true)
    expect(holds(night, feedbackOf({ receivedAt: '2026-07-15T19:59:00.000Z' }))).toBe(false)
  })
})
