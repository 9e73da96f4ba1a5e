import { webChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const web = webChannel()

it('makes one feedback of all answers of a submission', async () => {
  expect(await draftOf(web, fixture('web', 'typical'))).toMatchObject({
    sourceMessageId: 'sub-20260301-0007',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603000117',
    componentBatches: { compressor: 'C24-117' },
    manufacturedAt: '2025-11-03',
    satisfactionScore: { kind: 'nps', value: 2 },
    language: 'en-GB',
    customer: 'u-88213',
    receivedAt: Date.parse('2026-03-01T08:30:00Z'),
  })
})

it('keeps an answer without a meaning as an attribute and drops an e-mail address', async () => {
  const { attributes } = await draftOf(web, fixture('web', 'typical'))
  expect(attributes).toEqual({ source_type: 'survey', source_id: 'svy-42', would_buy_again: 'no' })
})

it('takes a lone text answer for the symptom, under submission and field', async () => {
  expect(await draftOf(web, fixture('web', 'minimal'))).toEqual({
    sourceMessageId: 'sub-1:q1',
    symptomText: 'Door does not close',
    customerRole: 'consumer',
  })
})

it('reads a Chinese form and takes its local time at +08:00', async () => {
  expect(await draftOf(web, fixture('web', 'chinese'))).toMatchObject({
    productModel: 'BCD-520W',
    region: 'CN-GD',
    faultCode: { catalog: 'andon', code: 'E-COOL-02' },
    receivedAt: Date.parse('2026-03-01T08:30:00Z'),
  })
})

it('reads the company’s own field names through the mapping', async () => {
  const own = webChannel({
    fields: {
      q1: 'symptomText',
      q2: 'productModel',
      q3: 'componentBatches.hinge',
      q4: 'csat',
      q5: 'severityScore',
      q6: 'customer',
    },
    zone: '-05:00',
  })
  const answers = [
    { field_id: 'q1', value_text: 'Door is loose' },
    { field_id: 'q2', value_text: 'D-9' },
    { field_id: 'q3', value_text: 'H-77' },
    { field_id: 'q4', value_number: 40 },
    { field_id: 'q5', value_number: 3 },
    { field_id: 'q6', value_text: 'c-1' },
  ]
  expect(
    await draftOf(own, payloadOf({ submission_id: 's', collected_at: '2026-03-01 00:00', answers })),
  ).toEqual({
    sourceMessageId: 's',
    symptomText: 'Door is loose',
    productModel: 'D-9',
    componentBatches: { hinge: 'H-77' },
    satisfactionScore: { kind: 'csat', value: 40 },
    severityScore: 3,
    customer: 'c-1',
    customerRole: 'consumer',
    receivedAt: Date.parse('2026-03-01T05:00:00Z'),
  })
})

it('parts an export with the answers of two submissions', async () => {
  const rows = ['a', 'b'].flatMap((submission_id) => [
    { submission_id, field_id: 'symptom', value_text: `broken ${submission_id}` },
    { submission_id, field_id: 'model', value_text: 'M1' },
  ])
  const drafts = await draftsOf(web, payloadOf(rows))
  expect(drafts.map(({ sourceMessageId, symptomText }) => [sourceMessageId, symptomText])).toEqual([
    ['a', 'broken a'],
    ['b', 'broken b'],
  ])
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(web, fixture('web', 'malformed-text'))).toBe('symptom')
  expect(await refusedField(web, fixture('web', 'malformed-time'))).toBe('collected_at')
})

it('refuses a wrong mapping, naming the option', () => {
  expect(() => webChannel({ fields: JSON.parse('{"q7":"colour"}') })).toThrow(/web\.fields\.q7/)
})
