import { callChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, fixture, payloadOf, refusedField } from './fixtures.js'

const call = callChannel()

it('takes only the customer’s turns for the symptom', async () => {
  const { symptomText, attributes } = await draftOf(call, fixture('call', 'typical'))
  expect(symptomText).toContain('我家冰箱不制冷')
  expect(symptomText).not.toContain('漏电')
  expect(attributes).toMatchObject({ customerTurns: 2, companyTurns: 2, agent_id: 'ag-17' })
})

it('masks a telephone number that was dictated and keeps the serial number', async () => {
  const draft = await draftOf(call, fixture('call', 'typical'))
  expect(draft.symptomText).toContain('打*********21')
  expect(draft).toMatchObject({
    serialNumber: 'SN2603000301',
    componentBatches: { compressor: 'C24-117' },
    customer: '13812345678',
  })
})

it('keeps the recording as evidence for a recognizer when there is no transcript', async () => {
  expect(await draftOf(call, fixture('call', 'minimal'))).toMatchObject({
    evidence: [{ uri: 'https://records.example.com/c1.wav', mime: 'audio/wav' }],
    attributes: { awaitsTranscript: true },
  })
})

it('reads an English call and a satisfaction in words', async () => {
  expect(await draftOf(call, fixture('call', 'english'))).toMatchObject({
    productModel: 'BCD-520W',
    satisfactionScore: { kind: 'csat', value: 2 },
    language: 'en-US',
  })
})

it('knows the customer of an outbound call by the number called', async () => {
  const record = {
    id: '1',
    from: '400',
    to: '139',
    direction: 'outbound',
    transcript: [{ speaker: 'customer', text: 'no' }],
  }
  expect((await draftOf(call, payloadOf(record))).customer).toBe('139')
})

it('counts everyone but the agent where the diarisation names no customer', async () => {
  const record = {
    id: '1',
    from: '1',
    to: '2',
    transcript: [
      { speaker: 'agent', text: 'Hi' },
      { speaker: 'spk_1', text: 'It leaks' },
    ],
  }
  expect((await draftOf(call, payloadOf(record))).symptomText).toBe('It leaks')
})

it('names the field of what cannot be read, also a day that no calendar has', async () => {
  expect(await refusedField(call, fixture('call', 'malformed-transcript'))).toBe('transcript')
  expect(await refusedField(call, fixture('call', 'malformed-time'))).toBe('created_at')
})
