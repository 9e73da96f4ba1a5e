import { describe, expect, it } from 'vitest'
import { feedbackRecordSchema } from '../../src/feedback/schema.js'
import { accepted, minimal, normalize, now, problems } from './draft.js'

describe('normalising fills in', () => {
  it('every default of a minimal draft', () => {
    expect(accepted(minimal)).toEqual({
      feedbackId: expect.stringMatching(/^019ca869-5000-7/),
      channel: 'web',
      source: 'ingest',
      sourceMessageId: 'm-1',
      receivedAt: '2026-03-01T08:00:00.000Z',
      lastOccurrenceTime: '2026-03-01T08:00:00.000Z',
      language: 'en',
      customerRole: 'consumer',
      symptomText: 'The display stays black',
      severityScore: 5,
      safetyFlags: {
        fire: false,
        injury: false,
        electricShock: false,
        leak: false,
        breakdown: false,
        reportable: false,
      },
      tenant: 'default',
      schemaVersion: 1,
      fingerprint: 'f1:|~the display stays black',
    })
  })

  it('the last occurrence from when it occurred, and the receipt from the source', () => {
    const draft = { ...minimal, occurredAt: { at: '2026-02-27T21:00:00+08:00', precision: 'second' } }
    const feedback = accepted(draft, { receivedAt: 1_772_300_000 })
    expect(feedback.receivedAt).toBe('2026-02-28T17:33:20.000Z')
    expect(feedback.occurredAt).toEqual({ at: '2026-02-27T13:00:00.000Z', precision: 'second' })
    expect(feedback.lastOccurrenceTime).toBe('2026-02-27T13:00:00.000Z')
  })

  it('nothing where the draft has blanks', () => {
    const draft = {
      ...minimal,
      region: '  ',
      serialNumber: '',
      customer: '',
      componentBatches: { fan: '' },
      productLine: null,
    }
    const feedback = accepted(draft)
    for (const name of ['region', 'serialNumber', 'customerRef', 'componentBatches', 'productLine'] as const)
      expect(feedback[name]).toBeUndefined()
  })
})

describe('normalising keeps', () => {
  it('the symptom word for word', () => {
    const symptomText = '  Ａ①é e\u0301 \n冰箱 <b>smoke</b> \u0000 '
    expect(accepted({ ...minimal, symptomText }).symptomText).toBe(symptomText)
  })

  it('identifiers without stray blanks, and numbers as text', () => {
    const feedback = accepted({ ...minimal, sourceMessageId: 42, serialNumber: ' SN1 ', productModel: 500 })
    expect(feedback).toMatchObject({ sourceMessageId: '42', serialNumber: 'SN1', productModel: '500' })
  })

  it('what no field holds as attributes, a language that is no tag included', () => {
    const feedback = accepted({
      ...minimal,
      language: 'Chinese',
      mood: { now: 'angry' },
      attributes: { page: 1 },
    })
    expect(feedback.language).toBe('en')
    expect(feedback.attributes).toEqual({ page: 1, 'mood.now': 'angry', language: 'Chinese' })
  })

  it("the channel's conditions before those in the words, without doubles", () => {
    const given = { quantity: 'temperature', min: 2, max: 8, unit: 'Cel', text: 'between 2 and 8 °C' }
    const feedback = accepted({
      ...minimal,
      symptomText: 'fails between 2 and 8 °C at night',
      conditions: [given],
    })
    expect(feedback.conditions).toEqual([given, { quantity: 'time of day', text: 'at night' }])
  })

  it('no name, telephone or address: only a pseudonym', () => {
    const feedback = accepted({ ...minimal, customer: '13800138000' })
    expect(feedback.customerRef).toMatch(/^c_[\w-]{22}$/)
    expect(JSON.stringify(feedback)).not.toContain('13800138000')
  })

  it('a trace context that is one, and drops one that is none', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    expect(accepted(minimal, { traceparent }).traceparent).toBe(traceparent)
    expect(accepted(minimal, { traceparent: 'x'.repeat(500) }).traceparent).toBeUndefined()
  })

  it('the day of manufacture as it was written', () => {
    expect(accepted({ ...minimal, manufacturedAt: '2026-03-01T00:00:00+08:00' }).manufacturedAt).toBe(
      '2026-03-01',
    )
  })
})

describe('normalising weighs', () => {
  it('safety words above a low severity', () => {
    const feedback = accepted({ ...minimal, symptomText: '插座冒烟', severityScore: 1 })
    expect(feedback.severityScore).toBe(9.5)
    expect(feedback.safetyFlags).toMatchObject({ fire: true, reportable: true })
  })

  it("the channel's flags like words", () => {
    const feedback = accepted({ ...minimal, safetyFlags: { injury: true, fire: false } })
    expect(feedback).toMatchObject({
      severityScore: 9.5,
      safetyFlags: { injury: true, reportable: true, fire: false },
    })
  })

  it('words over a flag that says no', () => {
    expect(
      accepted({ ...minimal, symptomText: 'fire!', safetyFlags: { fire: false } }).safetyFlags.fire,
    ).toBe(true)
  })

  it('a given severity as it is where there is no danger', () => {
    expect(accepted({ ...minimal, severityScore: 2.25 }).severityScore).toBe(2.25)
  })

  it('what was heard in an attachment, if the recogniser is sure', () => {
    const heard = (confidence: number): unknown => ({
      ...minimal,
      evidence: [{ uri: 'a', mime: 'audio/amr', derivedText: 'there is smoke', confidence }],
    })
    expect(accepted(heard(0.9)).safetyFlags.fire).toBe(true)
    expect(accepted(heard(0.2)).safetyFlags.fire).toBe(false)
  })
})

