import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/audit/canonical.js'
import { objectEnd } from '../../src/audit/canonical-bytes.js'
import { auditLine, firstHash } from '../../src/audit/chain.js'
import { readPlainLine } from '../../src/audit/plain-line.js'
import { readSlowly } from '../../src/audit/read-line.js'
import type { JsonObject, JsonValue } from '../../src/json.js'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      '"',
      '\\',
      '\n',
      '\u0001',
      '\u001f',
      '\u007f',
      '李',
      '\ue000',
      '😀',
      '\ufffd',
    ),
  }),
)
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 9 }))
    .map(([a, b]) => a / 10 ** b),
)
/**
 * Without escapes: V8's JSON.parse may take a name of one escaped character for another such name that it has just met
 * in an object of the same shape ("\\n" for "\\\\"). No name in the log has an escape.
 */
const key = text.map((name) => name.replaceAll(/[\p{Cc}"\\]/gu, ''))
const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value
const object: fc.Arbitrary<JsonObject> = fc.dictionary(key, value, { maxKeys: 6 })

/** Small edits of the kind that leaves JSON behind: other spellings of numbers and texts, another order. */
const edits: readonly (readonly [RegExp, string])[] = [
  [/(\d)([,}\]])/, '$1.0$2'],
  [/(\d)([,}\]])/, '$1e0$2'],
  [/:(\d)/, ':0$1'],
  [/:(\d)/, ':-$1'],
  [/a/, '\\u0061'],
  [/\\n/, '\\u000a'],
  [/\\u001f/, '\\u001F'],
  [/,/, ', '],
  [/("[^"\\]*":[^,{}[\]]*),("[^"\\]*":[^,{}[\]]*)/, '$2,$1'],
  [/("[^"\\]*":[^,{}[\]]*)/, '$1,$1'],
  [/"/, ''],
  [/\}/, ''],
  [/李/, '\\u674e'],
]

const isCanonical = (json: string): boolean => {
  try {
    const parsed = JSON.parse(json)
    return (
      typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && canonical(parsed) === json
    )
  } catch {
    return false
  }
}

describe('what is seen without a parser', () => {
  it('is canonical wherever it is told to be, after any edit', () => {
    fc.assert(
      fc.property(object, fc.array(fc.constantFrom(...edits), { maxLength: 2 }), (data, changes) => {
        const json = changes.reduce((edited, [from, to]) => edited.replace(from, to), canonical(data))
        const bytes = Buffer.from(json)
        if (objectEnd(bytes, 0) === bytes.length) expect(isCanonical(json)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    [
      '{"a":-0}',
      '{"a":01}',
      '{"a":1.0}',
      '{"a":0.0000001}',
      '{"a":1e3}',
      '{"a":12345678901234567}',
      '{"a":.5}',
    ],
    [
      '{"a":-}',
      '{"a":1.}',
      '{"b":1,"a":2}',
      '{"a":1,"a":1}',
      '{"a":"\\/"}',
      '{"a":"\\u0041"}',
      '{"a":"\\ud83d"}',
    ],
    [
      '{"a":"\\u000A"}',
      '{"a":"\\u000a"}',
      '{"a":"\\u001F"}',
      '{"a":"\n"}',
      '{"a":tru}',
      '{"a":1,}',
      '{"a"}',
      '{',
    ],
    [
      '{"\\"":1}',
      '{"a":[1,]}',
      '{"a":[1 ]}',
      '{"a": 1}',
      '{"a":{"c":1,"b":1}}',
      '{"a":"x}',
      '',
      '[]',
      '{"a":',
    ],
  ])('is never one of %s …', (...wrong) => {
    for (const json of wrong) expect([json, objectEnd(Buffer.from(json), 0)]).not.toEqual([json, json.length])
  })

  it('is what most lines are', () => {
    const plain =
      '{"a":"李 \\"x\\" \\u001f","b":[1,-2,0.5,10.25,0,true,false,null],"ba":{},"c":{"x":[],"y":{"z":""}},"中":0.000001}'
    expect(objectEnd(Buffer.from(plain), 0)).toBe(Buffer.byteLength(plain))
    expect(isCanonical(plain)).toBe(true)
  })

  it('says of a line what the parser says of it', () => {
    const event = fc.record(
      {
        tenant: text,
        at: fc.integer({ min: 0, max: 4e12 }),
        what: text,
        action: text,
        signal: text,
        data: object,
      },
      { requiredKeys: ['tenant', 'at', 'what', 'data'] },
    )
    fc.assert(
      fc.property(event, fc.nat(), fc.integer({ min: 0, max: 127 }), (one, place, byte) => {
        const line = Buffer.from(auditLine(one, { sequence: 41, hash: firstHash }).text)
        const slow = readSlowly(line.toString())
        expect(slow.kind).toBe('sound')
        const plain = readPlainLine(line)
        if (plain !== undefined) expect({ kind: 'sound', ...plain }).toEqual(slow)
        line[place % line.length] = byte
        const changed = readPlainLine(line)
        if (changed !== undefined) expect({ kind: 'sound', ...changed }).toEqual(readSlowly(line.toString()))
      }),
      { numRuns: 1000 },
    )
  })
})
