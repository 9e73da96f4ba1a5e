import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { customerRefOf } from '../../src/feedback/customer-ref.js'
import { feedbackIdOf } from '../../src/feedback/feedback-id.js'
import { fingerprintOf } from '../../src/feedback/fingerprint.js'
import { languageOf, languageTagOf } from '../../src/feedback/language.js'
import { rawTextOf, sealed } from '../../src/feedback/raw.js'

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

describe('the feedback id', () => {
  it('is a UUIDv7 of the receiving instant', () => {
    const id = feedbackIdOf(Date.parse('2026-03-01T08:00:00Z'), 'default', 'web', 'm-1')
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(Date.parse('2026-03-01T08:00:00Z'))
  })

  it('is the same for the same message and different for any other', () => {
    const message = fc.tuple(fc.string(), fc.constantFrom('web', 'call'), fc.string())
    fc.assert(
      fc.property(message, message, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(feedbackIdOf(1.8e12, ...one)).toBe(feedbackIdOf(1.8e12, ...one))
        expect(feedbackIdOf(1.8e12, ...one) === feedbackIdOf(1.8e12, ...other)).toBe(same)
      }),
      { seed: 23 },
    )
  })
})

describe("the customer's pseudonym", () => {
  it('is 22 characters of a keyed hash', () => {
    const digest = createHash('sha256').update('3:key:7:default:c-1').digest('base64url')
    expect(customerRefOf('key', 'default', 'c-1')).toBe(`c_${digest.slice(0, 22)}`)
  })

  it('differs by key and by tenant', () => {
    const refs = [
      ['k', 't'],
      ['l', 't'],
      ['k', 'u'],
    ] as const
    expect(new Set(refs.map(([key, tenant]) => customerRefOf(key, tenant, 'c-1'))).size).toBe(3)
  })

  it.each([
    ['Some.One@Example.com', ' some.one@example.com'],
    ['+86 138-0013-8000', '13800138000'],
    ['(415) 555-0100', '415 555 0100'],
  ])('is one for the spellings %s and %s', (one, other) => {
    expect(customerRefOf('k', 't', one)).toBe(customerRefOf('k', 't', other))
  })
})

describe('the fingerprint', () => {
  it('is model, code and location where there is a code', () => {
    const parts = { productModel: 'KX-500', faultCode: 'E-1', faultLocation: 'COMP' }
    expect(fingerprintOf({ ...parts, symptomText: 'one' })).toBe('f1:KX-500|E-1|COMP')
    expect(fingerprintOf({ ...parts, symptomText: 'two' })).toBe('f1:KX-500|E-1|COMP')
  })

  it('is model and leading words without case, numbers and punctuation where there is none', () => {
    const one = fingerprintOf({
      productModel: 'KX',
      symptomText: 'The display, again, stays BLACK since 3 days!',
    })
    const other = fingerprintOf({
      productModel: 'KX',
      symptomText: 'the display again stays black since 11 days',
    })
    expect(one).toBe(other)
    expect(one).not.toBe(
      fingerprintOf({ productModel: 'KY', symptomText: 'the display again stays black since' }),
    )
  })

  it('is at most 200 characters of the schema, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400 }),
        fc.option(fc.string({ maxLength: 400 }), { nil: undefined }),
        fc.string(),
        (productModel, faultCode, symptomText) => {
          const key = fingerprintOf({ productModel, faultCode, symptomText })
          expect(key.startsWith('f1:')).toBe(true)
          expect(key.length).toBeLessThanOrEqual(200)
        },
      ),
      { seed: 24 },
    )
  })
})

describe('the language', () => {
  it.each([
    ['冰箱不制冷', 'zh-CN'],
    ['KX-500 冰箱 display 坏了', 'zh-CN'],
    ['冷蔵庫が冷えません', 'ja'],
    ['超好用の冰箱很满意真的不错推荐购买', 'zh-CN'],
    ['냉장고가 고장났어요', 'ko'],
    ['Холодильник не работает', 'ru'],
    ['ตู้เย็นเสีย', 'th'],
    ['The fridge is warm', 'en'],
    ['Der Kühlschrank', 'en'],
    ['12345 !!!', 'und'],
    ['', 'und'],
  ])('of %j is %s', (text, language) => {
    expect(languageOf(text)).toBe(language)
  })

  it.each([
    ['zh_CN.UTF-8', 'zh-CN'],
    ['en-US', 'en-US'],
    ['Chinese', undefined],
    ['', undefined],
  ])('tag %j is %j', (tag, language) => {
    expect(languageTagOf(tag)).toBe(language)
  })
})

describe('the raw record', () => {
  it('keeps text verbatim, byte order mark included', () => {
    expect(sealed(rawTextOf('\ufeff{"a":1}'))).toEqual({
      payload: '\ufeff{"a":1}',
      encoding: 'text',
      sha256: sha256('\ufeff{"a":1}'),
    })
  })

  it('keeps UTF-8 bytes as text and other bytes in base64, with the hash of the bytes', () => {
    const good = new TextEncoder().encode('冰箱')
    const bad = new Uint8Array([0xff, 0xfe, 0x41])
    expect(sealed(rawTextOf(good))).toEqual({ payload: '冰箱', encoding: 'text', sha256: sha256(good) })
    expect(sealed(rawTextOf(bad))).toEqual({ payload: '//5B', encoding: 'base64', sha256: sha256(bad) })
  })

  it('gives the bytes back exactly, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const { payload, encoding, sha256: hash } = sealed(rawTextOf(bytes))
        expect(Uint8Array.from(Buffer.from(payload, encoding === 'text' ? 'utf8' : 'base64'))).toEqual(bytes)
        expect(hash).toBe(sha256(bytes))
      }),
      { seed: 25 },
    )
  })

  it('keeps something readable of an object that is no JSON', () => {
    const cyclic: Record<string, unknown> = { symptom: 'smoke' }
    cyclic.self = cyclic
    expect(rawTextOf(cyclic).payload).toContain("symptom: 'smoke'")
  })
})
