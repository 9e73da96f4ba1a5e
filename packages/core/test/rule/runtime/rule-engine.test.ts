import { describe, expect, it } from 'vitest'
import { complaint, engine, summary, tick } from './feed.js'

const seedRule = `CREATE RULE critical_issue_escalation AS
SELECT * FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;`

const compressorRule = `CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE fault_code IN ('E-COOL-01', 'E-COOL-02')
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units in 24 h') ON sap WITH PRIORITY 1;`

describe('the seed rule', () => {
  it('escalates a severe complaint about the premium line with priority 1', () => {
    const found = engine(seedRule).observe([complaint(1, 0, { severityScore: 9 })])
    expect(found.firings).toHaveLength(1)
    expect(found.firings[0]?.actions).toEqual([
      { kind: 'escalate', priority: 1, params: { to: 'production_team' } },
    ])
  })

  it('writes times into its actions as people read them, not as numbers', () => {
    const rule = `CREATE RULE r AS SELECT received_at - INTERVAL '90 minutes' AS since FROM feedbacks
      THEN notify (to = received_at, text = '{received_at}, {manufactured_at}, {since}, {region}');`
    const found = engine(rule).observe([complaint(1, 0, { manufacturedAt: '2026-01-31' })])
    expect(found.firings[0]?.actions[0]?.params).toEqual({
      to: '2026-03-01T08:00:00.000Z',
      text: '2026-03-01 08:00:00+00, 2026-01-31, 2026-03-01 06:30:00+00, ?',
    })
  })

  it('fills in placeholders wherever a text stands', () => {
    const rule = `CREATE RULE r AS SELECT severity_score AS score FROM feedbacks
      THEN notify (to = COALESCE(region, '{product_model}{score}'), text = '{score}' || ' of 10, {safety_flags.leak}{}');`
    const found = engine(rule).observe([complaint(1, 0)])
    expect(found.firings[0]?.actions[0]?.params).toEqual({ to: 'KX-5005', text: '5 of 10, false{}' })
  })

  it.each([
    ['is not severe enough', { severityScore: 8 }],
    ['is about another line', { productLine: '经典系列' }],
    ['has no line at all', { productLine: undefined }],
    ['happened more than an hour ago', { lastOccurrenceTime: '2026-03-01T06:59:59.000Z' }],
    ['happened exactly an hour ago', { lastOccurrenceTime: '2026-03-01T07:00:00.000Z' }],
  ])('stays silent when the complaint %s', (_, overrides) => {
    const entry = complaint(1, 0, { severityScore: 9, ...(overrides as object) })
    expect(engine(seedRule).observe([entry]).firings).toEqual([])
  })
})

describe('the compressor rule', () => {
  it('holds the batch when the fifth different unit fails within a day', () => {
    const running = engine(compressorRule)
    expect(running.observe([1, 2, 3, 4].map((i) => complaint(i, i * 3600))).firings).toEqual([])
    expect(summary(running.observe([complaint(5, 20_000)]))).toEqual([
      {
        rule: 'compressor_batch_hold',
        tenant: 'default',
        seconds: 20_000,
        facts: { product_model: 'KX-500', 'component_batches.compressor': 'C-1', batch: 'C-1', units: 5 },
        actions: [
          {
            kind: 'material.hold',
            priority: 1,
            params: { batch: 'C-1', reason: 'cooling failure on 5 units in 24 h' },
          },
        ],
        evidence: [1, 2, 3, 4, 5],
      },
    ])
  })

  it('counts a unit once however often its owner writes', () => {
    const entries = [1, 2, 3, 4, 5, 6].map((i) => complaint(i, i, { serialNumber: `SN-${i % 4}` }))
    expect(engine(compressorRule).observe(entries).firings).toEqual([])
  })

  it('forgets a failure once it is 24 hours old', () => {
    const running = engine(compressorRule)
    running.observe([1, 2, 3, 4].map((i) => complaint(i, i)))
    expect(running.observe([complaint(5, 86_400 + 1)]).firings).toEqual([])
  })

  it('keeps batches apart', () => {
    const entries = Array.from({ length: 8 }, (_, i) =>
      complaint(i + 1, i, { componentBatches: { compressor: `C-${i % 2}` } }),
    )
    expect(engine(compressorRule).observe(entries).firings).toEqual([])
  })

  it('keeps tenants apart', () => {
    const entries = Array.from({ length: 8 }, (_, i) => complaint(i + 1, i, { tenant: `t${i % 2}` }))
    expect(engine(compressorRule).observe(entries).firings).toEqual([])
  })

  it('fires once a day while the failures go on', () => {
    const entries = Array.from({ length: 200 }, (_, i) => complaint(i + 1, i * 1800))
    const seconds = engine(compressorRule)
      .observe(entries)
      .firings.map(({ at }) => (at - complaint(1, 0).at) / 1000)
    expect(seconds).toEqual([7200, 93_600, 180_000, 266_400, 352_800])
  })
})

