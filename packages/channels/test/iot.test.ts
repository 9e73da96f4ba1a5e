import { iotChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const iot = iotChannel()
const alarm = { condition_id: 'c', condition_name: 'Over', severity: 500, time: '2026-03-01T00:00:00Z' }

it('reads an alarm with severity on the scale of 0 to 10', async () => {
  expect(await draftOf(iot, fixture('iot', 'typical'))).toMatchObject({
    symptomText: 'Compartment temperature 14.2 °C above limit 8 °C',
    severityScore: 8.5,
    customerRole: 'device',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603001101',
    componentBatches: { compressor: 'C24-117' },
    faultCode: { catalog: 'andon', code: 'E-COOL-01' },
    usageAtFailure: { value: 2210, unit: 'h' },
    occurredAt: { at: Date.parse('2026-03-01T08:59:58.120Z'), precision: 'second' },
  })
})

it('collapses all transitions of one alarm into one id', async () => {
  const first = await draftOf(iot, fixture('iot', 'typical'))
  const later = await draftOf(iot, fixture('iot', 'repeated'))
  expect(later.sourceMessageId).toBe(first.sourceMessageId)
})

it('keeps two times of one condition apart where no active time is given', async () => {
  const later = { ...alarm, time: '2026-03-01T00:00:01Z' }
  const ids = await Promise.all([alarm, later].map((json) => draftOf(iot, payloadOf(json))))
  expect(new Set(ids.map(({ sourceMessageId }) => sourceMessageId)).size).toBe(2)
})

it('gives a cleared alarm no severity', async () => {
  expect((await draftOf(iot, payloadOf({ ...alarm, active: false }))).severityScore).toBe(0)
})

it('reads the source name as the plant spells it', async () => {
  const own = iotChannel({ sourceName: ['plant', 'line', 'productModel', 'serialNumber'] })
  expect(await draftOf(own, payloadOf({ ...alarm, source_name: 'Foshan/L2/BCD-520W/SN9' }))).toMatchObject({
    productionSite: { plant: 'Foshan', line: 'L2' },
    productModel: 'BCD-520W',
    serialNumber: 'SN9',
  })
})

it('reads Chinese names and a fault code from the message', async () => {
  expect(await draftOf(iot, fixture('iot', 'chinese'))).toMatchObject({
    productModel: 'BCD-620WD',
    serialNumber: 'SN2603001102',
    componentBatches: { mainboard: 'M7-03' },
    faultCode: { code: 'E-DISP-03' },
  })
})

it('reads every alarm of a storm', async () => {
  expect(await draftsOf(iot, fixture('iot', 'oversized'))).toHaveLength(150)
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(iot, fixture('iot', 'malformed-time'))).toBe('time')
  expect(await refusedField(iot, fixture('iot', 'malformed-severity'))).toBe('events[1].severity')
})
