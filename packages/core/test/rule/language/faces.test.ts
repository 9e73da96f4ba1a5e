import {
  checkRulesJson,
  defineRule,
  parseRules,
  parseRulesJson,
  printRules,
  type RuleDefinition,
  RuleError,
  rulesJsonSchema,
  rulesToJson,
} from '@andon/core/rule'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bare, compressorRule, seedRule } from './samples.js'
import { sensibleDefinition } from './sensible-definition.js'

const other: RuleDefinition<string> = {
  name: 'other',
  having: 'COUNT(*) > 100',
  actions: [{ kind: 'escalate', params: { to: "'team'" } }],
}

describe('the three faces of a rule', () => {
  it('make the same rule of the same words', () => {
    fc.assert(
      fc.property(sensibleDefinition, (definition) => {
        const built = defineRule(definition, { rules: ['other'] })
        const document = { version: 1, rules: [other, definition] }
        const [, read] = parseRulesJson(document)
        const [parsed] = parseRules(printRules([built]), { rules: ['other'] })
        expect(bare(read)).toEqual(bare(built))
        expect(bare(parsed)).toEqual(bare(built))
      }),
      { numRuns: 500 },
    )
  })

  it('survive the way to JSON text and back', () => {
    fc.assert(
      fc.property(sensibleDefinition, (definition) => {
        const rules = [defineRule(other), defineRule(definition, { rules: ['other'] })]
        const text = JSON.stringify(rulesToJson(rules))
        expect(bare(parseRulesJson(JSON.parse(text)))).toEqual(bare(rules))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['the seed rule', seedRule],
    ['the compressor rule', compressorRule],
  ])('hold %s', (_, text) => {
    const rules = parseRules(text)
    expect(bare(parseRulesJson(rulesToJson(rules)))).toEqual(bare(rules))
  })
})

describe('the JSON form', () => {
  it('reads as the words of defineRule', () => {
    expect(rulesToJson(parseRules(compressorRule))).toEqual({
      version: 1,
      rules: [
        {
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
        },
      ],
    })
  })

  it('keeps SELECT in order where an object would not', () => {
    const text = 'CREATE RULE r AS SELECT region AS "2", tenant AS "1" FROM feedbacks ESCALATE TO t;'
    const [rule] = rulesToJson(parseRules(text)).rules
    expect(rule?.select).toEqual([
      { expression: 'region', alias: '2' },
      { expression: 'tenant', alias: '1' },
    ])
  })

  it('keeps an alias that JSON readers drop', () => {
    const rules = parseRules('CREATE RULE r AS SELECT region AS __proto__ FROM feedbacks ESCALATE TO t;')
    expect(bare(parseRulesJson(JSON.parse(JSON.stringify(rulesToJson(rules)))))).toEqual(bare(rules))
  })

  it('may name its JSON Schema', () => {
    expect(parseRulesJson({ $schema: './rules.schema.json', version: 1, rules: [other] })).toHaveLength(1)
  })

  it('takes emitFinal: false for what it says', () => {
    const window = { tumbling: '1 hour', emitFinal: false }
    const [rule] = parseRulesJson({ version: 1, rules: [{ ...other, window }] })
    expect(rule?.window).toEqual({ kind: 'tumbling', size: { months: 0, days: 0, milliseconds: 3_600_000 } })
  })

  it('is described by a JSON Schema', () => {
    expect(rulesJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { version: { const: 1 }, rules: { type: 'array' } },
      required: ['version', 'rules'],
      additionalProperties: false,
    })
  })
})

describe('a JSON document with errors', () => {
  const problems = (value: unknown) =>
    checkRulesJson(value).diagnostics.map(({ origin, message, line, column }) => [
      origin,
      line,
      column,
      message.en,
    ])
  const document = (rule: object) => ({ version: 1, rules: [{ ...other, ...rule }] })

  it('of another version says which versions there are', () => {
    expect(problems({ version: 2, rules: 'whatever' })).toEqual([
      ['version', 1, 1, 'this rules document is of version 2; this version of Andon reads version 1'],
    ])
    const [problem] = checkRulesJson({ version: 2 }).diagnostics
    expect(problem?.message.zh).toBe('此规则文档的版本是 2；当前 Andon 只能读取版本 1')
  })

  it('names the place in the document and points into its string', () => {
    expect(
      problems(
        document({
          where: 'severity_score >\n 8 ADN safety_flags.fire',
          window: { sliding: '1 huor' },
          match: { steps: ['a', 'a'], within: '0 days' },
          inhibitedBy: ['nobody'],
        }),
      ).map((place) => place.slice(0, 3)),
    ).toEqual([
      ['rules[0].where', 2, 4],
      ['rules[0].window.sliding', 1, 1],
      ['rules[0].match.steps[1]', 1, 1],
      ['rules[0].match.steps', 1, 1],
      ['rules[0].match.within', 1, 1],
      ['rules[0].inhibitedBy[0]', 1, 1],
    ])
  })

  it.each([
    [null, 'document'],
    [[], 'document'],
    [{ version: 1 }, 'rules'],
    [{ version: 1, rules: [7] }, 'rules[0]'],
    [document({ wehre: 'TRUE' }), 'rules[0]'],
    [document({ where: 7 }), 'rules[0].where'],
    [document({ stage: 'kitchen' }), 'rules[0].stage'],
    [document({ window: { sliding: 7 } }), 'rules[0].window.sliding'],
    [document({ window: { sliding: '1 day', emitFinal: true } }), 'rules[0].window'],
    [document({ window: { count: 5, onEventTime: { lateness: '1 hour' } } }), 'rules[0].window'],
    [document({ actions: [{ kind: 'notify', params: { to: null } }] }), 'rules[0].actions[0].params.to'],
  ])('%j is refused at %s, in both languages', (value, origin) => {
    const { rules, diagnostics } = checkRulesJson(value)
    expect(rules).toEqual([])
    expect(diagnostics.map((problem) => problem.origin)).toEqual([origin])
    expect(diagnostics[0]?.message.zh).not.toBe(diagnostics[0]?.message.en)
  })

  it('checks the rules together', () => {
    const again = { version: 1, rules: [other, other] }
    expect(problems(again)).toEqual([['rules[1].name', 1, 1, 'there is already a rule named other']])
    expect(() => parseRulesJson(again)).toThrow(RuleError)
  })

  it('never throws, whatever the value is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkRulesJson(value).rules).toEqual([])
        expect(checkRulesJson({ version: 1, rules: [value] }).rules).toEqual([])
        expect(checkRulesJson({ version: 1, rules: [{ ...other, window: value }] }).rules).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
