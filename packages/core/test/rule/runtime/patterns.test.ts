import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaint, engine, line, start, summary, tick } from './feed.js'
import { type Given, journals } from './journals.js'

const sequence = `CREATE RULE again AS
  SELECT first.feedback_id AS earlier, second.feedback_id AS later FROM feedbacks
  MATCH (first, second) WHERE first.severity_score >= 4 AND second.severity_score > first.severity_score
    AND second.serial_number = first.serial_number WITHIN INTERVAL '30 seconds'
  ESCALATE TO quality;`

const absence = `CREATE RULE unanswered AS SELECT complaint.feedback_id AS id FROM feedbacks
  MATCH (complaint) WHERE complaint.severity_score >= 7
  WITHOUT (reply) WHERE reply.product_model = complaint.product_model AND reply.severity_score < 3
    WITHIN INTERVAL '25 seconds'
  ESCALATE TO service;`

const end = tick(1_000_000, 86_400)
const idOf = ({ entry }: Given): string => entry.feedback.feedbackId

describe('MATCH', () => {
  it('finds what following every beginning by hand finds', () => {
    fc.assert(
      fc.property(journals(), (given) => {
        const open: { readonly first: Given; done: boolean }[] = []
        const expected: unknown[] = []
        for (const now of given) {
          for (const match of open) {
            const { first } = match
            if (match.done || now.seconds - first.seconds >= 30) continue
            if (now.unit !== first.unit || now.severity <= first.severity) continue
            match.done = true
            expected.push({ earlier: idOf(first), later: idOf(now) })
          }
          if (now.severity >= 4) open.push({ first: now, done: false })
        }
        const found = engine(sequence).observe([...given.map(({ entry }) => entry), end]).firings
        expect(found.map(({ facts }) => ({ earlier: facts.earlier, later: facts.later }))).toEqual(expected)
      }),
    )
  })

  it('carries the evidence of every step and the feedback that completed it', () => {
    const { firings } = engine(sequence).observe([
      complaint(1, 0, { serialNumber: 'S', severityScore: 5 }),
      complaint(2, 1, { serialNumber: 'other', severityScore: 9 }),
      complaint(3, 2, { serialNumber: 'S', severityScore: 6 }),
    ])
    expect(firings).toHaveLength(1)
    expect(firings[0]).toMatchObject({ evidence: [1, 3], trigger: { serialNumber: 'S', severityScore: 6 } })
  })

  it('knows the aliases of SELECT in its actions, with groups and without', () => {
    const rule = (
      groups: string,
    ) => `CREATE RULE r AS SELECT b.serial_number AS serial, a.received_at AS since
      FROM feedbacks MATCH (a, b) WHERE b.serial_number = a.serial_number WITHIN INTERVAL '1 hour' ${groups}
      THEN notify (to = serial, text = '{serial} of {a.product_model} since {since}');`
    for (const groups of ['', 'GROUP BY a.product_model, b.serial_number, a.received_at']) {
      const { firings } = engine(rule(groups)).observe([
        complaint(1, 0, { serialNumber: 'S' }),
        complaint(2, 1, { serialNumber: 'S' }),
      ])
      const params = { to: 'S', text: 'S of KX-500 since 2026-03-01 08:00:00+00' }
      expect(firings[0]?.actions[0]?.params).toEqual(params)
    }
  })

  it('never lets a feedback follow itself', () => {
    const twice = `CREATE RULE r AS SELECT * FROM feedbacks MATCH (a, b)
      WHERE a.severity_score > 1 AND b.severity_score > 1 AND b.serial_number = a.serial_number
      WITHIN INTERVAL '1 hour' ESCALATE TO t;`
    expect(engine(twice).observe([complaint(1, 0)]).firings).toEqual([])
  })

  it('keeps tenants apart', () => {
    const given = [
      complaint(1, 0, { serialNumber: 'S', severityScore: 5, tenant: 'a' }),
      complaint(2, 1, { serialNumber: 'S', severityScore: 9, tenant: 'b' }),
    ]
    expect(engine(sequence).observe(given).firings).toEqual([])
  })

  it('joins nothing that is not known', () => {
    const given = [
      complaint(1, 0, { serialNumber: undefined, severityScore: 5 }),
      complaint(2, 1, { serialNumber: undefined, severityScore: 9 }),
    ]
    expect(engine(sequence).observe(given).firings).toEqual([])
  })

  it('finds the same fault of the same unit after a repair', () => {
    const recurrence = `CREATE RULE recurrence AS
      SELECT again.serial_number AS unit, again.fault_code AS fault, first.received_at AS since FROM feedbacks
      MATCH (first, repair, again)
        WHERE repair.channel = 'field-service' AND repair.serial_number = first.serial_number
          AND again.serial_number = first.serial_number AND again.fault_code = first.fault_code
          AND again.received_at > repair.received_at + INTERVAL '1 day'
        WITHIN INTERVAL '90 days'
      ESCALATE TO quality WITH PRIORITY 2;`
    const day = 86_400
    const unit = { serialNumber: 'S-7' }
    const found = engine(recurrence).observe([
      complaint(1, 0, unit),
      complaint(2, 2 * day, { ...unit, channel: 'field-service', faultCode: undefined }),
      complaint(3, 2.5 * day, unit),
      complaint(4, 40 * day, { ...unit, faultCode: { catalog: 'andon', code: 'E-OTHER' } }),
      complaint(5, 41 * day, unit),
      complaint(6, 42 * day, unit),
    ])
    expect(summary(found)).toMatchObject([
      {
        seconds: 41 * day,
        facts: { unit: 'S-7', fault: 'E-COOL-01', since: new Date(start).toISOString() },
        evidence: [1, 2, 5],
      },
    ])
  })

  it('feeds GROUP BY, WINDOW and HAVING with its matches', () => {
    const grouped = `CREATE RULE models AS SELECT COUNT(DISTINCT b.serial_number) AS units FROM feedbacks
      MATCH (a, b) WHERE a.severity_score > 3 AND b.severity_score > 3 AND b.serial_number = a.serial_number
        WITHIN INTERVAL '1 hour'
      GROUP BY b.product_model WINDOW SLIDING INTERVAL '1 day' HAVING COUNT(DISTINCT b.serial_number) >= 2
      ESCALATE TO quality;`
    const entries = ['S-1', 'S-1', 'S-2', 'S-3', 'S-2'].map((serialNumber, i) =>
      complaint(i + 1, i * 60, { serialNumber }),
    )
    const { firings } = engine(grouped).observe(entries)
    expect(firings.map(({ facts, evidence }) => ({ facts, evidence }))).toEqual([
      { facts: { 'b.product_model': 'KX-500', units: 2 }, evidence: [2, 5] },
    ])
  })

  it('keeps to its cap, forgets what has waited longest, and says so', () => {
    const running = engine(sequence, { maxGroups: 3, maxEntriesPerGroup: 10 })
    running.observe([1, 2, 3, 4, 5].map((i) => complaint(i, i, { serialNumber: `S-${i}`, severityScore: 5 })))
    expect(running.losses()).toEqual({ again: { entries: 0, groups: 0, late: 0, matches: 2 } })
    const answered = [1, 5].map((i) =>
      complaint(10 + i, 10 + i, { serialNumber: `S-${i}`, severityScore: 9 }),
    )
    expect(running.observe(answered).firings.map(({ evidence }) => evidence)).toEqual([[5, 15]])
  })
})

