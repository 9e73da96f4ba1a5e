import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/connector/store.js'
import type { Rule } from '../../../src/rule/ast.js'
import { parseRules } from '../../../src/rule/index.js'
import { addMatches, type Findings, type Matches } from '../../../src/rule/runtime/finding.js'
import { RuleEngine } from '../../../src/rule/runtime/rule-engine.js'
import { engine, line, tick } from './feed.js'
import { journals } from './journals.js'

const rules = `
CREATE RULE w1 AS SELECT b.region AS region, COUNT(*) AS n, SUM(b.severity_score - a.severity_score) AS d FROM feedbacks
  MATCH (a, b) WHERE b.serial_number = a.serial_number AND b.severity_score > a.severity_score WITHIN INTERVAL '30 seconds'
  GROUP BY b.region WINDOW SLIDING INTERVAL '40 seconds' HAVING COUNT(*) >= 2 AND AVG(a.severity_score) < 4 ESCALATE TO t;
CREATE RULE w2 AS SELECT c.serial_number AS u FROM feedbacks MATCH (a, b, c) WHERE b.serial_number = a.serial_number AND c.product_model = b.product_model
  AND a.severity_score < 4 AND b.severity_score >= 4 AND c.severity_score > a.severity_score WITHIN INTERVAL '50 seconds'
  WITHOUT (d) WHERE d.serial_number = c.serial_number AND d.severity_score < 2 WITHIN INTERVAL '15 seconds' ESCALATE TO t;
CREATE RULE n1 AS SELECT COUNT(*) AS n FROM feedbacks WHERE last_occurrence_time > NOW() - INTERVAL '20 seconds'
  GROUP BY product_model WINDOW SLIDING INTERVAL '1 minute' HAVING COUNT(*) >= 2 ESCALATE TO t;
CREATE RULE n2 AS SELECT AVG(severity_score) AS n FROM feedbacks WHERE last_occurrence_time > NOW() - INTERVAL '20 seconds'
  GROUP BY product_model WINDOW SLIDING INTERVAL '1 minute' HAVING AVG(severity_score) > 5 FOR INTERVAL '3 seconds' ESCALATE TO t;
CREATE RULE n3 AS SELECT MAX(severity_score) AS n FROM feedbacks
  GROUP BY region WINDOW COUNT 5 HAVING MIN(severity_score) > 2 AND MAX(received_at) > NOW() - INTERVAL '10 seconds' KEEP FIRING FOR INTERVAL '4 seconds' ESCALATE TO t;
CREATE RULE i1 AS SELECT * FROM feedbacks WHERE severity_score > 6 INHIBITED BY n2 ESCALATE TO t;
CREATE RULE i2 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model, region
  WINDOW SLIDING INTERVAL '30 seconds' HAVING COUNT(*) >= 2 INHIBITED BY n2, n3 ESCALATE TO t;
CREATE RULE i3 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model, region
  WINDOW SLIDING INTERVAL '30 seconds' HAVING COUNT(*) >= 3 FOR INTERVAL '2 seconds' ONCE PER INTERVAL '7 seconds' INHIBITED BY i2 ESCALATE TO t;
CREATE RULE p1 AS SELECT b.serial_number AS u FROM feedbacks MATCH (a, b) WHERE b.product_model = a.product_model AND b.severity_score > a.severity_score
  WITHIN INTERVAL '10 seconds' GROUP BY b.product_model, b.serial_number WINDOW TUMBLING INTERVAL '30 seconds' HAVING COUNT(*) >= 2 INHIBITED BY n2 ESCALATE TO t;
CREATE RULE s1 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY region WINDOW SESSION INTERVAL '8 seconds' ON EVENT TIME LATENESS INTERVAL '12 seconds'
  HAVING COUNT(*) >= 2 ESCALATE TO t;
CREATE RULE s2 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY region WINDOW SESSION INTERVAL '8 seconds' ON EVENT TIME LATENESS INTERVAL '12 seconds' EMIT FINAL
  HAVING COUNT(*) >= 2 ONCE PER INTERVAL '30 seconds' ESCALATE TO t;
CREATE RULE s3 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY region WINDOW TUMBLING INTERVAL '10 seconds' EMIT FINAL ESCALATE TO t;
CREATE RULE r1 AS SELECT COUNT(DISTINCT serial_number) AS n FROM feedbacks GROUP BY region WINDOW SLIDING INTERVAL '15 seconds'
  HAVING RATE(INTERVAL '1 minute') > 8 RESOLVE WHEN COUNT(*) <= 1 KEEP FIRING FOR INTERVAL '5 seconds' ONCE PER INTERVAL '9 seconds' ESCALATE TO t;
CREATE RULE e1 AS SELECT PERCENTILE(severity_score, 0.5) AS n FROM feedbacks GROUP BY product_model WINDOW SLIDING INTERVAL '15 seconds' ON EVENT TIME LATENESS INTERVAL '12 seconds'
  HAVING PERCENTILE(severity_score, 0.5) > 4 ONCE PER INTERVAL '9 seconds' ESCALATE TO t;
CREATE RULE g1 AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY serial_number, severity_score ESCALATE TO t;`

