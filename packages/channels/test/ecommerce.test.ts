import { ecommerceChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const ecommerce = ecommerceChannel()

it('makes the appended review a second occurrence with an id and a time of its own', async () => {
  const [first, second] = await draftsOf(ecommerce, fixture('ecommerce', 'typical'))
  expect(first).toMatchObject({
    sourceMessageId: '2617022331189812345',
    receivedAt: Date.parse('2026-03-01T08:45:10Z'),
    satisfactionScore: { kind: 'stars', value: 1 },
    serialNumber: 'SN2603000701',
  })
  expect(second).toMatchObject({
    sourceMessageId: '2617022331189812345:append',
    receivedAt: Date.parse('2026-03-09T02:00:00Z'),
    componentBatches: { compressor: 'C24-117' },
    attributes: { appended: true, inReplyTo: '2617022331189812345' },
  })
})

it('knows the model by the listing when it is told what the listing sells', async () => {
  const known = ecommerceChannel({
    products: { '6789012345': { productModel: 'BCD-520W', productLine: '高端系列' } },
  })
  for (const draft of await draftsOf(known, fixture('ecommerce', 'typical'))) {
    expect(draft).toMatchObject({ productModel: 'BCD-520W', productLine: '高端系列' })
  }
})

it('reads JD’s comments by the JD mapping', async () => {
  const drafts = await draftsOf(ecommerce, fixture('ecommerce', 'jd'))
  expect(drafts.map(({ sourceMessageId }) => sourceMessageId)).toEqual(['20733314455', '20733314455:append'])
  expect(drafts[0]).toMatchObject({
    customer: 'j***d',
    componentBatches: { mainboard: 'M7-03' },
    evidence: [{ uri: 'https://img.example.com/a.jpg' }],
    attributes: { platform: 'jd', skuName: '对开门冰箱' },
  })
})

it('reads an English review whose appended text is blank as one feedback', async () => {
  expect(await draftOf(ecommerce, fixture('ecommerce', 'english'))).toMatchObject({
    productModel: 'BCD-520W',
  })
})

it('reads another marketplace by a mapping of one’s own', async () => {
  const own = ecommerceChannel({
    mappings: [
      {
        platform: 'own',
        signature: ['reviewRef'],
        id: ['reviewRef'],
        text: ['words.body'],
        createdAt: ['at'],
        score: ['mood'],
        scores: { sad: 2 },
      },
    ],
  })
  const review = { reviewRef: 'r1', words: { body: 'Loud' }, at: '2026-03-01T00:00:00Z', mood: 'sad' }
  expect(own.detect(payloadOf(review))).toBe(true)
  expect(await draftOf(own, payloadOf(review))).toMatchObject({
    sourceMessageId: 'r1',
    symptomText: 'Loud',
    satisfactionScore: { kind: 'stars', value: 2 },
  })
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(ecommerce, fixture('ecommerce', 'malformed-content'))).toBe('content')
  expect(await refusedField(ecommerce, fixture('ecommerce', 'malformed-time'))).toBe('created')
})

it('refuses a wrong mapping, naming the option', () => {
  expect(() => ecommerceChannel({ mappings: [] })).toThrow(/ecommerce\.mappings/)
})
