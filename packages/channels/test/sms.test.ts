import { smsChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const sms = smsChannel()
const part = (part: number, content: string, more: object = {}): object => ({
  phone_number: '13812345678',
  content,
  sequence_id: '900',
  part_reference: '7',
  part,
  parts: 2,
  ...more,
})

it('reads labelled facts out of a message in one line', async () => {
  expect(await draftOf(sms, fixture('sms', 'typical'))).toMatchObject({
    sourceMessageId: '5517722345',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603000401',
    componentBatches: { compressor: 'C24-117' },
    receivedAt: Date.parse('2026-03-01T08:31:05Z'),
    customer: '13812345678',
  })
})

it('reads an English message with a numeric id and a compact time', async () => {
  expect(await draftOf(sms, fixture('sms', 'english'))).toMatchObject({
    sourceMessageId: '5517722346',
    productModel: 'BCD-620WD',
    symptomText: expect.stringContaining('***@example.com'),
    receivedAt: Date.parse('2026-03-01T08:32:00Z'),
  })
})

it('joins the parts of a long message in order', async () => {
  expect(await draftOf(sms, fixture('sms', 'parts'))).toMatchObject({
    symptomText: 'Compressor keeps humming, display shows E-COOL-01 again after repair',
    attributes: { partReference: '7', parts: 2, partsHeld: '1,2' },
  })
})

it('keeps the parts of two customers apart though they share a reference', async () => {
  const drafts = await draftsOf(
    sms,
    payloadOf([part(1, 'mine'), part(1, 'yours', { phone_number: '139', sequence_id: '901' })]),
  )
  expect(drafts.map(({ symptomText }) => symptomText)).toEqual(['mine', 'yours'])
})

it('gives a part that comes alone an id of its own', async () => {
  const ids = await Promise.all([part(1, 'a'), part(2, 'b')].map((json) => draftOf(sms, payloadOf(json))))
  expect(ids.map(({ sourceMessageId }) => sourceMessageId)).toEqual(['900#1', '900#2'])
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(sms, fixture('sms', 'malformed-content'))).toBe('content')
  expect(await refusedField(sms, fixture('sms', 'malformed-time'))).toBe('send_time')
})

it('refuses an id that JSON has rounded', async () => {
  expect(await refusedField(sms, payloadOf({ phone_number: '1', content: 'x', sequence_id: 2 ** 60 }))).toBe(
    'sequence_id',
  )
})