describe('normalising refuses', () => {
  it.each([
    ['a missing id', { symptomText: 'x' }, ['sourceMessageId: is missing']],
    ['a missing symptom', { sourceMessageId: 'm' }, ['symptomText: is missing']],
    ['a blank symptom', { ...minimal, symptomText: ' \n ' }, ['symptomText: is empty']],
    ['a symptom that is no text', { ...minimal, symptomText: 5 }, ['symptomText: is not a text']],
    [
      '10 MB of symptom',
      { ...minimal, symptomText: 'x'.repeat(10_000_000) },
      ['symptomText: is longer than 20000 characters'],
    ],
    [
      'an impossible day',
      { ...minimal, receivedAt: '2026-02-30' },
      ['receivedAt: is a day or time that does not exist'],
    ],
    [
      'no number',
      { ...minimal, receivedAt: Number.NaN },
      ['receivedAt: is not a date or time such as 2026-03-01T08:00:00Z'],
    ],
    [
      '1919',
      { ...minimal, occurredAt: { at: '1919-01-01', precision: 'day' } },
      ['occurredAt: is before 1990-01-01: no report can be that old'],
    ],
    ['the future', { ...minimal, receivedAt: '2026-03-02T08:00:00.001Z' }, ['receivedAt: is in the future']],
    [
      'a last occurrence in the future',
      { ...minimal, lastOccurrenceTime: '2027-01-01' },
      ['lastOccurrenceTime: is in the future'],
    ],
    [
      'a product of tomorrow',
      { ...minimal, manufacturedAt: '2026-03-02' },
      ['manufacturedAt: is in the future'],
    ],
    [
      'what happened after it was reported',
      { ...minimal, receivedAt: '2026-02-01', occurredAt: { at: '2026-02-03', precision: 'day' } },
      ['occurredAt: is after the report was received (2026-02-01T00:00:00.000Z)'],
    ],
    ['a severity of 11', { ...minimal, severityScore: 11 }, ['severityScore: is more than 10']],
    ['a severity in words', { ...minimal, severityScore: 'high' }, ['severityScore: is not a finite number']],
    [
      'an unknown role',
      { ...minimal, customerRole: 'king' },
      ['customerRole: is not one of consumer, dealer, technician, business, internal, device'],
    ],
    [
      'an unknown unit',
      { ...minimal, usageAtFailure: { value: 1, unit: 'mi' } },
      ['usageAtFailure.unit: is not one of h, km, cycles, months'],
    ],
    [
      'an unknown member',
      { ...minimal, faultCode: { catalog: '9', code: 'E', colour: 'red' } },
      ['faultCode.colour: is an unknown field'],
    ],
    [
      'an unknown flag',
      { ...minimal, safetyFlags: { flood: true } },
      ['safetyFlags.flood: is an unknown field'],
    ],
    [
      'a plant that is missing',
      { ...minimal, productionSite: { line: 'L1' } },
      ['productionSite.plant: is missing'],
    ],
    ['evidence that is no list', { ...minimal, evidence: 'photo' }, ['evidence: is not a list']],
    ['a customer that is no text', { ...minimal, customer: { name: 'x' } }, ['customer: is not a text']],
    ['no draft at all', null, ['draft: is not an object']],
  ])('%s', (_, draft, expected) => {
    expect(problems(draft)).toEqual(expected)
  })

  it('with every problem at once, each with its value and in both languages', () => {
    const result = normalize({
      sourceMessageId: '',
      symptomText: '',
      receivedAt: '2026-02-30',
      occurredAt: { at: 'x', precision: 'day' },
      severityScore: -1,
      serialNumber: 'S'.repeat(300),
    })
    expect(result).toMatchObject({ ok: false })
    const found = result.ok ? [] : result.problems
    expect(found.map(({ field }) => field).toSorted()).toEqual([
      'occurredAt',
      'receivedAt',
      'serialNumber',
      'severityScore',
      'sourceMessageId',
      'symptomText',
    ])
    expect(found.find(({ field }) => field === 'receivedAt')?.value).toBe('2026-02-30')
    expect(found.find(({ field }) => field === 'serialNumber')?.value).toHaveLength(200)
    for (const { reason } of found) {
      expect(reason.en).toMatch(/^[\x20-\x7e]+$/)
      expect(reason.zh).toMatch(/\p{Script=Han}/u)
    }
  })

  it('nothing within the skew of a clock', () => {
    expect(accepted({ ...minimal, receivedAt: now + 86_400_000 }).receivedAt).toBe('2026-03-02T08:00:00.000Z')
    expect(accepted({ ...minimal, manufacturedAt: '2026-03-01' }).manufacturedAt).toBe('2026-03-01')
  })

  it('prototype-polluting names silently, keeping the rest', () => {
    const draft: unknown = JSON.parse(
      '{"sourceMessageId":"m","symptomText":"x","__proto__":{"bad":1},"constructor":1,"componentBatches":{"__proto__":"b","fan":"F1"},"attributes":{"a":{"__proto__":{"bad":1},"b":1}}}',
    )
    const feedback = accepted(draft)
    expect(feedback.attributes).toEqual({ 'a.b': 1 })
    expect(feedback.componentBatches).toEqual({ fan: 'F1' })
    expect(Reflect.get({}, 'bad')).toBeUndefined()
  })

  it('nothing that the schema would refuse afterwards', () => {
    const draft = {
      ...minimal,
      symptomText: 'between 2 and 8 °C, at night',
      attributes: { a: { b: 'x'.repeat(9000) } },
    }
    expect(feedbackRecordSchema.parse(accepted(draft))).toEqual(accepted(draft))
  })
})
