import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/connector/store.js'
import type { Rule } from '../../../src/rule/ast.js'
import { parseRules } from '../../../src/rule/index.js'
import type { RuleEngine } from '../../../src/rule/runtime/rule-engine.js'
import { complaint, engine, start, summary, tick } from './feed.js'

/** The first rule of a text. */
function ruleOf(text: string): Rule {
  const [rule] = parseRules(text)
  if (rule === undefined) throw new Error(`no rule in ${text}`)
  return rule
}

/** Another engine that goes on where this one stands, with these rules. */
function restarted(running: RuleEngine, rules: string): RuleEngine {
  const restored = engine(rules)
  restored.restore(JSON.parse(JSON.stringify(running.snapshot())))
  return restored
}

const names = (running: RuleEngine, entries: readonly JournalEntry[]): readonly string[] =>
  running.observe(entries).firings.map(({ program }) => program.rule.name)

const many = (name: string, clauses = '', hours = 1): string =>
  `CREATE RULE ${name} AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
   WINDOW SLIDING INTERVAL '${hours} hours' HAVING COUNT(*) >= 2 ${clauses} ESCALATE TO t;`

const every = (name: string, where = ''): string =>
  `CREATE RULE ${name} AS SELECT * FROM feedbacks ${where} ESCALATE TO t;`

describe('a restart', () => {
  it('forgets a group at the instant at which it would have been forgotten', () => {
    const rules = `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks
      WHERE last_occurrence_time > NOW() - INTERVAL '1 minute'
      GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2 ESCALATE TO t;`
    const at = (offset: number, seconds: number) =>
      complaint(offset, seconds, { lastOccurrenceTime: new Date(start + seconds * 1000).toISOString() })
    const through = engine(rules)
    through.observe([at(1, 0), at(2, 10), at(3, 100)])
    const after = restarted(through, rules)
    // The group has fired: until it is forgotten, what comes is counted for its signal.
    const rest = [tick(4, 3620), at(5, 3650)]
    expect([...after.observe(rest).matches]).toEqual([...through.observe(rest).matches])
  })

  it('leaves a rule that began anew without what another rule had seen', () => {
    const window = "FROM feedbacks GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >="
    const sum = `CREATE RULE s AS SELECT SUM(severity_score) AS sum, COUNT(*) AS n ${window} 20 ESCALATE TO t;`
    const mean = `CREATE RULE m AS SELECT AVG(severity_score) AS mean, COUNT(*) AS n ${window} 2 ESCALATE TO t;`
    const through = engine(sum)
    through.observe([complaint(1, 0)])
    expect(through.put(ruleOf(mean)).keeps).toBe('nothing')
    const after = restarted(through, sum + mean)
    const rest = [complaint(2, 10), complaint(3, 20)]
    const found = summary(after.observe(rest))
    expect(found).toMatchObject([{ rule: 'm', seconds: 20, facts: { n: 2 } }])
    expect(found).toEqual(summary(through.observe(rest)))
  })

  it('keeps the order of rules', () => {
    const rules = every('z') + many('b') + every('a')
    const through = engine(rules)
    through.observe([complaint(1, 0)])
    expect(restarted(through, rules).rules.map(({ name }) => name)).toEqual(['z', 'b', 'a'])
  })

  it('keeps the state of a rule whatever its name is', () => {
    const once = "ONCE PER INTERVAL '1 hour'"
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const pattern = `CREATE RULE ${name} AS SELECT b.region AS region FROM feedbacks MATCH (a, b)
        WHERE b.serial_number <> a.serial_number WITHIN INTERVAL '1 hour' ESCALATE TO t;`
      for (const rules of [many(name, once), pattern, every(name, once)]) {
        const through = engine(rules)
        through.observe([complaint(1, 0), complaint(2, 5)])
        const after = restarted(through, rules)
        const rest = [complaint(3, 10), tick(4, 10_000)]
        expect(summary(after.observe(rest)), rules).toEqual(summary(through.observe(rest)))
      }
    }
  })

  it('keeps sums whose parts are too large for a number', () => {
    const rules = `CREATE RULE r AS SELECT SUM(severity_score * 1e308) AS sum FROM feedbacks
      GROUP BY product_model WINDOW COUNT 2 HAVING COUNT(*) = 2 ONCE PER INTERVAL '1 second' ESCALATE TO t;`
    const through = engine(rules)
    through.observe([complaint(1, 0, { severityScore: 9 })])
    const after = restarted(through, rules)
    const rest = [complaint(2, 10, { severityScore: 1 })]
    const found = summary(after.observe(rest))
    expect(found).toMatchObject([{ facts: { sum: 1e308 } }])
    expect(found).toEqual(summary(through.observe(rest)))
  })
})

