import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecodeLimits, decodePayload } from '../../src/channel/decode.js'
import { jsonErrorPosition } from '../../src/channel/json-position.js'
import type { RawPayload } from '../../src/channel/payload.js'
import { sealed } from '../../src/feedback/raw.js'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function jsonOf(raw: RawPayload, limits?: DecodeLimits): unknown {
  const decoded = decodePayload(raw, limits)
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.problems))
  return decoded.payload.json
}

function reasonOf(body: unknown, limits?: DecodeLimits, contentType?: string): string {
  const raw = { body, ...(contentType === undefined ? {} : { contentType }) } as RawPayload
  const decoded = decodePayload(raw, limits)
  return decoded.ok
    ? 'accepted'
    : decoded.problems.map(({ field, reason }) => `${field} ${reason.en}`).join('; ')
}

const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`

describe('decoding', () => {
  it('reads JSON from text, bytes and objects alike', () => {
    for (const body of ['{"a":"冰"}', encode('{"a":"冰"}'), { a: '冰' }])
      expect(jsonOf({ body })).toEqual({ a: '冰' })
  })

  it('leaves texts that are no JSON to the parsers', () => {
    const decoded = decodePayload({ body: '<xml><MsgId>1</MsgId></xml>', contentType: 'text/xml' })
    expect(decoded).toMatchObject({
      ok: true,
      payload: { text: '<xml><MsgId>1</MsgId></xml>', contentType: 'text/xml' },
    })
    expect(jsonOf({ body: 'Subject: hello\r\n\r\nworld' })).toBeUndefined()
  })

  it('reads through a byte order mark, and keeps it in the raw record', () => {
    const decoded = decodePayload({ body: '\ufeff {"a":1}' })
    expect(decoded).toMatchObject({
      ok: true,
      payload: { text: ' {"a":1}', json: { a: 1 } },
      raw: { payload: '\ufeff {"a":1}' },
    })
  })

  it('hands on headers and the receiving instant', () => {
    const decoded = decodePayload({ body: 'x', headers: { a: 'b' }, receivedAt: 5 })
    expect(decoded).toMatchObject({ payload: { text: 'x', headers: { a: 'b' }, receivedAt: 5 } })
  })

  it.each([
    ['an empty body', '', 'body is empty'],
    ['blanks', ' \r\n\ufeff', 'body is empty'],
    ['no bytes', new Uint8Array(0), 'body is empty'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'body is not valid UTF-8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), 'body is not valid UTF-8'],
    ['what only looks like JSON', '{"a":1,}', 'body is not JSON: line 1, column 8 cannot be read'],
    ['JSON that ends early', '{"a":\n"x', 'body is not JSON: line 2, column 3 cannot be read'],
    ['two values', '{} {}', 'body is not JSON: line 1, column 4 cannot be read'],
    ['1,000 levels', nested(1000), 'body nests deeper than 64 levels'],
    ['a million open brackets', '['.repeat(1_000_000), 'body nests deeper than 64 levels'],
    ['10 MB', JSON.stringify({ text: 'x'.repeat(10_000_000) }), 'body is larger than 1048576 bytes'],
    ['too many bytes in few characters', '冰'.repeat(400_000), 'body is larger than 1048576 bytes'],
    ['nothing', undefined, 'body is neither text nor bytes nor an object'],
    ['a number', 5, 'body is neither text nor bytes nor an object'],
  ])('refuses %s, with the reason', (_, body, reason) => {
    expect(reasonOf(body)).toBe(reason)
  })

  it('refuses objects that are no JSON', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect(reasonOf(cyclic)).toBe('body is an object that cannot be written as JSON')
    expect(reasonOf({ big: 5n })).toBe('body is an object that cannot be written as JSON')
  })

  it('refuses what is declared JSON and is none', () => {
    expect(reasonOf('hello', {}, 'application/json')).toBe(
      'body is not JSON: line 1, column 1 cannot be read',
    )
  })

  it('reads a plain text message that begins with a bracket as text', () => {
    expect(reasonOf('[smile] it is broken', {}, 'text/plain; charset=utf-8')).toBe('accepted')
    expect(jsonOf({ body: '{"a":1}', contentType: 'text/plain' })).toEqual({ a: 1 })
  })

  it('has limits that can be set, and holds them exactly', () => {
    expect(reasonOf(nested(5), { maxDepth: 5 })).toBe('accepted')
    expect(reasonOf(nested(6), { maxDepth: 5 })).toBe('body nests deeper than 5 levels')
    expect(reasonOf('冰箱', { maxBytes: 6 })).toBe('accepted')
    expect(reasonOf('冰箱。', { maxBytes: 6 })).toBe('body is larger than 6 bytes')
  })

  it('does not count brackets inside texts, nor neighbours', () => {
    expect(reasonOf(JSON.stringify({ a: '[{\\"'.repeat(100) }))).toBe('accepted')
    expect(reasonOf(JSON.stringify(Array.from({ length: 1000 }, () => [{}])))).toBe('accepted')
  })

  it('keeps the whole payload of what it refuses', () => {
    const big = `{"text":"${'x'.repeat(2_000_000)}"}`
    expect(decodePayload({ body: big }).raw.payload).toBe(big)
    expect(decodePayload({ body: new Uint8Array([0x7b, 0xff, 0x7d]) }).raw).toMatchObject({
      payload: 'e/99',
      encoding: 'base64',
    })
  })

  it.each([
    '{"__proto__":{"bad":1},"a":[{"constructor":{"prototype":{"bad":1}},"b":1}]}',
    '{"\\u005f_proto__":{"bad":1},"a":[{"c\\u006fnstructor":1,"b":1}]}',
  ])('removes prototype-polluting names at every depth: %s', (body) => {
    expect(jsonOf({ body })).toEqual({ a: [{ b: 1 }] })
    expect(Object.keys(Object(jsonOf({ body })))).toEqual(['a'])
    expect(decodePayload({ body }).raw.payload).toBe(body)
  })

  it('never throws, whatever the bytes, texts and objects, and always keeps the payload', () => {
    const body = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => json.slice(0, -1)),
      fc.json(),
      fc.anything(),
    )
    fc.assert(
      fc.property(body, (anything) => {
        const decoded = decodePayload({ body: anything } as RawPayload)
        expect(sealed(decoded.raw).sha256).toMatch(/^[\da-f]{64}$/)
        if (!decoded.ok) expect(decoded.problems).not.toHaveLength(0)
      }),
      { seed: 30, numRuns: 500 },
    )
  })
})

describe('the position of a syntax error', () => {
  it.each([
    ['{"a":x}', 5],
    ['[1,,2]', 3],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[01]', 2],
    ['["\\x"]', 2],
    ['["a\nb"]', 3],
    ['{"a":tru}', 5],
    ['[1', 2],
    ['["a', 3],
    ['[1]]', 3],
    ['{"a":1}}', 7],
    ['', 0],
  ])('in %j is %d', (text, position) => {
    expect(jsonErrorPosition(text)).toBe(position)
  })

  it('is the end of every valid text', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorPosition(text)).toBe(text.length)
      }),
      { seed: 31 },
    )
  })

  it('is before the end, or at it, of every text that was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()).map((value) => JSON.stringify(value)),
        fc.nat(),
        (text, at) => {
          const cut = text.slice(0, at % text.length)
          expect(jsonErrorPosition(cut)).toBeLessThanOrEqual(cut.length)
        },
      ),
      { seed: 32 },
    )
  })
})
