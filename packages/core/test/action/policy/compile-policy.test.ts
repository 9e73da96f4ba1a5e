import { describe, expect, it } from 'vitest'
import type { Action } from '../../../src/action/action.js'
import { policyFromDocument, policyOf } from '../../../src/action/policy/compile-policy.js'
import type { Phase } from '../../../src/action/policy/phase.js'
import type { PolicyContext } from '../../../src/action/policy/policy.js'
import { type PolicyRule, parsePolicy } from '../../../src/action/policy/policy-document.js'
import { aboutLine, adjust, contextOf } from '../proposal.js'

const policy = (rules: PolicyRule[], phases: Record<string, Phase> = {}) =>
  policyFromDocument(parsePolicy({ version: 1, name: 'north plant', rules, phases }))

/** What the rules decide about an action. */
const decide = (rules: PolicyRule[], action: Partial<Action> = {}, part: Partial<PolicyContext> = {}) =>
  policy(rules)(contextOf(action, part))

const limit = { parameter: 'mould_temperature', unit: 'Cel', low: 40, high: 80, max_step: 5, dwell: 60 }

describe('a policy', () => {
  it('lets the first rule that matches decide', () => {
    const rules: PolicyRule[] = [
      { name: 'releases', when: { kind: 'material.release' }, mode: 'shadow' },
      { name: 'holds', when: { kind: ['material.hold', 'notify'] }, mode: 'auto' },
      { name: 'rest', mode: 'advise' },
    ]
    expect(decide(rules)).toMatchObject({ status: 'approved', name: 'holds', mode: 'auto' })
    expect(decide(rules, adjust())).toMatchObject({ status: 'awaiting-approval', name: 'rest' })
  })

  it.each([
    ['tenant', { tenant: 'default' }, { tenant: 'acme' }],
    ['product line', { product_line: ['x', 'premium'] }, { product_line: 'entry' }],
    ['kind', { kind: 'material.hold' }, { kind: 'notify' }],
    ['consequence', { consequence: 'high' }, { consequence: ['low', 'medium'] }],
    ['reversibility', { reversible: true }, { reversible: false }],
    ['production', { production: true }, { production: false }],
    ['rule', { rule: 'cooling' }, { rule: 'noise' }],
    ['target', { target: ['mes', 'sap'] }, { target: 'sap' }],
  ] as const)('decides by %s', (_, holds, fails) => {
    expect(decide([{ name: 'r', when: holds, mode: 'auto' }])).toMatchObject({ name: 'r' })
    expect(decide([{ name: 'r', when: fails, mode: 'auto' }]).name).toBeUndefined()
  })

  it('asks a person when no rule matches', () => {
    expect(decide([{ name: 'r', when: { kind: 'notify' }, mode: 'auto' }])).toEqual({
      status: 'awaiting-approval',
      mode: 'advise',
      note: {
        en: 'No rule of policy “north plant” matches material.hold: a person must sign.',
        zh: '策略“north plant”没有适用于 material.hold 的规则：须由一人签字批准。',
      },
    })
  })

  it('does not match a product line that is not known', () => {
    const rules: PolicyRule[] = [{ name: 'r', when: { product_line: 'premium' }, mode: 'auto' }]
    expect(decide(rules, {}, { about: undefined }).name).toBeUndefined()
    expect(decide(rules, { productLine: 'premium' }, { about: undefined }).name).toBe('r')
  })

  it('gives what the rule says, in milliseconds', () => {
    const rule: PolicyRule = {
      name: 'r',
      mode: 'auto',
      grace: 15,
      deadline: '1 hour',
      expiry: '2 days',
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
    }
    expect(decide([rule])).toMatchObject({
      graceMs: 15_000,
      deadlineMs: 3_600_000,
      expiryMs: 172_800_000,
      tests: [
        {
          metric: 'fpy_fallout',
          direction: 'down',
          minimumEffect: 0.4,
          settleMs: 600_000,
          windowMs: 86_400_000,
          onFailure: 'revert',
        },
      ],
    })
  })

  it.each<[PolicyRule, string, string]>([
    [
      { name: 'r', mode: 'auto', grace: 15 },
      'Rule “r” of policy “north plant”: automatic after 15 s in which a leader can cancel.',
      '策略“north plant”的规则“r”：15 秒后自动执行，其间班组长可取消。',
    ],
    [
      { name: 'r', mode: 'auto' },
      'Rule “r” of policy “north plant”: automatic.',
      '策略“north plant”的规则“r”：自动执行。',
    ],
    [
      { name: 'r', mode: 'shadow' },
      'Rule “r” of policy “north plant”: recorded only, not carried out.',
      '策略“north plant”的规则“r”：仅记录，不执行。',
    ],
    [
      { name: 'r', mode: 'signed', signatures: [{ role: 'quality', count: 2 }, { count: 1 }], ordered: true },
      'Rule “r” of policy “north plant”: signatures are needed in this order: 2 × quality, 1 × any role.',
      '策略“north plant”的规则“r”：须依次签字：quality 2 人、任意角色 1 人。',
    ],
    [
      { name: 'r', mode: 'signed', signatures: [{ role: 'quality', count: 1 }] },
      'Rule “r” of policy “north plant”: signatures are needed: 1 × quality.',
      '策略“north plant”的规则“r”：须签字：quality 1 人。',
    ],
  ])('explains itself in English and in Chinese (%#)', (rule, en, zh) => {
    expect(decide([rule]).note).toEqual({ en, zh })
  })

  it('waits for the signatures that the rule names', () => {
    const signatures = [{ role: 'quality', count: 1 }, { count: 1 }]
    const decision = decide([{ name: 'r', mode: 'signed', signatures, ordered: true }])
    expect(decision).toMatchObject({ status: 'awaiting-approval', needs: { signatures, ordered: true } })
  })

  it('holds an action to the limits of every rule that matches, the tightest of them', () => {
    const rules: PolicyRule[] = [
      { name: 'first', when: { consequence: 'high' }, mode: 'auto', limits: { per_hour: 9 } },
      {
        name: 'second',
        mode: 'shadow',
        limits: {
          parameters: [limit],
          per_hour: 4,
          blast_radius: { units: 5, batches: 2 },
          quiet_hours: [{ from: '22:00', to: '06:00', zone: 'UTC' }],
        },
      },
      {
        name: 'third',
        when: { target: 'mes' },
        mode: 'shadow',
        limits: {
          parameters: [
            { ...limit, equipment: 'IM-04', low: 50, high: 90, max_step: 2, dwell: 30 },
            { ...limit, equipment: 'IM-05', low: 55 },
            { ...limit, parameter: 'pressure', unit: 'bar' },
          ],
          blast_radius: { units: 7, orders: 1 },
          quiet_hours: [{ from: '12:00', to: '13:00', zone: 'UTC', days: [7] }],
        },
      },
      { name: 'of others', when: { target: 'sap' }, mode: 'shadow', limits: { per_hour: 0 } },
    ]
    expect(decide(rules, adjust())).toMatchObject({ status: 'approved', name: 'first' })
    expect(decide(rules, adjust()).limits).toEqual({
      parameters: [
        {
          equipment: 'IM-04',
          parameter: 'mould_temperature',
          unit: 'Cel',
          low: 50,
          high: 80,
          maxStep: 2,
          dwellMs: 60_000,
        },
      ],
      perHour: 4,
      blastRadius: { units: 5, batches: 2, orders: 1 },
      quietHours: [
        { from: '22:00', to: '06:00', zone: 'UTC' },
        { from: '12:00', to: '13:00', zone: 'UTC', days: [7] },
      ],
    })
  })

  it('keeps no parameter limits with an action that changes no parameter', () => {
    expect(decide([{ name: 'r', mode: 'auto', limits: { parameters: [limit] } }]).limits).toBeUndefined()
  })
})

