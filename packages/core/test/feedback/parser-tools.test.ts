import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flattenAttributes } from '../../src/feedback/attributes.js'
import { maskPhoneNumbers } from '../../src/feedback/phone-numbers.js'

describe('attributes', () => {
  it('are flattened with dots', () => {
    const value = {
      device: { os: { name: 'x' } },
      tags: ['a', 'b'],
      n: 1,
      no: null,
      at: new Date('2026-03-01'),
    }
    expect(flattenAttributes(value)).toEqual({
      'device.os.name': 'x',
      'tags.0': 'a',
      'tags.1': 'b',
      n: 1,
      no: null,
      at: '2026-03-01T00:00:00.000Z',
    })
  })

  it('lose prototype-polluting names at every depth', () => {
    const value: unknown = JSON.parse(
      '{"__proto__":{"x":1},"a":{"constructor":{"prototype":{"y":1}},"b":2},"prototype":3}',
    )
    expect(flattenAttributes(value)).toEqual({ 'a.b': 2 })
    expect(Reflect.get({}, 'x')).toBeUndefined()
  })

  it('are at most 100, of 2,000 characters each', () => {
    const many = flattenAttributes(
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 'x'.repeat(5000)])),
    )
    expect(Object.keys(many ?? {})).toHaveLength(100)
    expect(many?.k0).toHaveLength(2000)
  })

  it('are never cut inside a surrogate pair', () => {
    const cut = flattenAttributes({ a: `${'x'.repeat(1999)}😀` })
    expect(cut?.a).toBe('x'.repeat(1999))
  })

  it('survive cycles, and are undefined where nothing is left', () => {
    const cyclic: Record<string, unknown> = { a: 1 }
    cyclic.self = cyclic
    expect(flattenAttributes(cyclic)?.a).toBe(1)
    expect(flattenAttributes({ f: undefined })).toBeUndefined()
    expect(flattenAttributes('text')).toBeUndefined()
  })
})

describe('telephone numbers', () => {
  it.each([
    ['call 13800138000 please', 'call *********** please'],
    ['+86 138-0013-8000', '+** ***-****-****'],
    ['电话：010-12345678。', '电话：***-********。'],
    ['(415) 555-0100', '(***) ***-****'],
    ['+49 30 901820', '+** ** ******'],
  ])('are masked in %s', (text, masked) => {
    expect(maskPhoneNumbers(text)).toBe(masked)
  })

  it.each(['2026-03-01', 'SN20260301000123', 'E-13800138000X', '12,500 km', 'LSVAU2180N2183294'])(
    'are not seen in %s',
    (text) => {
      expect(maskPhoneNumbers(text)).toBe(text)
    },
  )

  it('leave everything but digits as it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(maskPhoneNumbers(text).replace(/[\d*]/g, '#')).toBe(text.replace(/[\d*]/g, '#'))
      }),
      { seed: 26 },
    )
  })
})
