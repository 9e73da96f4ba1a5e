import { wechatChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, refusedField } from './fixtures.js'

const wechat = wechatChannel()

it('reads a text message with its 64-bit id to the last digit', async () => {
  expect(await draftOf(wechat, fixture('wechat', 'typical'))).toMatchObject({
    sourceMessageId: '24629438761840521',
    symptomText: expect.stringContaining('E-COOL-01 & 一直滴滴响'),
    productModel: 'BCD-520W',
    componentBatches: { compressor: 'C24-117' },
    customer: 'oia2TjuEGTNoeX76QEjQNrcURxG8',
    receivedAt: 1_772_354_400_000,
  })
})

it('reads the five entities of XML outside of CDATA', async () => {
  expect((await draftOf(wechat, fixture('wechat', 'minimal'))).symptomText).toBe('门 <关不上>')
})

it('takes the recognition of a voice message for its words and for the transcript of the evidence', async () => {
  expect(await draftOf(wechat, fixture('wechat', 'voice'))).toMatchObject({
    symptomText: '压缩机晚上很响。',
    evidence: [
      { uri: 'wechat-media:QGpr-XnB5NPm1mU9yQyX', mime: 'audio/amr', derivedText: '压缩机晚上很响。' },
    ],
  })
})

it('keeps a picture as evidence that awaits its text', async () => {
  expect(await draftOf(wechat, fixture('wechat', 'image'))).toMatchObject({
    evidence: [{ uri: 'https://mmbiz.example.com/pic/abc.jpg', mime: 'image/jpeg' }],
    attributes: { awaitsTranscript: true },
  })
})

it('takes only the customers’ messages out of a customer service answer', async () => {
  const drafts = await draftsOf(wechat, fixture('wechat', 'customer-service'))
  expect(drafts.map(({ sourceMessageId }) => sourceMessageId)).toEqual(['3DRhdPjbTbL4', '3DRhdPjbTbL6'])
  expect(drafts[0]).toMatchObject({
    symptomText: '主板批次M7-03，屏幕不亮',
    componentBatches: { mainboard: 'M7-03' },
  })
})

it('names the element of what cannot be read', async () => {
  expect(await refusedField(wechat, fixture('wechat', 'malformed-id'))).toBe('MsgId')
  expect(await refusedField(wechat, fixture('wechat', 'malformed-event'))).toBe('Event')
})

it('refuses a document type declaration, so no entity is ever expanded', async () => {
  expect(await refusedField(wechat, fixture('wechat', 'malformed-entities'))).toBe('xml')
})

it('refuses XML that is cut off', async () => {
  const { text } = fixture('wechat', 'typical')
  expect(await refusedField(wechat, { text: text.slice(0, 300) })).toBe('xml')
})
