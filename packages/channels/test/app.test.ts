import { appChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, fixture, payloadOf, refusedField } from './fixtures.js'

const app = appChannel()

it('reads message, product context, tags and locale of an SDK event', async () => {
  expect(await draftOf(app, fixture('app', 'typical'))).toMatchObject({
    sourceMessageId: '9f2b1f0a3c8e4f6d8a7b5c4d3e2f1a0b',
    symptomText: 'App says E-COOL-01 and the freezer is warm since yesterday',
    productModel: 'BCD-520W',
    batchNumber: 'B2603',
    productLine: '高端系列',
    componentBatches: { compressor: 'C24-117', mainboard: 'M7-03' },
    customer: 'u-5512',
    language: 'en-US',
    attributes: {
      release: 'fridge-app@4.12.0',
      device: { model: 'iPhone14,3' },
      app: { app_version: '4.12.0' },
    },
  })
})

it('never takes a telephone for the product', async () => {
  const event = {
    event_id: '2',
    contexts: { feedback: { message: 'x' }, device: { model: 'SM-S921B' }, os: { name: 'Android' } },
  }
  expect(await draftOf(app, payloadOf(event))).not.toHaveProperty('productModel')
})

it('takes the device for the product where the app runs on the product', async () => {
  expect(await draftOf(app, fixture('app', 'chinese'))).toMatchObject({
    productModel: 'BCD-620WD',
    serialNumber: 'SN2603000202',
    region: 'CN-GD',
    symptomText: '显示屏黑屏，按键没反应，电话*********78',
  })
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(app, fixture('app', 'malformed-id'))).toBe('event_id')
  expect(await refusedField(app, fixture('app', 'malformed-message'))).toBe('contexts.feedback.message')
})