describe('a roll-out phase', () => {
  const free: PolicyRule[] = [{ name: 'everything', mode: 'auto', grace: 5, limits: { per_hour: 100 } }]

  it('narrows what the rules would allow, and says so', () => {
    const decision = policy(free, { premium: 'pilot' })(contextOf())
    expect(decision).toMatchObject({ status: 'shadow', name: 'high consequence', mode: 'shadow' })
    expect(decision.note).toEqual({
      en: 'Roll-out phase pilot of premium: recorded only, not carried out. Rule “everything” of policy “north plant” would allow: automatic after 5 s in which a leader can cancel.',
      zh: 'premium 处于推广阶段 pilot：仅记录，不执行。策略“north plant”的规则“everything”本可：5 秒后自动执行，其间班组长可取消。',
    })
  })

  it('never widens them', () => {
    const careful: PolicyRule[] = [{ name: 'careful', mode: 'shadow' }]
    expect(policy(careful, { premium: 'optimisation' })(contextOf())).toMatchObject({
      status: 'shadow',
      name: 'careful',
    })
  })

  it('adds its limits and the longer grace time where both are automatic', () => {
    expect(policy(free, { premium: 'optimisation' })(contextOf())).toMatchObject({
      status: 'approved',
      name: 'everything',
      graceMs: 15_000,
      limits: { perHour: 12, blastRadius: { units: 500, batches: 5, orders: 20 } },
    })
  })

  it('decides alone where no rule matches', () => {
    expect(policy([], { premium: 'optimisation' })(contextOf())).toMatchObject({
      status: 'approved',
      name: 'reversible',
      graceMs: 15_000,
    })
  })

  it('bounds its own product line only', () => {
    const decided = policy(free, { premium: 'pilot' })
    for (const line of ['entry', 'constructor', '__proto__'])
      expect(decided(contextOf({}, { about: aboutLine(line) }))).toMatchObject({ status: 'approved' })
  })

  it('is asked for at every decision when it is kept elsewhere', () => {
    let phase: Phase | undefined = 'optimisation'
    const asked: string[] = []
    const document = parsePolicy({ version: 1, name: 'p', rules: [], phases: { premium: 'pilot' } })
    const decided = policyFromDocument(document, (tenant, line) => {
      asked.push(`${tenant}/${line}`)
      return phase
    })
    expect(decided(contextOf()).status).toBe('approved')
    phase = 'pilot'
    expect(decided(contextOf()).status).toBe('shadow')
    expect(asked).toEqual(['default/premium', 'default/premium'])
  })
})

describe('one mode for all', () => {
  it.each([
    ['shadow', 'shadow', 'Mode shadow: recorded only, not carried out.', '模式 shadow：仅记录，不执行。'],
    ['advise', 'awaiting-approval', 'Mode advise: a person must sign.', '模式 advise：须由一人签字批准。'],
    [
      'signed',
      'awaiting-approval',
      'Mode signed: signatures are needed: 1 × any role.',
      '模式 signed：须签字：任意角色 1 人。',
    ],
    ['auto', 'approved', 'Mode auto: automatic.', '模式 auto：自动执行。'],
  ] as const)('%s', (mode, status, en, zh) => {
    expect(policyOf(mode)(contextOf())).toEqual({ status, mode, name: mode, note: { en, zh } })
  })
})