describe('WITHOUT', () => {
  it('finds what waiting by hand finds, at the instant when the wait is over', () => {
    fc.assert(
      fc.property(journals(), (given) => {
        const expected = given
          .filter(({ severity }) => severity >= 7)
          .filter(
            (asked) =>
              !given.some(
                (reply) =>
                  given.indexOf(reply) > given.indexOf(asked) &&
                  reply.seconds - asked.seconds < 25 &&
                  reply.model === asked.model &&
                  reply.severity < 3,
              ),
          )
          .map((asked) => ({ seconds: asked.seconds + 25, id: idOf(asked) }))
        const found = engine(absence).observe([...given.map(({ entry }) => entry), end]).firings
        expect(found.map(({ at, facts }) => ({ seconds: (at - start) / 1000, id: facts.id }))).toEqual(
          expected,
        )
      }),
    )
  })

  it('goes with a plain WHERE, whose columns are those of the feedback that waits', () => {
    const plain = `CREATE RULE silent AS SELECT source_message_id AS message FROM feedbacks
      WHERE severity_score >= 8
      WITHOUT (reply) WHERE reply.customer_role = 'internal' AND reply.attributes.reply_to = source_message_id
        WITHIN INTERVAL '2 hours'
      ESCALATE TO service;`
    const running = engine(plain)
    const { firings } = running.observe([
      complaint(1, 0, { severityScore: 9, receivedAt: '2026-03-01T08:00:00.000Z' }),
      complaint(2, 10, { severityScore: 9 }),
      complaint(3, 60, { customerRole: 'internal', attributes: { reply_to: 'm1' } }),
      tick(4, 3 * 3600),
    ])
    expect(firings.map(line)).toMatchObject([{ seconds: 10 + 7200, facts: { message: 'm2' }, evidence: [2] }])
  })

  it('waits after the last step of a sequence', () => {
    const twoThenNone = `CREATE RULE r AS SELECT b.serial_number AS unit FROM feedbacks
      MATCH (a, b) WHERE a.severity_score = 8 AND b.severity_score = 9 AND b.serial_number = a.serial_number
        WITHIN INTERVAL '1 minute'
      WITHOUT (c) WHERE c.severity_score = 0 AND c.serial_number = b.serial_number WITHIN INTERVAL '1 minute'
      ESCALATE TO t;`
    const unit = (serialNumber: string, severityScore: number): object => ({ serialNumber, severityScore })
    const { firings } = engine(twoThenNone).observe([
      complaint(1, 0, unit('S-1', 8)),
      complaint(2, 1, unit('S-2', 8)),
      complaint(3, 10, unit('S-1', 9)),
      complaint(4, 11, unit('S-2', 9)),
      complaint(5, 20, unit('S-1', 0)),
      tick(6, 3600),
    ])
    expect(firings.map(line)).toMatchObject([{ seconds: 71, facts: { unit: 'S-2' }, evidence: [2, 4] }])
  })
})
