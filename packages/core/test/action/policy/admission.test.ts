import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Action } from '../../../src/action/action.js'
import type { ActionKind } from '../../../src/action/kinds/kind.js'
import { kindTable } from '../../../src/action/kinds/kinds.js'
import { type Admission, type AdmissionQuestion, admit } from '../../../src/action/policy/admission.js'
import type { Limits } from '../../../src/action/policy/limits.js'
import { adjust, at, proposed } from '../proposal.js'

const kinds = kindTable()
const minute = 60_000

function asked(action: Partial<Action>, part: Partial<AdmissionQuestion> = {}): Admission {
  const whole = proposed(action)
  return admit({
    ...{ action: whole, kind: kinds.get(whole.kind), now: at, signed: false, reversal: false },
    ...{ startedInLastHour: [], ...part },
  })
}

/** Whether the mould may be set from 60 to 58 °C. */
const set = (
  params: object,
  parameter: AdmissionQuestion['parameter'] | 'unknown' = {},
  part: Partial<AdmissionQuestion & { limits: Limits }> = {},
): Admission => {
  const { limits, ...question } = part
  return asked(
    { ...adjust(params), ...(limits === undefined ? {} : { limits }) },
    { ...(parameter === 'unknown' ? {} : { parameter: { value: 60, ...parameter } }), ...question },
  )
}

const moulds = (part: object): Limits => ({
  parameters: [
    {
      ...{ parameter: 'mould_temperature', unit: 'Cel', low: 0, high: 100, maxStep: 100, dwellMs: 0 },
      ...part,
    },
  ],
})

const run = { outcome: 'run' }
const refused = (name: string) => ({ outcome: 'refuse', name })

describe('a parameter', () => {
  it('is set when nothing is in the way', () => expect(set({})).toEqual(run))

  it.each([
    ['the action', { low: 58.5, to: 58.5 }, {}, {}, run],
    ['the policy', {}, {}, { limits: moulds({ low: 58.5 }) }, refused('range')],
    ['the policy, above', {}, {}, { limits: moulds({ high: 57.9 }) }, refused('range')],
    ['the machine', {}, { low: 59 }, {}, refused('range')],
    ['the machine, above', {}, { high: 57 }, {}, refused('range')],
    [
      'nobody, for they exclude one another',
      {},
      { high: 55 },
      { limits: moulds({ low: 56 }) },
      refused('range'),
    ],
  ])('stays inside the range of %s', (_, params, parameter, part, outcome) => {
    expect(set(params, parameter, part)).toMatchObject(outcome)
    expect(set(params, parameter, { ...part, signed: true })).toMatchObject(outcome)
  })

  it.each([
    ['the action', { max_step: 1.9, from: undefined }, {}, {}],
    ['the policy', {}, {}, { limits: moulds({ maxStep: 1 }) }],
    ['the machine', {}, { maxStep: 1 }, {}],
    ['the action, from where it really is', { from: undefined }, { value: 62 }, {}],
  ])('moves no further than the step of %s', (_, params, parameter, part) => {
    expect(set(params, parameter, part)).toMatchObject(refused('step'))
    expect(set(params, parameter, { ...part, signed: true })).toMatchObject(refused('step'))
  })

  it('may move by exactly the largest step, whatever floating point makes of it', () => {
    const fine = { from: 0.1, to: 0.3, low: 0, high: 1, max_step: 0.2 }
    expect(set(fine, { value: 0.1 })).toEqual(run)
  })

  it.each([
    ['the action', { dwell: '10 minutes' }, {}, {}],
    ['the policy', {}, {}, { limits: moulds({ dwellMs: 10 * minute }) }],
    ['the machine', { dwell: 30 }, { dwellSeconds: 600 }, { limits: moulds({ dwellMs: minute }) }],
  ])('waits for the dwell of %s', (_, params, parameter, part) => {
    const changed = (ago: number) => ({ ...parameter, changedAt: at - ago })
    expect(set(params, changed(10 * minute - 1), part)).toMatchObject({
      ...{ outcome: 'wait', name: 'dwell', until: at + 1 },
    })
    expect(set(params, changed(10 * minute), part)).toEqual(run)
    expect(set(params, parameter, part)).toEqual(run)
    expect(set(params, changed(1), { ...part, signed: true }).outcome).toBe('wait')
  })

  it('that was changed by a clock that is ahead waits for it', () => {
    expect(set({ dwell: 60 }, { changedAt: at + 5000 })).toMatchObject({ until: at + 65_000 })
  })

  it.each(['unknown', { value: Number.NaN }] as const)(
    'whose value is %j is not set by anybody',
    (parameter) => {
      expect(set({}, parameter)).toMatchObject(refused('unknown-value'))
      expect(set({}, parameter, { signed: true })).toMatchObject(refused('unknown-value'))
    },
  )

  it('that was changed in between is not set', () => {
    expect(set({}, { value: 59.5 })).toMatchObject(refused('from'))
  })

  it.each([
    ['machine', { unit: '[degF]' }, {}],
    ['policy', {}, { limits: moulds({ unit: 'K' }) }],
  ])('in another unit than that of the %s is not set', (_, parameter, part) => {
    expect(set({}, parameter, part)).toMatchObject(refused('unit'))
  })

  it('heeds the limits of its own machine only', () => {
    expect(set({}, {}, { limits: moulds({ equipment: 'IM-05', maxStep: 0 }) })).toEqual(run)
    expect(set({}, {}, { limits: moulds({ equipment: 'IM-04', maxStep: 0 }) })).toMatchObject(refused('step'))
  })

  it.each([
    ['it is unknown', { kind: undefined }],
    ['it changes several at once', { kind: twoAtOnce() }],
  ])('is not bounded by a kind when %s, so nothing runs', (_, part) => {
    expect(set({}, {}, { ...part, signed: true })).toMatchObject(refused('effects'))
  })

  it('is not set by an action whose parameters are not valid', () => {
    expect(set({ low: 'cold' }, {}, { signed: true })).toMatchObject(refused('effects'))
  })
})

