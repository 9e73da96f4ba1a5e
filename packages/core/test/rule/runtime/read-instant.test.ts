import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readInstant } from '../../../src/rule/runtime/read-instant.js'

it('reads every instant of the calendar as Date does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (instant) => {
      expect(readInstant(new Date(instant).toISOString())).toBe(instant)
    }),
    { numRuns: 2000 },
  )
})

it('reads what is no such instant as Date does, too', () => {
  const odd = fc
    .tuple(
      fc.constant('2026-03-01T08:00:00.000Z'),
      fc.nat(23),
      fc.constantFrom('x', ' ', '9', '-', '+', '/', ':', '0'),
    )
    .map(([text, at, symbol]) => text.slice(0, at) + symbol + text.slice(at + 1))
  fc.assert(
    fc.property(
      fc.oneof(odd, fc.constantFrom('2026-03-01', '2026-03-01T08:00:00+08:00', '', 'now')),
      (text) => {
        expect(readInstant(text)).toBe(Date.parse(text))
      },
    ),
    { numRuns: 1000 },
  )
})
