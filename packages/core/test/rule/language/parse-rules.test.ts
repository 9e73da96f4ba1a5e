import { parseRules } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { bare, compressorRule, ruleHaving, ruleWhere, seedRule } from './samples.js'

const where = (condition: string): unknown => bare(parseRules(ruleWhere(condition))[0]?.where)
const column = (...path: string[]) => ({ type: 'column', path })
const number = (value: number) => ({ type: 'literal', value })
const hour = { months: 0, days: 0, milliseconds: 3_600_000 }

describe('the rules of the design', () => {
  it('reads the seed rule to the letter', () => {
    const [rule] = parseRules(seedRule)
    expect(bare(rule)).toEqual({
      version: 1,
      name: 'critical_issue_escalation',
      select: '*',
      where: {
        type: 'and',
        left: {
          type: 'and',
          left: { type: 'comparison', operator: '>', left: column('severity_score'), right: number(8) },
          right: {
            type: 'comparison',
            operator: '>',
            left: column('last_occurrence_time'),
            right: {
              type: 'arithmetic',
              operator: '-',
              left: { type: 'now' },
              right: { type: 'interval', value: hour },
            },
          },
        },
        right: {
          type: 'comparison',
          operator: '=',
          left: column('product_line'),
          right: { type: 'literal', value: '高端系列' },
        },
      },
      groupBy: [],
      actions: [
        { kind: 'escalate', params: { to: { type: 'literal', value: 'production_team' } }, priority: 1 },
      ],
    })
  })

  it('reads the compressor rule to the letter', () => {
    const [rule] = parseRules(compressorRule, { targets: ['sap'] })
    const units = { type: 'aggregate', name: 'COUNT', distinct: true, argument: column('serial_number') }
    const compressor = column('component_batches', 'compressor')
    expect(bare(rule)).toEqual({
      version: 1,
      name: 'compressor_batch_hold',
      stage: 'assembly',
      select: [
        { expression: compressor, alias: 'batch' },
        { expression: units, alias: 'units' },
      ],
      where: {
        type: 'in',
        operand: column('fault_code'),
        list: [
          { type: 'literal', value: 'E-COOL-01' },
          { type: 'literal', value: 'E-COOL-02' },
        ],
        negated: false,
      },
      groupBy: [column('product_model'), compressor],
      window: { kind: 'sliding', size: { ...hour, milliseconds: 24 * 3_600_000 } },
      having: { type: 'comparison', operator: '>=', left: units, right: number(5) },
      oncePer: { months: 0, days: 1, milliseconds: 0 },
      actions: [
        {
          kind: 'material.hold',
          params: {
            batch: column('batch'),
            reason: { type: 'literal', value: 'cooling failure on {units} units in 24 h' },
          },
          target: 'sap',
          priority: 1,
        },
      ],
    })
  })

  it('keeps the source text of each rule and spans that point into the whole text', () => {
    const text = `-- two rules\n${seedRule}\n\n${compressorRule}\n`
    const rules = parseRules(text)
    expect(rules.map((rule) => rule.text)).toEqual([seedRule, compressorRule])
    const condition = rules[0]?.where?.span
    expect(text.slice(condition?.start, condition?.end)).toBe(
      seedRule.slice(seedRule.indexOf('severity_score'), seedRule.indexOf('\nESCALATE')),
    )
  })
})