describe('windows', () => {
  it('fire again without ONCE PER only after the condition was false in between', () => {
    const running = engine(`CREATE RULE wave AS SELECT COUNT(*) AS n FROM feedbacks
      WINDOW SLIDING INTERVAL '10 seconds' HAVING COUNT(*) >= 2 ESCALATE TO team;`)
    const at = [0, 1, 2, 3, 20, 21, 22]
    expect(
      running.observe(at.map((s, i) => complaint(i + 1, s))).firings.map(({ facts }) => facts.n),
    ).toEqual([2, 2])
  })

  it('tumble at multiples of their size since the epoch', () => {
    const running = engine(`CREATE RULE minute AS SELECT COUNT(*) AS n FROM feedbacks
      WINDOW TUMBLING INTERVAL '1 minute' HAVING COUNT(*) >= 3 ESCALATE TO team;`)
    const at = [0, 10, 59, 60, 61, 119, 120]
    const { firings } = running.observe(at.map((s, i) => complaint(i + 1, s)))
    expect(firings.map(({ evidence }) => evidence)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  it('can be made true by time alone, at the instant when it happens', () => {
    const running = engine(`CREATE RULE mean AS SELECT AVG(severity_score) AS mean FROM feedbacks
      WINDOW SLIDING INTERVAL '10 seconds' HAVING AVG(severity_score) > 6 ESCALATE TO team;`)
    running.observe([complaint(1, 0, { severityScore: 1 }), complaint(2, 5, { severityScore: 9 })])
    const { firings } = running.observe([tick(3, 600)])
    expect(firings.map(({ at, facts }) => [(at - complaint(1, 0).at) / 1000, facts.mean])).toEqual([[10, 9]])
  })

  it('leave nothing behind when they are over', () => {
    const running = engine(compressorRule)
    running.observe(Array.from({ length: 20 }, (_, i) => complaint(i + 1, i)))
    running.observe([tick(21, 3 * 86_400)])
    expect(running.snapshot()).toMatchObject({ windows: [], patterns: {}, throttles: {} })
    expect(running.nextDue).toBeUndefined()
  })

  it('keep to their caps and say what they lost', () => {
    const running = engine(compressorRule, { maxGroups: 3, maxEntriesPerGroup: 10 })
    running.observe(Array.from({ length: 50 }, (_, i) => complaint(i + 1, i)))
    running.observe(
      Array.from({ length: 5 }, (_, i) =>
        complaint(51 + i, 50 + i, { componentBatches: { compressor: `X-${i}` } }),
      ),
    )
    expect(running.losses()).toEqual({
      compressor_batch_hold: { entries: 40, groups: 3, matches: 0, late: 0 },
    })
    expect(running.snapshot().windows[0]?.groups).toHaveLength(3)
  })
})

describe('a rule without groups', () => {
  it('fires for every match, and with ONCE PER once in the interval for each tenant', () => {
    const entries = [0, 1, 2, 61].flatMap((s, i) => [
      complaint(2 * i + 1, s, { severityScore: 9, tenant: 'a' }),
      complaint(2 * i + 2, s, { severityScore: 9, tenant: 'b' }),
    ])
    const where = 'SELECT * FROM feedbacks WHERE severity_score > 8'
    expect(engine(`CREATE RULE r AS ${where} ESCALATE TO t;`).observe(entries).firings).toHaveLength(8)
    const throttled = engine(`CREATE RULE r AS ${where} ONCE PER INTERVAL '1 minute' ESCALATE TO t;`)
    expect(throttled.observe(entries).firings.map(({ tenant }) => tenant)).toEqual(['a', 'b', 'a', 'b'])
  })
})
