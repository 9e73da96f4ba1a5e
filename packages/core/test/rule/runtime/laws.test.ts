import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/connector/store.js'
import type { Rule } from '../../../src/rule/ast.js'
import { parseRules } from '../../../src/rule/index.js'
import { compile } from '../../../src/rule/runtime/compile.js'
import { complaint, engine, line, start, summary, tick } from './feed.js'

const rules = `
CREATE RULE single AS SELECT * FROM feedbacks WHERE severity_score > 8 ONCE PER INTERVAL '30 seconds' ESCALATE TO t;
CREATE RULE units AS SELECT product_model AS model, COUNT(DISTINCT serial_number) AS units FROM feedbacks
  GROUP BY product_model WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(DISTINCT serial_number) >= 3 ESCALATE TO t;
CREATE RULE mean AS SELECT AVG(severity_score) AS mean, MIN(severity_score) AS low FROM feedbacks WHERE severity_score >= 2
  GROUP BY product_model WINDOW SLIDING INTERVAL '25 seconds' HAVING AVG(severity_score) > 5 AND COUNT(*) < 6
  ONCE PER INTERVAL '1 minute' ESCALATE TO t;
CREATE RULE minute AS SELECT SUM(severity_score) AS total, MAX(severity_score) AS high FROM feedbacks
  GROUP BY region WINDOW TUMBLING INTERVAL '1 minute' HAVING SUM(severity_score) > 20 ESCALATE TO t;`

/** A journal: complaints with gaps of 0 to 20 seconds over two models, two regions (or none) and six units. */
const journal = fc
  .array(
    fc.record({
      gap: fc.nat(20),
      model: fc.constantFrom('A', 'B'),
      region: fc.constantFrom('CN-GD', 'DE-BY', undefined),
      unit: fc.nat(5),
      severity: fc.nat(10),
    }),
    { maxLength: 60 },
  )
  .map((items) => {
    let seconds = 0
    return items.map(({ gap, model, region, unit, severity }, index): JournalEntry => {
      seconds += gap
      return complaint(index + 1, seconds, {
        productModel: model,
        region,
        serialNumber: `SN-${unit}`,
        severityScore: severity,
      })
    })
  })

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

  it('counts in a sliding window what a plain filter over the journal counts', () => {
    const text = `CREATE RULE r AS SELECT COUNT(*) AS n, COUNT(DISTINCT serial_number) AS units, SUM(severity_score) AS total,
      AVG(severity_score) AS mean, MIN(severity_score) AS low, MAX(severity_score) AS high
      FROM feedbacks GROUP BY product_model WINDOW SLIDING INTERVAL '30 seconds' ESCALATE TO t;`
    fc.assert(
      fc.property(journal, (entries) => {
        const found = engine(text).observe(entries).firings
        expect(found).toHaveLength(entries.length)
        for (const [index, firing] of found.entries()) {
          const now = entries[index]
          if (now?.kind !== 'feedback') continue
          const inside = entries
            .slice(0, index + 1)
            .flatMap((entry) =>
              entry.kind === 'feedback' &&
              entry.feedback.productModel === now.feedback.productModel &&
              entry.at > now.at - 30_000
                ? [entry.feedback]
                : [],
            )
          const severities = inside.map(({ severityScore }) => severityScore)
          const total = severities.reduce((sum, value) => sum + value, 0)
          expect(firing.facts).toEqual({
            product_model: now.feedback.productModel,
            n: inside.length,
            units: new Set(inside.map(({ serialNumber }) => serialNumber)).size,
            total,
            mean: total / inside.length,
            low: Math.min(...severities),
            high: Math.max(...severities),
          })
        }
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
