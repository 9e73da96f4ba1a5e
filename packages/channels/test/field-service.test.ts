import { fieldServiceChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const service = fieldServiceChannel()

it('keeps the customer’s words as the symptom and the technician’s finding as evidence', async () => {
  const draft = await draftOf(service, fixture('field-service', 'typical'))
  expect(draft.symptomText).toBe('Fridge warm at night, between 2 and 8 °C outside')
  expect(draft.evidence).toEqual([
    {
      uri: 'claim:WC-2026-004410#technicianComment',
      mime: 'text/plain',
      derivedText: 'Compressor does not start, winding open. Replaced. Customer phone ***-***-**88',
      engine: 'technician',
    },
  ])
})

it('takes the batches of causal parts only', async () => {
  expect((await draftOf(service, fixture('field-service', 'typical'))).componentBatches).toEqual({
    compressor: 'C24-117',
  })
})

it('reads code, usage, dates and product of a claim', async () => {
  expect(await draftOf(service, fixture('field-service', 'typical'))).toMatchObject({
    sourceMessageId: 'WC-2026-004410',
    faultCode: { catalog: 'andon', code: 'E-COOL-01' },
    faultLocation: { catalog: 'claim', code: 'L-COMP' },
    occurredAt: { at: '2026-02-26', precision: 'day' },
    manufacturedAt: '2025-11-03',
    customerRole: 'technician',
  })
})

it('names a Chinese part in the common spelling and keeps the payload’s catalog', async () => {
  expect(await draftOf(service, fixture('field-service', 'chinese'))).toMatchObject({
    componentBatches: { mainboard: 'M7-03' },
    faultCode: { catalog: 'catena-x', code: 'DC-118' },
  })
})

it('never takes a part’s serial number for a batch unless told how to read it', async () => {
  const claim = {
    claimId: '1',
    customerComment: 'x',
    claimedParts: [{ partNumber: 'P-1', serialNumber: 'C24117-00031', isPartCausal: true }],
  }
  expect(await draftOf(service, payloadOf(claim))).not.toHaveProperty('componentBatches')
  const told = fieldServiceChannel({ batchInSerial: /^(?<batch>\w+)-/ })
  expect((await draftOf(told, payloadOf(claim))).componentBatches).toEqual({ 'P-1': 'C24117' })
})

it('reads a mileage above zero before the months in service', async () => {
  const claim = {
    claimId: '1',
    customerComment: 'x',
    repairMileage: 8000,
    monthInService: 4,
    claimedParts: [],
  }
  expect((await draftOf(service, payloadOf(claim))).usageAtFailure).toEqual({ value: 8000, unit: 'km' })
})

it('reads each claim of a list and names the one that cannot be read', async () => {
  const good = { claimId: '1', customerComment: 'x', claimedParts: [] }
  expect(await draftsOf(service, payloadOf({ claims: [good, { ...good, claimId: '2' }] }))).toHaveLength(2)
  expect(await refusedField(service, payloadOf({ claims: [good, { customerComment: 'x' }] }))).toBe(
    'claims[1].claimId',
  )
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(service, fixture('field-service', 'malformed-comment'))).toBe('customerComment')
  expect(await refusedField(service, fixture('field-service', 'malformed-mileage'))).toBe('repairMileage')
})

it('refuses a pattern without the group, naming the option', () => {
  expect(() => fieldServiceChannel({ batchInSerial: /x/ })).toThrow(/fieldService\.batchInSerial/)
})
