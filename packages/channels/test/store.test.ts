import { storeChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, fixture, payloadOf, refusedField } from './fixtures.js'

const store = storeChannel()

it('reads a desk form with everything that production needs', async () => {
  expect(await draftOf(store, fixture('store', 'typical'))).toMatchObject({
    sourceMessageId: 'F-2026-000812',
    customerRole: 'dealer',
    productModel: 'BCD-520W',
    batchNumber: 'B2603',
    componentBatches: { compressor: 'C24-117' },
    manufacturedAt: '2025-11-03',
    productionSite: { plant: 'Foshan', line: 'L2' },
    usageAtFailure: { value: 420, unit: 'h' },
    occurredAt: { at: '2026-02-27', precision: 'day' },
    receivedAt: Date.parse('2026-03-01T09:00:00Z'),
    severityScore: 6,
    region: 'CN-GD',
  })
})

it('keeps neither clerk nor customer but the shop and the receipt', async () => {
  const { attributes, customer } = await draftOf(store, fixture('store', 'typical'))
  expect(customer).toBe('13812345678')
  expect(attributes).toEqual({ receipt: 'R-778120', form_id: 'F-2026-000812', shop_code: 'GZ-0031' })
})

it('knows a form without an id by shop, receipt and time', async () => {
  expect((await draftOf(store, fixture('store', 'minimal'))).sourceMessageId).toBe('S1:R1')
  expect((await draftOf(store, fixture('store', 'english'))).sourceMessageId).toBe(
    'UK-114:R-91:2026-03-01T09:00:00Z',
  )
})

it('masks a name and a number that the clerk wrote into the description', async () => {
  expect((await draftOf(store, fixture('store', 'english'))).symptomText).toBe(
    'Display stays dark. Mainboard batch: M7-03. Name: ***, phone ***-***-**88',
  )
})

it('keeps a production line without a plant as an attribute', async () => {
  const form = { shop_code: 'S', receipt_number: 'R', description: 'x', line: 'L2' }
  expect((await draftOf(store, payloadOf(form))).attributes).toMatchObject({ productionLine: 'L2' })
})

it('names the field of what cannot be read', async () => {
  expect(await refusedField(store, fixture('store', 'malformed-description'))).toBe('description')
  expect(await refusedField(store, fixture('store', 'malformed-severity'))).toBe('severity')
  expect(await refusedField(store, payloadOf({ shop_code: 'S', description: 'x', product: 'P' }))).toBe(
    'receipt_number',
  )
})
