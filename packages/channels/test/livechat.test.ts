import { livechatChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, fixture, payloadOf, refusedField } from './fixtures.js'

const livechat = livechatChannel()

it('takes only the customer’s turns for the symptom', async () => {
  const { symptomText } = await draftOf(livechat, fixture('livechat', 'typical'))
  expect(symptomText).toContain('it stopped cooling')
  expect(symptomText).not.toMatch(/fire|smoke/)
})

it('reads facts from custom fields by key and from what the customer wrote', async () => {
  expect(await draftOf(livechat, fixture('livechat', 'typical'))).toMatchObject({
    sourceMessageId: '2b24ef10-19db-4740-93cf-4f98ec4776c0',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603000801',
    componentBatches: { compressor: 'C24-117' },
    faultCode: { code: 'E-COOL-01' },
    customer: '8447388090494',
    receivedAt: Date.parse('2026-03-01T08:52:33.410Z'),
    attributes: { thread: '35436', eventType: 'ticket.created', via: { channel: 'native_messaging' } },
  })
})

it('reads numbered custom fields through the mapping', async () => {
  const mapped = livechatChannel({ fields: { '360002': 'region' } })
  expect((await draftOf(mapped, fixture('livechat', 'typical'))).region).toBe('walk-in')
})

it('reads a Chinese chat', async () => {
  const draft = await draftOf(livechat, fixture('livechat', 'chinese'))
  expect(draft.symptomText).toBe('不漏电，屏幕不亮。型号：BCD-620WD，主板批次：M7-03\n联系我*********78')
  expect(draft).toMatchObject({ componentBatches: { mainboard: 'M7-03' }, language: 'zh-CN' })
})

it('takes the description of a ticket without messages', async () => {
  expect((await draftOf(livechat, fixture('livechat', 'minimal'))).symptomText).toBe('It leaks')
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(livechat, fixture('livechat', 'malformed-turns'))).toBe('detail.messages')
  expect(await refusedField(livechat, fixture('livechat', 'malformed-detail'))).toBe('detail')
  expect(
    await refusedField(
      livechat,
      payloadOf({ type: 'zen:event-type:ticket.status_changed', id: '1', detail: { id: '2' } }),
    ),
  ).toBe('detail.description')
})
