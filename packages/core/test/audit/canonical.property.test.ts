import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/audit/canonical.js'
import type { JsonObject, JsonValue } from '../../src/json.js'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  // UTF-16 puts the astral letter before U+E000, code points and UTF-8 put it after.
  fc.constantFrom('', '"', '\\', '\n', '\u0001', '\u2028', '\ue000', '\u{10000}', '李', 'é', '</script>'),
)
const name = fc.oneof(
  text,
  fc.constantFrom(
    '__proto__',
    'toJSON',
    'constructor',
    'hash',
    '0',
    '1',
    '2',
    '10',
    '01',
    '-1',
    '4294967295',
  ),
)
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, 333333333.3333333, 0.1 + 0.2, Number.MAX_SAFE_INTEGER),
)
const objectOf = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.array(fc.tuple(name, value), { maxLength: 7 }).map((members) => Object.fromEntries(members))
const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    ...[text, number, fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 })],
    objectOf(tie('value')),
  ),
})).value

/** What a text leads to: itself, or a refusal. */
const outcome = (write: () => string | undefined): string | undefined => {
  try {
    return write()
  } catch {
    return 'refused'
  }
}

describe('Canonical JSON', () => {
  it('is to the byte what the reference implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(objectOf(value), (object) => {
        expect(canonical(object)).toBe(canonicalize(object))
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses what the reference refuses, wherever it stands', () => {
    const wrong = fc.constantFrom<JsonValue>('\ud800', 'a\udc00', Number.NaN, Number.POSITIVE_INFINITY)
    const spoilt = fc.oneof(
      objectOf(fc.oneof(wrong, value, fc.array(wrong, { maxLength: 2 }), objectOf(wrong))),
      objectOf(value).map((object) => ({ ...object, '\ud800': 1 })),
    )
    fc.assert(
      fc.property(spoilt, (object) => {
        expect(outcome(() => canonical(object))).toBe(outcome(() => canonicalize(object)))
      }),
      { numRuns: 2000 },
    )
  })

  it('does not change what it writes', () => {
    fc.assert(
      fc.property(objectOf(value), (object) => {
        const before = structuredClone(object)
        canonical(object)
        expect(Object.keys(object)).toEqual(Object.keys(before))
        expect(object).toEqual(before)
      }),
    )
  })
})
