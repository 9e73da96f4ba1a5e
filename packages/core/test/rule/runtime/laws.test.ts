import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../src/rule/ast.js'
import { parseRules } from '../../../src/rule/index.js'
import { compile } from '../../../src/rule/runtime/compile.js'
import { engine, line, start, summary, tick } from './feed.js'
import { journals } from './journals.js'

const rules = `
CREATE RULE single AS SELECT * FROM feedbacks WHERE severity_score > 8 ONCE PER INTERVAL '30 seconds' ESCALATE TO t;
CREATE RULE units AS SELECT product_model AS model, COUNT(DISTINCT serial_number) AS units FROM feedbacks
  GROUP BY product_model WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(DISTINCT serial_number) >= 3 ESCALATE TO t;
CREATE RULE mean AS SELECT AVG(severity_score) AS mean, MIN(severity_score) AS low FROM feedbacks WHERE severity_score >= 2
  GROUP BY product_model WINDOW SLIDING INTERVAL '25 seconds' HAVING AVG(severity_score) > 5 AND COUNT(*) < 6
  ONCE PER INTERVAL '1 minute' ESCALATE TO t;
CREATE RULE minute AS SELECT SUM(severity_score) AS total, MAX(severity_score) AS high FROM feedbacks
  GROUP BY region WINDOW TUMBLING INTERVAL '1 minute' HAVING SUM(severity_score) > 20 ESCALATE TO t;
CREATE RULE burst AS SELECT COUNT(*) AS n, PERCENTILE(severity_score, 0.9) AS worst FROM feedbacks
  GROUP BY product_model WINDOW SESSION INTERVAL '6 seconds' HAVING COUNT(*) >= 3 ESCALATE TO t;
CREATE RULE latest AS SELECT AVG(severity_score) AS mean FROM feedbacks GROUP BY product_model WINDOW COUNT 4
  HAVING AVG(severity_score) > 5 FOR INTERVAL '5 seconds' KEEP FIRING FOR INTERVAL '10 seconds' ESCALATE TO t;
CREATE RULE happened AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
  WINDOW SLIDING INTERVAL '20 seconds' ON EVENT TIME LATENESS INTERVAL '30 seconds'
  HAVING COUNT(*) >= 3 ESCALATE TO t;
CREATE RULE total AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY region
  WINDOW TUMBLING INTERVAL '30 seconds' ON EVENT TIME LATENESS INTERVAL '15 seconds' EMIT FINAL ESCALATE TO t;
CREATE RULE steady AS SELECT SHARE(*) FILTER (WHERE severity_score > 5) AS severe FROM feedbacks GROUP BY region
  WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(*) > 2 AND SHARE(*) FILTER (WHERE severity_score > 5) > 0.5
  RESOLVE WHEN SHARE(*) FILTER (WHERE severity_score > 5) < 0.3 ONCE PER INTERVAL '30 seconds' ESCALATE TO t;
CREATE RULE quieter AS SELECT COUNT(*) AS n FROM feedbacks WHERE severity_score < 5 GROUP BY region
  WINDOW SLIDING INTERVAL '20 seconds' HAVING COUNT(*) >= 2 INHIBITED BY steady ESCALATE TO t;
CREATE RULE again AS SELECT b.serial_number AS unit FROM feedbacks
  MATCH (a, b) WHERE a.severity_score > 4 AND b.serial_number = a.serial_number AND b.severity_score > 4
  WITHIN INTERVAL '40 seconds' ONCE PER INTERVAL '10 seconds' ESCALATE TO t;
CREATE RULE unanswered AS SELECT severity_score AS severity FROM feedbacks WHERE severity_score > 7
  WITHOUT (reply) WHERE reply.severity_score < 3 AND reply.product_model = product_model
  WITHIN INTERVAL '25 seconds' ESCALATE TO t;`

const others = `
CREATE RULE extra AS SELECT COUNT(*) AS n, SUM(severity_score) AS total FROM feedbacks
  GROUP BY product_model WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(*) >= 2 ESCALATE TO t;
CREATE RULE other AS SELECT * FROM feedbacks WHERE severity_score > 3 ESCALATE TO t;`

const journal = journals(40).map((given) => given.map(({ entry }) => entry))

const end = tick(1_000_000, 100_000)

