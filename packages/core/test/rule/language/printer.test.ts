import { parseRules, printRules } from '@andon/core/rule'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../src/rule/ast.js'
import { Cursor } from '../../../src/rule/language/cursor.js'
import { DiagnosticList } from '../../../src/rule/language/diagnostics.js'
import { lex } from '../../../src/rule/language/lexer.js'
import { parseStatements } from '../../../src/rule/language/parser.js'
import { sourceText } from '../../../src/rule/language/source-text.js'
import { arbitraryRule } from './arbitrary-rule.js'
import { bare, compressorRule, ruleWhere, seedRule } from './samples.js'

/** Grammar only: a printed tree must read back even where it makes no sense. */
function parseOnly(text: string): readonly Rule[] {
  const diagnostics = new DiagnosticList()
  const { tokens, problems } = lex(text)
  const parsed = parseStatements(new Cursor(sourceText(text), tokens, diagnostics))
  expect([...problems, ...diagnostics.items.map(({ message }) => message.en)]).toEqual([])
  return parsed.map(({ rule }) => rule)
}

describe('printRules', () => {
  it('prints the seed rule in its canonical form', () => {
    expect(printRules(parseRules(seedRule))).toBe(`CREATE RULE critical_issue_escalation AS
SELECT *
FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;
`)
  })

  it('prints the compressor rule in its canonical form', () => {
    expect(
      printRules(parseRules(compressorRule)),
    ).toBe(`CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE fault_code IN ('E-COOL-01', 'E-COOL-02')
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units in 24 h') ON sap WITH PRIORITY 1;
`)
  })

  it('prints patterns and the life of a firing in their canonical form', () => {
    const text = `CREATE RULE loud AS
SELECT *
FROM feedbacks
WINDOW TUMBLING INTERVAL '1 hour' ON EVENT TIME LATENESS INTERVAL '5 minutes' EMIT FINAL
HAVING COUNT(*) > 3
ESCALATE TO team;

CREATE RULE quiet AS
SELECT *
FROM feedbacks
MATCH (a, b)
  WHERE a.serial_number = b.serial_number
    AND b.severity_score > 5
  WITHIN INTERVAL '90 days'
WITHOUT (c)
  WHERE c.serial_number = a.serial_number
  WITHIN INTERVAL '3 days'
GROUP BY a.product_model
WINDOW COUNT 20
HAVING COUNT(*) > 3
RESOLVE WHEN COUNT(*) < 2
FOR INTERVAL '10 minutes'
KEEP FIRING FOR INTERVAL '1 hour'
ONCE PER INTERVAL '1 day'
INHIBITED BY loud
ESCALATE TO team;
`
    expect(printRules(parseRules(text.replace(/\s+/g, ' ')))).toBe(text)
  })

  it.each([
    '(safety_flags.fire OR safety_flags.leak) AND severity_score > (1 + 2) * 3',
    'safety_flags.fire OR (safety_flags.leak AND (severity_score > 1))',
    'severity_score - (2 - 3) > -(-(severity_score))',
    '(severity_score > 1) IS NULL',
  ])('prints no parentheses that %s does not need', (condition) => {
    const least = printRules(parseRules(ruleWhere(condition)))
    const parentheses = [...least].flatMap((character, index) => (character === '(' ? [index] : []))
    for (const open of parentheses) {
      let depth = 0
      const close = [...least].findIndex((character, index) => {
        if (index < open) return false
        depth += character === '(' ? 1 : character === ')' ? -1 : 0
        return depth === 0
      })
      const without = least.slice(0, open) + least.slice(open + 1, close) + least.slice(close + 1)
      let meaning: unknown
      try {
        meaning = bare(parseRules(without))
      } catch {
        meaning = 'not a rule'
      }
      expect(meaning).not.toEqual(bare(parseRules(least)))
    }
  })

  it('reads back as the same rules, and prints those the same, for any tree', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRule, { minLength: 1, maxLength: 3 }), (rules) => {
        const text = printRules(rules)
        const again = parseOnly(text)
        expect(bare(again)).toEqual(bare(rules))
        expect(printRules(again)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