describe('taking a setting back', () => {
  const back = (parameter: object, to: number | undefined = 60, params: object = {}) =>
    set(
      params,
      { value: 58, ...parameter },
      { reversal: true, ...(to === undefined ? {} : { to }), startedInLastHour: [at] },
    )

  it('goes to the old value', () => expect(back({})).toEqual(run))
  it('waits for the dwell', () =>
    expect(back({ changedAt: at - 1 }, 60, { dwell: 60 })).toMatchObject({ outcome: 'wait', name: 'dwell' }))
  it('never goes further than a step', () => expect(back({ value: 56 })).toMatchObject(refused('step')))
  it('never goes outside the range', () => expect(back({ low: 59 }, 58.5)).toMatchObject(refused('range')))
  it('needs the old value, and never takes what was asked for', () => {
    const question = { reversal: true, parameter: { value: 58 } }
    expect(asked(adjust(), question)).toMatchObject(refused('unknown-value'))
  })
})

describe('an action that nobody signed', () => {
  const limits: Limits = {
    perHour: 2,
    quietHours: [{ from: '22:00', to: '06:00', zone: 'Asia/Shanghai' }],
  }
  const night = Date.UTC(2026, 2, 4, 15)

  it('waits for the end of quiet hours', () => {
    expect(asked({ limits }, { now: night })).toMatchObject({
      ...{ outcome: 'wait', name: 'quiet-hours', until: Date.UTC(2026, 2, 4, 22) },
    })
  })

  it('waits for a signature when too many began within the hour', () => {
    const hour = 60 * minute
    expect(asked({ limits }, { startedInLastHour: [at - hour, at - 1] })).toEqual(run)
    expect(asked({ limits }, { startedInLastHour: [at - hour + 1, at - 1] })).toMatchObject({
      ...{ outcome: 'ask', name: 'per-hour' },
    })
    expect(asked({ limits: { perHour: 0 } })).toMatchObject({ outcome: 'ask' })
  })

  it('counts what began before the clock was set back', () => {
    expect(asked({ limits }, { startedInLastHour: [at + minute, at + minute] }).outcome).toBe('ask')
  })

  it.each([{ signed: true }, { reversal: true }])('is bounded by neither when %j', (part) => {
    expect(asked({ limits }, { now: night, startedInLastHour: [night, night], ...part })).toEqual(run)
  })
})

it('every answer but yes is explained in English and in Chinese', () => {
  const answers = [
    set({}, { value: 61 }),
    set({}, 'unknown'),
    set({}, { low: 59 }),
    set({}, { high: 40 }),
    set({}, { maxStep: 1 }),
    set({}, { unit: 'K' }),
    set({ dwell: 60 }, { changedAt: at }),
    set({}, {}, { kind: undefined }),
    set({}, {}, { kind: twoAtOnce() }),
    set({}, {}, { reversal: true }),
    set({}, {}, { to: Number.NaN }),
    asked({ limits: { perHour: 0 } }),
    asked({ limits: { quietHours: [{ from: '00:00', to: '23:59', zone: 'UTC' }] } }),
  ]
  for (const answer of answers) {
    if (answer.outcome === 'run') expect.unreachable('it was let run')
    else {
      expect(answer.text.en).toMatch(/^[\x20-\x7e]+\.$/)
      expect(answer.text.zh).toMatch(/\p{Script=Han}.*。$/u)
      expect(answer.text.zh).not.toMatch(/\b(is|the|of|and)\b/)
    }
  }
})

function twoAtOnce(): ActionKind {
  return {
    name: 'parameter.adjust',
    title: { en: 'Two', zh: '两个' },
    production: true,
    params: z.looseObject({}),
    effects: () =>
      ['a', 'b'].map((id) => ({
        subject: { kind: 'parameter', equipment: 'IM-04', id },
        fields: { value: 1 },
      })),
  }
}
