import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { definePolicy, type PolicyDocument, parsePolicy } from '../../../src/action/policy/policy-document.js'
import { type AndonError, isAndonError } from '../../../src/errors/index.js'

const whole = {
  version: 1,
  name: 'north plant',
  rules: [
    {
      name: 'moulds',
      when: {
        tenant: 'acme',
        product_line: ['premium', '高端系列'],
        kind: 'parameter.adjust',
        consequence: 'high',
        reversible: true,
        production: true,
        rule: ['cooling'],
        target: 'mes',
      },
      mode: 'auto',
      grace: '15 seconds',
      deadline: '1 hour',
      expiry: 7200,
      limits: {
        parameters: [
          {
            equipment: 'IM-04',
            parameter: 'mould_temperature',
            unit: 'Cel',
            low: 50,
            high: 70,
            max_step: 2,
            dwell: '10 minutes',
          },
        ],
        per_hour: 4,
        blast_radius: { units: 50, batches: 1, orders: 0 },
        quiet_hours: [{ from: '22:00', to: '06:00', zone: 'Asia/Shanghai', days: [5, 6] }],
      },
      tests: [
        {
          metric: 'fpy_fallout',
          direction: 'down',
          minimum_effect: 0.4,
          settle: 600,
          window: '1 day',
          on_failure: 'revert',
        },
      ],
    },
    {
      name: 'releases',
      when: { kind: 'material.release' },
      mode: 'signed',
      signatures: [{ role: 'quality', count: 1 }, { count: 1 }],
      ordered: true,
    },
  ],
  phases: { 高端系列: 'pilot' },
} satisfies PolicyDocument

function refusal(document: unknown): AndonError {
  try {
    parsePolicy(document)
  } catch (error) {
    if (isAndonError(error, 'POLICY_INVALID')) return error
    throw error
  }
  throw new Error('it was taken')
}

/** A document with one rule that says so. */
const withRule = (part: object): object => ({
  version: 1,
  name: 'p',
  rules: [{ name: 'r', mode: 'auto', ...part }],
})

describe('a policy document', () => {
  it('is read from JSON as it is from a value', () => {
    expect(parsePolicy(JSON.stringify(whole))).toEqual(whole)
    expect(definePolicy(whole)).toEqual(whole)
  })

  it('without rules is one in which people sign everything', () => {
    expect(parsePolicy({ version: 1, name: 'careful', rules: [] }).rules).toEqual([])
  })

  it.each([
    ['version', { ...whole, version: 2 }, 'version "2"', '1'],
    ['mode', withRule({ mode: 'automatic' }), 'rules.0.mode "automatic"', 'shadow, advise, signed, auto'],
    ['condition', withRule({ when: { line: 'x' } }), 'rules.0.when.line "x"', '未知字段'],
    ['consequence', withRule({ when: { consequence: 'hgih' } }), 'rules.0.when.consequence "hgih"', 'high'],
    [
      'entry of a list',
      withRule({ when: { consequence: ['low', 'hgih'] } }),
      'rules.0.when.consequence.1 "hgih"',
      'high',
    ],
    ['kind', withRule({ when: { kind: 'material.hlod' } }), '"material.hlod"', 'material.hold'],
    ['kind in a list', withRule({ when: { kind: ['notify', 'x'] } }), 'rules.0.when.kind "x"', 'kinds'],
    ['grace', withRule({ grace: 4 }), 'rules.0.grace "4"', '5'],
    ['long grace', withRule({ grace: '31 seconds' }), 'rules.0.grace "31 seconds"', '30'],
    ['grace of advice', withRule({ mode: 'advise', grace: 10 }), 'rules.0.grace "10"', 'auto'],
    ['grace in words', withRule({ grace: 'a while' }), 'rules.0.grace "a while"', '10 minutes'],
    ['deadline', withRule({ deadline: 0 }), 'rules.0.deadline "0"', '零'],
    ['signatures', withRule({ signatures: [{ count: 1 }] }), 'rules.0.signatures', 'signed'],
    ['nobody who signs', withRule({ mode: 'signed' }), 'rules.0.signatures', 'count'],
    ['order', withRule({ ordered: true }), 'rules.0.ordered "true"', 'signed'],
    [
      'range',
      withRule({
        limits: {
          parameters: [{ parameter: 't', unit: 'Cel', low: 3, high: 2, max_step: 1, dwell: 0 }],
        },
      }),
      'rules.0.limits.parameters.0.low "3"',
      'high',
    ],
    [
      'zone',
      withRule({ limits: { quiet_hours: [{ from: '22:00', to: '06:00', zone: 'Asia/Shangai' }] } }),
      'rules.0.limits.quiet_hours.0.zone "Asia/Shangai"',
      'Asia/Shanghai',
    ],
    [
      'time of day',
      withRule({ limits: { quiet_hours: [{ from: '24:00', to: '6:00', zone: 'UTC' }] } }),
      'rules.0.limits.quiet_hours.0.from "24:00"',
      '22:00',
    ],
    [
      'quiet hours without a length',
      withRule({ limits: { quiet_hours: [{ from: '22:00', to: '22:00', zone: 'UTC' }] } }),
      'rules.0.limits.quiet_hours.0.to "22:00"',
      'from',
    ],
    ['phase', { ...whole, phases: { x: 'plot' } }, 'phases.x "plot"', 'pilot'],
    ['name', { ...whole, rules: [whole.rules[0], whole.rules[0]] }, 'rules.1.name "moulds"', '重名'],
    ['document', 'version: 1', 'the document "version: 1" is not JSON', '不是 JSON'],
    ['list', [], 'the document', '对象'],
  ])('with a wrong %s says where and what', (_, document, en, zh) => {
    const error = refusal(document)
    expect(error.message).toContain(en)
    expect(error.describe('zh')).toContain(zh)
    expect(error.describe('zh')).toContain('整份策略未生效')
  })

  it('tells all problems at once', () => {
    const error = refusal({ version: 1, rules: [{ name: '', mode: 'auto' }], phase: {} })
    expect(error.details.count).toBe(3)
    expect(error.message.split('\n').slice(1, -1)).toEqual([
      '- name is missing',
      '- rules.0.name is empty',
      '- phase "{}" is an unknown field',
    ])
  })

  it('may name the kinds that connectors bring', () => {
    const cool = {
      name: 'oven.cool',
      title: { en: 'Cool', zh: '降温' },
      production: true,
      params: z.strictObject({}),
    }
    const document = withRule({ when: { kind: 'oven.cool' } })
    expect(parsePolicy(document, { kinds: [cool] })).toEqual(document)
    expect(refusal(document).message).toContain('oven.cool')
  })
})