describe('INHIBITED BY', () => {
  it('is obeyed at once by a rule that was put, though it stands before the other and looks at the same', () => {
    const through = engine(many('dependent') + many('inhibitor'))
    through.observe([complaint(1, 0)])
    const rules = many('dependent', 'INHIBITED BY inhibitor') + many('inhibitor')
    expect(through.put(ruleOf(rules)).keeps).toBe('everything')
    const after = restarted(through, rules)
    expect(names(through, [complaint(2, 10)])).toEqual(['inhibitor'])
    expect(names(after, [complaint(2, 10)])).toEqual(['inhibitor'])
  })

  it('is obeyed when the host begins with it', () => {
    const before = engine(many('dependent') + many('inhibitor'))
    before.observe([complaint(1, 0)])
    const after = restarted(before, many('dependent', 'INHIBITED BY inhibitor') + many('inhibitor'))
    expect(names(after, [complaint(2, 10)])).toEqual(['inhibitor'])
  })

  it('ends with what it rested on: what was held back fires at the instant of the change', () => {
    const dependent = many('dependent', 'INHIBITED BY inhibitor')
    const through = engine(many('inhibitor') + dependent)
    expect(names(through, [complaint(1, 0), complaint(2, 10), tick(3, 30)])).toEqual(['inhibitor'])
    through.put(ruleOf(many('inhibitor', '', 2)))
    const after = restarted(through, many('inhibitor', '', 2) + dependent)
    const rest = [tick(4, 60)]
    const found = summary(after.observe(rest))
    expect(found).toMatchObject([{ rule: 'dependent', seconds: 30 }])
    expect(found).toEqual(summary(through.observe(rest)))
  })
})

it('a rule that is changed keeps its place', () => {
  const running = engine(every('z') + many('b') + every('a'))
  running.put(ruleOf(every('z', 'WHERE severity_score > 1')))
  expect(running.rules.map(({ name }) => name)).toEqual(['z', 'b', 'a'])
})

describe('a rule that is put beside others that look at the same', () => {
  const window = "FROM feedbacks GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING"
  const many = `CREATE RULE many AS SELECT AVG(severity_score) AS mean, MAX(received_at) AS latest ${window} COUNT(*) > 9 ESCALATE TO t;`
  const entries = [complaint(1, 0, { severityScore: 1 }), complaint(2, 600, { severityScore: 9 })]

  it.each([
    ['AVG(severity_score) > 6', 3600],
    ["MAX(received_at) <= NOW() - INTERVAL '20 minutes'", 1800],
  ])('sees at its instant that %s comes true by time alone', (having, seconds) => {
    const other = `CREATE RULE other AS SELECT AVG(severity_score) AS mean ${window} ${having} ESCALATE TO t;`
    const through = engine(many)
    through.observe(entries)
    through.put(ruleOf(other))
    const after = restarted(through, many + other)
    const rest = [tick(3, 10_000)]
    const found = summary(after.observe(rest))
    expect(found).toMatchObject([{ rule: 'other', seconds }])
    expect(found).toEqual(summary(through.observe(rest)))
  })
})

describe('a cap', () => {
  it('on matches forgets the one that began first, whatever step it waits for', () => {
    const rules = `CREATE RULE r AS SELECT b.region AS region FROM feedbacks MATCH (a, b)
      WHERE a.severity_score = 1 AND b.severity_score = 2 AND b.serial_number = a.serial_number
      WITHIN INTERVAL '1 hour' WITHOUT (c) WHERE c.severity_score = 3 AND c.serial_number = a.serial_number
      WITHIN INTERVAL '1 hour' ESCALATE TO t;`
    const running = engine(rules, { maxGroups: 2, maxEntriesPerGroup: 10 })
    for (const [index, serialNumber] of ['x', 'y', 'z'].entries()) {
      for (const severityScore of [1, 2]) {
        const offset = 2 * index + severityScore
        running.observe([complaint(offset, offset, { severityScore, serialNumber })])
      }
    }
    const { firings } = running.observe([tick(9, 8000)])
    expect(firings.map(({ evidence }) => evidence)).toEqual([
      [3, 4],
      [5, 6],
    ])
    expect(running.losses()).toMatchObject({ r: { matches: 1 } })
  })

  it('on tenants of ONCE PER is told', () => {
    const running = engine(every('r', "ONCE PER INTERVAL '1 hour'"), { maxGroups: 2, maxEntriesPerGroup: 10 })
    running.observe(['x', 'y', 'z'].map((tenant, index) => complaint(index + 1, index, { tenant })))
    expect(running.losses()).toMatchObject({ r: { groups: 1 } })
  })
})
