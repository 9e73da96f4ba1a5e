import { defineRule, formatDiagnostics, parseRules, RuleError } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { bare, compressorRule, seedRule } from './samples.js'

function refused(
  make: () => unknown,
): readonly { origin: string | undefined; line: number; column: number; message: string }[] {
  try {
    make()
  } catch (error) {
    if (error instanceof RuleError) {
      return error.diagnostics.map(({ origin, line, column, message }) => ({
        origin,
        line,
        column,
        message: message.en,
      }))
    }
    throw error
  }
  return []
}
const minimal = { name: 'r', actions: [{ kind: 'escalate', params: { to: "'team'" } }] }

describe('defineRule', () => {
  it('makes the same rule as the seed text', () => {
    const rule = defineRule({
      name: 'critical_issue_escalation',
      where:
        "severity_score > 8 AND last_occurrence_time > NOW() - INTERVAL '1 hour' AND product_line = '高端系列'",
      actions: [{ kind: 'escalate', params: { to: "'production_team'" }, priority: 1 }],
    })
    expect(bare(rule)).toEqual(bare(parseRules(seedRule)[0]))
  })

  it('makes the same rule as the compressor text', () => {
    const rule = defineRule({
      name: 'compressor_batch_hold',
      stage: 'assembly',
      select: { batch: 'component_batches.compressor', units: 'COUNT(DISTINCT serial_number)' },
      where: "fault_code IN ('E-COOL-01', 'E-COOL-02')",
      groupBy: ['product_model', 'component_batches.compressor'],
      window: { sliding: '24 hours' },
      having: 'COUNT(DISTINCT serial_number) >= 5',
      oncePer: '1 day',
      actions: [
        {
          kind: 'material.hold',
          params: { batch: 'batch', reason: "'cooling failure on {units} units in 24 h'" },
          target: 'sap',
          priority: 1,
        },
      ],
    })
    expect(bare(rule)).toEqual(bare(parseRules(compressorRule)[0]))
  })

  it('takes a tree where it takes a string, and plain values as parameters', () => {
    const where = parseRules(seedRule)[0]?.where
    const rule = defineRule(
      {
        name: 'r',
        ...(where === undefined ? {} : { where }),
        actions: [{ kind: 'notify', params: { count: -3, urgent: true } }],
      },
      { kinds: ['notify'] },
    )
    expect(bare(rule.where)).toEqual(bare(where))
    expect(bare(rule.actions[0]?.params)).toEqual({
      count: { type: 'literal', value: -3 },
      urgent: { type: 'literal', value: true },
    })
  })

  it('points into the string that is wrong, and reports every one', () => {
    expect(
      refused(() =>
        defineRule({
          ...minimal,
          where: 'severity_score >\n 8 ADN safety_flags.fire',
          having: 'COUNT(* > 5',
          window: { sliding: '1 huor' },
          actions: [{ kind: 'material.hodl', params: { batch: 'batch number' }, priority: 12 }],
        }),
      ).map(({ origin, line, column }) => [origin, line, column]),
    ).toEqual([
      ['where', 2, 4],
      ['having', 1, 9],
      ['window.sliding', 1, 1],
      ['actions[0].params.batch', 1, 7],
      ['actions[0].kind', 1, 1],
      ['actions[0].priority', 1, 1],
    ])
  })

  it('names the string in the formatted report', () => {
    let report = ''
    try {
      defineRule({ ...minimal, groupBy: ['region', 'sevrity_score'] })
    } catch (error) {
      report = error instanceof RuleError ? formatDiagnostics(error.diagnostics) : ''
    }
    expect(report).toBe(`error: feedbacks have no column sevrity_score; did you mean severity_score?
 --> groupBy[1], line 1, column 1
1 | sevrity_score
  | ^^^^^^^^^^^^^`)
  })

  it.each([
    [{ ...minimal, name: '' }, 'name'],
    [{ ...minimal, actions: [] }, 'actions'],
    [{ ...minimal, oncePer: '0 days' }, 'oncePer'],
    [{ ...minimal, where: '' }, 'where'],
    [{ ...minimal, where: 'TRUE ; DROP' }, 'where'],
  ])('refuses %o, naming %s', (definition, origin) => {
    expect(refused(() => defineRule(definition)).map((problem) => problem.origin)).toEqual([origin])
  })
})