describe('the rule engine', () => {
  it('finds the same whether or not time is ticked in between', () => {
    fc.assert(
      fc.property(journal, fc.array(fc.nat(1300), { maxLength: 30 }), (entries, seconds) => {
        const ticked = [...entries, ...seconds.map((s) => tick(0, s)), end].sort((a, b) => a.at - b.at)
        expect(summary(engine(rules).observe(ticked))).toEqual(
          summary(engine(rules).observe([...entries, end])),
        )
      }),
    )
  })

  it('finds the same however the journal is cut into batches', () => {
    fc.assert(
      fc.property(journal, fc.integer({ min: 1, max: 9 }), (entries, size) => {
        const whole = engine(rules)
          .observe([...entries, end])
          .firings.map(line)
        const cut = engine(rules)
        const parts: unknown[] = []
        for (let i = 0; i < entries.length; i += size)
          parts.push(...cut.observe(entries.slice(i, i + size)).firings.map(line))
        parts.push(...cut.observe([end]).firings.map(line))
        expect(parts).toEqual(whole)
      }),
    )
  })

  it('finds the same after its state went through a snapshot at any point', () => {
    fc.assert(
      fc.property(journal, fc.nat(60), (entries, at) => {
        const through = engine(rules)
        const before = through.observe(entries.slice(0, at)).firings.map(line)
        const restored = engine(rules)
        restored.restore(JSON.parse(JSON.stringify(through.snapshot())))
        const after = restored.observe([...entries.slice(at), end]).firings.map(line)
        expect([...before, ...after]).toEqual(
          engine(rules)
            .observe([...entries, end])
            .firings.map(line),
        )
      }),
    )
  })

  it('finds the same for a rule whatever other rules come, change and go', () => {
    const [extra, other] = parseRules(others)
    const [changed] = parseRules(others.replace('>= 2', '>= 3'))
    if (extra === undefined || other === undefined || changed === undefined) throw new Error('no rules')
    const changes = fc.array(fc.tuple(fc.nat(60), fc.constantFrom('add', 'change', 'remove', 'other')))
    fc.assert(
      fc.property(journal, changes, (entries, planned) => {
        const running = engine(rules)
        const found: unknown[] = []
        for (const [index, entry] of [...entries, end].entries()) {
          for (const [at, change] of planned) {
            if (at !== index) continue
            if (change === 'add') running.put(extra)
            else if (change === 'change') running.put(changed)
            else if (change === 'other') running.put(other)
            else for (const { name } of [extra, other]) running.remove(name)
          }
          found.push(...running.observe([entry]).firings.map(line))
        }
        const own = found.filter((one) => !['extra', 'other'].includes((one as { rule: string }).rule))
        expect(own).toEqual(summary(engine(rules).observe([...entries, end])))
      }),
    )
  })
})

const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), fc.nat(10))
      .map(([op, n]) => `severity_score ${op} ${n}`),
    fc
      .tuple(fc.constantFrom('=', '<>'), fc.constantFrom('A', 'B'))
      .map(([op, m]) => `product_model ${op} '${m}'`),
    fc.constantFrom(
      "region IN ('CN-GD', 'FR-IDF')",
      "region NOT IN ('CN-GD')",
      "region LIKE 'CN-%'",
      'region IS NULL',
      "region IS DISTINCT FROM 'CN-GD'",
      'severity_score BETWEEN 3 AND 7',
      "serial_number LIKE '%-_'",
      'severity_score / 2 > 1 OR region = serial_number',
    ),
    fc.tuple(tie('any'), fc.constantFrom('AND', 'OR'), tie('any')).map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie('any').map((inner) => `NOT (${inner})`),
  ),
})).any

const ruleOf = (where: string, name = 'r'): Rule => {
  const [rule] = parseRules(`CREATE RULE ${name} AS SELECT * FROM feedbacks WHERE ${where} ESCALATE TO t;`)
  if (rule === undefined) throw new Error(`no rule in ${where}`)
  return rule
}

describe('conditions', () => {
  it('split the rows: of p, NOT p and p IS NULL exactly one holds', () => {
    fc.assert(
      fc.property(condition, journal, (text, entries) => {
        const whole = ruleOf(text).where
        const negated = ruleOf(`NOT (${text})`).where
        if (whole === undefined || negated === undefined) return
        const [p, notP] = [compile(whole), compile(negated)]
        for (const entry of entries) {
          if (entry.kind !== 'feedback') continue
          const row = { feedback: entry.feedback, now: start, group: [], aggregates: [] }
          expect([p(row) === true, notP(row) === true, p(row) === null].filter(Boolean)).toHaveLength(1)
        }
      }),
    )
  })
})