describe('the grammar', () => {
  it('takes keywords in any case and folds bare names to lower case', () => {
    const [rule] = parseRules(
      'create Rule Hot as select * from Feedbacks where Severity_Score > 8 escalate to Team_A;',
    )
    expect(rule?.name).toBe('hot')
    expect(bare(rule?.where)).toMatchObject({ left: column('severity_score') })
    expect(bare(rule?.actions[0]?.params)).toEqual({ to: { type: 'literal', value: 'team_a' } })
  })

  it('takes no word of another script for a keyword, whatever its upper case is', () => {
    expect(() => parseRules(ruleWhere('region ıS NULL'))).toThrow('found ıS')
    expect(() => parseRules(ruleWhere('region Iſ NULL'))).toThrow('found Iſ')
  })

  it('takes Chinese names bare and any name in quotes', () => {
    const [rule] = parseRules('CREATE RULE 高端告警 AS SELECT * FROM feedbacks ESCALATE TO "Team ""A""";')
    expect(rule?.name).toBe('高端告警')
    expect(bare(rule?.actions[0]?.params)).toEqual({ to: { type: 'literal', value: 'Team "A"' } })
  })

  it("keeps the case of the customer's own names behind the dot", () => {
    expect(where("component_batches.mainBoard = 'M1'")).toMatchObject({
      left: column('component_batches', 'mainBoard'),
    })
    expect(where('attributes."order no" = \'M1\'')).toMatchObject({ left: column('attributes', 'order no') })
  })

  it('reads a doubled quote as one and lets strings cross lines', () => {
    expect(where("symptom_text = 'it''s\ncold'")).toMatchObject({ right: { value: "it's\ncold" } })
  })

  it('ignores line comments and nested block comments', () => {
    expect(where('severity_score /* a /* b */ c */ > -- d\n 8')).toMatchObject({
      operator: '>',
      right: number(8),
    })
  })

  it.each([
    ['.5', 0.5],
    ['5.', 5],
    ['1.5e1', 15],
    ['-3', -3],
  ])('reads the number %s', (text, value) => {
    expect(where(`severity_score > ${text}`)).toMatchObject({ right: number(value) })
  })

  it('takes several action clauses and several actions behind THEN', () => {
    const [rule] = parseRules(
      `CREATE RULE r AS SELECT * FROM feedbacks
       ESCALATE TO team
       THEN notify (to = 'line 3') ON mes, inspection.request () WITH PRIORITY 2
       ESCALATE TO boss WITH PRIORITY 9`,
    )
    expect(rule?.actions.map(({ kind, target, priority }) => [kind, target, priority])).toEqual([
      ['escalate', undefined, undefined],
      ['notify', 'mes', undefined],
      ['inspection.request', undefined, 2],
      ['escalate', undefined, 9],
    ])
  })

  it('lets a parameter be called like a keyword', () => {
    const text =
      "CREATE RULE r AS SELECT * FROM feedbacks THEN parameter.adjust (from = 210, to = 205, unit = 'Cel');"
    const [rule] = parseRules(text, { kinds: ['parameter.adjust'] })
    expect(Object.keys(rule?.actions[0]?.params ?? {})).toEqual(['from', 'to', 'unit'])
  })

  it('reads no rules from an empty text', () => {
    expect(parseRules(' -- nothing here\n')).toEqual([])
  })
})

describe('precedence as in PostgreSQL', () => {
  it.each([
    [
      'severity_score = 1 OR severity_score = 2 AND NOT severity_score = 3',
      'severity_score = 1 OR (severity_score = 2 AND (NOT (severity_score = 3)))',
    ],
    ['severity_score + 2 * 3 > 1', '(severity_score + (2 * 3)) > 1'],
    ['severity_score - 2 - 3 > 1', '((severity_score - 2) - 3) > 1'],
    ['-severity_score + 1 > 0', '((-severity_score) + 1) > 0'],
    ["product_line || 'a' LIKE 'x' || '%'", "(product_line || 'a') LIKE ('x' || '%')"],
    ['severity_score > 3 IS NULL', '(severity_score > 3) IS NULL'],
    [
      'severity_score > 3 IS DISTINCT FROM severity_score > 4',
      '(severity_score > 3) IS DISTINCT FROM (severity_score > 4)',
    ],
    [
      'severity_score BETWEEN 1 + 1 AND 3 AND safety_flags.fire',
      '(severity_score BETWEEN (1 + 1) AND 3) AND safety_flags.fire',
    ],
    ['NOT severity_score IN (1, 2)', 'NOT (severity_score IN (1, 2))'],
    ['safety_flags.fire IS TRUE', 'safety_flags.fire IS NOT DISTINCT FROM TRUE'],
    ['safety_flags.fire IS NOT FALSE', 'safety_flags.fire IS DISTINCT FROM FALSE'],
    ['severity_score != 3', 'severity_score <> 3'],
  ])('%s means %s', (short, long) => {
    expect(where(short)).toEqual(where(long))
  })

  it('reads LIKE with backslash as escape unless told otherwise', () => {
    expect(where("product_line NOT ILIKE 'a!%%' ESCAPE '!'")).toMatchObject({
      type: 'like',
      escape: '!',
      insensitive: true,
      negated: true,
    })
    expect(where("product_line LIKE 'a'")).toMatchObject({ escape: '\\', insensitive: false, negated: false })
  })

  it('reads every aggregate', () => {
    const [rule] = parseRules(
      ruleHaving(
        'COUNT(*) + SUM(severity_score) + AVG(DISTINCT severity_score) > MIN(severity_score) - MAX(severity_score)',
      ),
    )
    expect(bare(rule?.having)).toMatchObject({
      left: { right: { name: 'AVG', distinct: true }, left: { left: { name: 'COUNT', distinct: false } } },
      right: { left: { name: 'MIN' }, right: { name: 'MAX' } },
    })
  })
})
