import { expect, it } from 'vitest'
import type { ProductFacts } from '../../src/shared/facts.js'
import { addTextFacts, faultCodeIn } from '../../src/shared/text-facts.js'

function factsIn(text: string): ProductFacts {
  const facts: ProductFacts = {}
  addTextFacts(facts, text)
  return facts
}

it.each<[string, ProductFacts]>([
  ['Model: BCD-520W', { productModel: 'BCD-520W' }],
  ['product model = CoolMax 520, loud', { productModel: 'CoolMax 520' }],
  ['型号：BCD-520W的冰箱不制冷', { productModel: 'BCD-520W' }],
  ['我的机型是BCD-520W', { productModel: 'BCD-520W' }],
  [
    '型号BCD-520W，序列号SN26030001，压缩机批次C24-117',
    { productModel: 'BCD-520W', serialNumber: 'SN26030001', componentBatches: { compressor: 'C24-117' } },
  ],
  ['S/N: SN26030001. It broke.', { serialNumber: 'SN26030001' }],
  ['serial no. SN1', {}],
  ['Serial No.: SN1', { serialNumber: 'SN1' }],
  ['序列号：不清楚', {}],
  [
    'Control board batch: M7-03; batch: B2603',
    { componentBatches: { mainboard: 'M7-03' }, batchNumber: 'B2603' },
  ],
  ['生产日期：2025年11月3日', { manufacturedAt: '2025-11-03' }],
  ['Manufactured: 2025-02-30', {}],
  ['故障代码：F12', { faultCode: 'F12' }],
  ['地区：广东省深圳市', { region: 'CN-GD' }],
  ['Region: 华南', { region: '华南' }],
  ['Operating hours: 420 h', { usage: { value: 420, unit: 'h' } }],
  ['The remodel: 520', {}],
  ['No label here, only the time 12:30', {}],
])('reads %s', (text, facts) => {
  expect(factsIn(text)).toEqual(facts)
})

it.each([
  ['shows E-COOL-01 again', 'E-COOL-01'],
  ['显示E-COOL-02，滴滴响', 'E-COOL-02'],
  ['part XE-COOL-01X', undefined],
  ['BCD-520W', undefined],
])('finds in “%s” the fault code %s', (text, code) => {
  expect(faultCodeIn(text)).toBe(code)
})

it('lets a structured fact win over the text', () => {
  const facts: ProductFacts = { productModel: 'BCD-620WD' }
  addTextFacts(facts, 'Model: BCD-520W')
  expect(facts.productModel).toBe('BCD-620WD')
})

it('reads labels out of ten hostile megabytes in well under a second', () => {
  const began = performance.now()
  factsIn('model model model '.repeat(600_000))
  factsIn('型号：'.repeat(3_000_000))
  expect(performance.now() - began).toBeLessThan(1000)
})
