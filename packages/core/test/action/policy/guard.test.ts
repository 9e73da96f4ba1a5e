import { describe, expect, it } from 'vitest'
import { guard } from '../../../src/action/policy/guard.js'
import type { Limits, ParameterLimit } from '../../../src/action/policy/limits.js'
import type { Decision, PolicyContext } from '../../../src/action/policy/policy.js'
import { adjust, contextOf } from '../proposal.js'

const yes: Decision = { status: 'approved', note: { en: 'Yes.', zh: '可以。' }, graceMs: 5000 }

/** Guards, and sees to it that guarding again changes nothing. */
function guarded(decision: Decision, context: PolicyContext): Decision {
  const once = guard(decision, context)
  expect(guard(once, context)).toEqual(once)
  return once
}

const limitedTo = (part: Partial<ParameterLimit>, ...others: Partial<ParameterLimit>[]): Limits => ({
  parameters: [part, ...others].map((limit) => ({
    ...{ parameter: 'mould_temperature', unit: 'Cel', low: 0, high: 100, maxStep: 100, dwellMs: 0 },
    ...limit,
  })),
})

describe('whatever the policy says', () => {
  it('a production action that its target cannot undo waits for a person', () => {
    expect(guarded(yes, contextOf({}, { reversible: false }))).toEqual({
      status: 'awaiting-approval',
      note: {
        en: 'Yes. The target mes cannot undo it, so a person must approve it.',
        zh: '可以。目标系统 mes 无法撤销该动作，须经人工批准。',
      },
    })
  })

  it('a production action without an inverse waits for a person', () => {
    const context = contextOf({}, { reversible: false })
    const { inverse: _, ...kind } = context.kind ?? { ...contextOf().kind }
    const decision = guarded(yes, { ...context, kind: kind as NonNullable<PolicyContext['kind']> })
    expect(decision.status).toBe('awaiting-approval')
    expect(decision.note.en).toContain('has no inverse')
  })

  it('an action of a kind that nobody knows waits for a person', () => {
    expect(guarded(yes, contextOf({ kind: 'oven.cool' }))).toMatchObject({ status: 'awaiting-approval' })
  })

  it('telling people needs nobody', () => {
    const notice = { kind: 'notify', params: { to: 'quality' } }
    expect(guarded(yes, contextOf(notice, { reversible: false }))).toEqual(yes)
  })

  it.each([
    ['nobody', undefined, [{ count: 2 }]],
    ['one role', [{ role: 'quality', count: 1 }], [{ role: 'quality', count: 1 }, { count: 1 }]],
    ['two people', [{ role: 'quality', count: 2 }], [{ role: 'quality', count: 2 }]],
    ['three people', [{ count: 3 }], [{ count: 3 }]],
  ])('a release waits for two people where the policy names %s', (_, named, needed) => {
    const release = { kind: 'material.release', params: { batch: 'C-1', reason: 'checked' } }
    const decision: Decision = {
      ...yes,
      ...(named === undefined ? {} : { needs: { signatures: named, ordered: false } }),
    }
    expect(guarded(decision, contextOf(release))).toMatchObject({
      status: 'awaiting-approval',
      needs: { signatures: needed },
    })
    expect(guarded({ ...decision, status: 'shadow' }, contextOf(release))).toMatchObject({
      status: 'shadow',
      needs: { signatures: needed },
    })
  })

  it('what touches more than it may waits for a person', () => {
    const limits = { blastRadius: { units: 2 } }
    const hold = (count: number) =>
      contextOf({ params: { serials: Array.from({ length: count }, (_, n) => `S-${n}`), reason: 'r' } })
    expect(guarded({ ...yes, limits }, hold(2)).status).toBe('approved')
    expect(guarded({ ...yes, limits }, hold(3))).toEqual({
      status: 'awaiting-approval',
      limits,
      note: {
        en: 'Yes. It touches 3 units and may touch 2 by itself, so a person must approve it.',
        zh: '可以。该动作涉及 3 件产品，自动执行上限为 2，须经人工批准。',
      },
    })
  })

  it.each([
    ['batches', {}],
    ['orders', { kind: 'schedule.prioritise', params: { order: 'O-1', priority: 1 } }],
  ])('%s count as well', (what, action) => {
    const limits = { blastRadius: { [what]: 0 } }
    expect(guarded({ ...yes, limits }, contextOf(action)).status).toBe('awaiting-approval')
  })

  it.each([
    ['in range', limitedTo({ low: 58, maxStep: 2 }), undefined],
    ['of another machine', limitedTo({ equipment: 'IM-05', low: 60 }), undefined],
    ['below', limitedTo({ low: 58.5 }), '58 is outside the range of mould_temperature, 58.5 to 70 Cel.'],
    ['above', limitedTo({ high: 57 }), '58 is outside the range of mould_temperature, 50 to 57 Cel.'],
    [
      'too far',
      limitedTo({ maxStep: 1.5 }),
      'From 60 to 58 Cel is a larger step of mould_temperature than 1.5 Cel.',
    ],
    [
      'in another unit',
      limitedTo({ unit: '[degF]' }),
      'The limits of mould_temperature are given in Cel and [degF], which cannot be compared: use one unit.',
    ],
    [
      'without any value left',
      limitedTo({ low: 60 }, { high: 55 }),
      'The limits of mould_temperature leave no value: at least 60 and at most 55 Cel.',
    ],
  ])('a parameter %s', (_, limits, refused) => {
    for (const status of ['approved', 'awaiting-approval', 'shadow'] as const) {
      const decision = guarded({ ...yes, status, limits }, contextOf(adjust()))
      expect(decision.status).toBe(refused === undefined ? status : 'refused')
      expect(decision.note.en).toBe(refused === undefined ? 'Yes.' : `Yes. ${refused}`)
      expect(decision.note.zh).not.toMatch(/\b(is|the|of)\b/)
    }
  })
})
