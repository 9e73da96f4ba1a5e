import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attributesOf } from '../../src/shared/attributes.js'
import { maskPersonal } from '../../src/shared/privacy.js'

it.each([
  ['电话13812345678。', '电话*********78。'],
  ['打+86 138 1234 5678', '打+** *** **** **78'],
  ['座机0755-26881234', '座机****-******34'],
  ['call (415) 555-0123 now', 'call (***) ***-**23 now'],
  ['call +44 20 7946 0123', 'call +** ** **** **23'],
  ['mail to a.b+c@shop.example.com', 'mail to ***@shop.example.com'],
  ['姓名：王某，坏了', '姓名：***，坏了'],
  ['Name: A. Owner\nIt leaks', 'Name: ***\nIt leaks'],
])('masks %s', (text, masked) => {
  expect(maskPersonal(text)).toBe(masked)
})

it.each([
  'between 2 and 8 °C, since 2026-03-01 10:30',
  '序列号：SN26030001171234',
  'order 2617022331188812345',
  'fridge-app@4.12.0',
  'model name: BCD-520W',
])('leaves %s as it is', (text) => {
  expect(maskPersonal(text)).toBe(text)
})

it('keeps a serial number that looks like a telephone number', () => {
  expect(maskPersonal('序列号：13812345678，电话13987654321', { serialNumber: '13812345678' })).toBe(
    '序列号：13812345678，电话*********21',
  )
})

it('leaves no mobile number standing, whatever is around it', () => {
  const seed = 20_260_301
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('电', '话', '，', ' ', ':', '\n', '(') }),
      fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }),
      (around, phone) => {
        expect(maskPersonal(`${around}${phone}${around}`)).not.toContain(String(phone))
      },
    ),
    { seed },
  )
})

it('keeps unknown fields as attributes and drops every spelling of a personal one', () => {
  const record = {
    color: 'white',
    name: 'x',
    'Phone-Number': '1',
    userId: 'u',
    customer: { tier: 1 },
    device: { name: 'Panel', email: 'a@b.cc', note: 'call 13812345678' },
  }
  expect(attributesOf(record, new Set())).toEqual({
    color: 'white',
    device: { name: 'Panel', note: 'call *********78' },
  })
})

it('survives a thousand levels of nesting', () => {
  let nested: Record<string, unknown> = { end: 1 }
  for (let level = 0; level < 1000; level += 1) nested = { nested }
  expect(JSON.stringify(attributesOf({ nested, kept: 1 }, new Set()))).toBe('{"kept":1}')
})