/** Other wordings of some of these rules, each a text and what stands in its place. */
const wordings: readonly (readonly [string, string])[] = [
  ['HAVING COUNT(*) >= 2 INHIBITED BY n2, n3', 'HAVING COUNT(*) >= 2'],
  ["FOR INTERVAL '3 seconds'", ''],
  ['AVG(severity_score) > 5 FOR', 'AVG(severity_score) > 4 FOR'],
  ["INTERVAL '1 minute' HAVING AVG", "INTERVAL '2 minutes' HAVING AVG"],
  ["WITHIN INTERVAL '15 seconds' ESCALATE", "WITHIN INTERVAL '16 seconds' ESCALATE"],
  [
    'COUNT(*) AS n FROM feedbacks GROUP BY region WINDOW TUMBLING',
    'AVG(severity_score) AS n FROM feedbacks GROUP BY region WINDOW TUMBLING',
  ],
  ['HAVING COUNT(*) >= 2 ESCALATE TO t;', 'HAVING COUNT(*) >= 2 INHIBITED BY n3 ESCALATE TO t;'],
  ['HAVING RATE', "HAVING MAX(received_at) < NOW() - INTERVAL '4 seconds' AND RATE"],
  [
    "HAVING MIN(severity_score) > 2 AND MAX(received_at) > NOW() - INTERVAL '10 seconds'",
    'HAVING COUNT(*) > 2',
  ],
]
const versions = [rules, ...wordings.map(([from, to]) => rules.replace(from, to))].map((text) =>
  parseRules(text),
)

interface Change {
  /** Index of the entry that it comes before. */
  readonly before: number
  readonly version: number
  readonly rule: number
  readonly remove: boolean
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    before: fc.nat(60),
    version: fc.nat(versions.length - 1),
    rule: fc.nat((versions[0]?.length ?? 1) - 1),
    remove: fc.boolean(),
  }),
  { maxLength: 8 },
)

const journal = journals(40).map((given) => given.map(({ entry }) => entry))
const end = tick(1_000_000, 100_000)

/** Makes the change, if a host could. */
function change(running: RuleEngine, { version, rule: index, remove }: Change): void {
  const rule: Rule | undefined = versions[version]?.[index]
  if (rule === undefined) return
  const isThere = (name: string): boolean => running.rules.some((other) => other.name === name)
  if (!remove) {
    if (rule.inhibitedBy?.every(isThere) !== false) running.put(rule)
  } else if (!running.rules.some(({ inhibitedBy = [] }) => inhibitedBy.includes(rule.name))) {
    running.remove(rule.name)
  }
}

function restarted(running: RuleEngine): RuleEngine {
  const next = new RuleEngine(running.rules, { maxGroups: 1000, maxEntriesPerGroup: 1000 })
  next.restore(JSON.parse(JSON.stringify(running.snapshot())))
  return next
}

/** Everything that was found, and everything that was counted. */
function told(entries: readonly JournalEntry[], planned: readonly Change[], restarts: readonly number[]) {
  let running = engine(rules)
  const found: Findings[] = []
  for (const [index, entry] of [...entries, end].entries()) {
    for (const one of planned) if (one.before === index) change(running, one)
    if (restarts.includes(index)) running = restarted(running)
    found.push(running.observe([entry]))
  }
  const matches = new Map<string, Matches>()
  for (const one of found) for (const [print, more] of one.matches) addMatches(matches, print, more)
  return {
    firings: found.flatMap(({ firings }) => firings.map(line)),
    // By fingerprint: in which order they are told makes no difference.
    counted: new Map(
      [...matches].map(([print, { count, lastAt, earlier }]) => [
        print,
        { count: count + (earlier?.count ?? 0), lastAt },
      ]),
    ),
  }
}

it('rules find and count the same however often they are restarted, and changed before that', () => {
  fc.assert(
    fc.property(journal, changes, fc.array(fc.nat(60), { maxLength: 4 }), (entries, planned, restarts) => {
      expect(told(entries, planned, restarts)).toEqual(told(entries, planned, []))
    }),
    { numRuns: 200 },
  )
})

it('every one of these rules fires on some journal', () => {
  const fired = new Set<string>()
  for (const entries of fc.sample(journal, { seed: 1, numRuns: 300 })) {
    for (const { program } of engine(rules).observe([...entries, end]).firings) fired.add(program.rule.name)
  }
  expect([...fired].sort()).toEqual(versions[0]?.map(({ name }) => name).sort())
})
