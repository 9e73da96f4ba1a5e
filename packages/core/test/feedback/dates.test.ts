import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInstant } from '../../src/feedback/dates.js'

const textOf = (value: unknown): string => {
  const reading = readInstant(value)
  return reading.ok ? reading.text : reading.reason.en
}

describe('an instant', () => {
  it.each([
    ['canonical', '2026-03-01T08:00:00.000Z', '2026-03-01T08:00:00.000Z'],
    ['RFC 3339 with an offset', '2026-03-01T08:00:00+08:00', '2026-03-01T00:00:00.000Z'],
    ['RFC 3339 with nanoseconds', '2026-03-01T08:00:00.123456789Z', '2026-03-01T08:00:00.123Z'],
    ['a leap second', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['a blank instead of T, without a zone', '2026-03-01 08:00:00', '2026-03-01T08:00:00.000Z'],
    ['without seconds', '2026-03-01T08:15', '2026-03-01T08:15:00.000Z'],
    ['a negative offset over midnight', '2026-02-28T20:00:00-0500', '2026-03-01T01:00:00.000Z'],
    ['a day', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['a day with slashes', '2026/3/1', '2026-03-01T00:00:00.000Z'],
    ['a Chinese day', '2026年3月1日', '2026-03-01T00:00:00.000Z'],
    ['a month', '2026-03', '2026-03-01T00:00:00.000Z'],
    ['ISO 8601 basic', '20260301T080000Z', '2026-03-01T08:00:00.000Z'],
    ['RFC 2822', 'Sun, 1 Mar 2026 16:00:00 +0800', '2026-03-01T08:00:00.000Z'],
    [
      'RFC 2822 with a zone name and a comment',
      'Sun, 01 Mar 2026 03:00:00 EST (home)',
      '2026-03-01T08:00:00.000Z',
    ],
    ['RFC 2822 with two digits', '1 Mar 26 08:00 GMT', '2026-03-01T08:00:00.000Z'],
    ['Weibo', 'Wed Jun 01 00:50:25 +0800 2011', '2011-05-31T16:50:25.000Z'],
    ['epoch seconds', 1_772_352_000, '2026-03-01T08:00:00.000Z'],
    ['epoch milliseconds', 1_772_352_000_123, '2026-03-01T08:00:00.123Z'],
    ['epoch seconds as digits', '1772352000', '2026-03-01T08:00:00.000Z'],
    ['a Date', new Date('2026-03-01T08:00:00Z'), '2026-03-01T08:00:00.000Z'],
    ['a leap day', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('is read from %s', (_, value, text) => {
    expect(textOf(value)).toBe(text)
  })

  it.each([
    ['2026-02-30', 'does not exist'],
    ['2025-02-29T00:00:00.000Z', 'does not exist'],
    ['2026-13-01', 'does not exist'],
    ['2026-03-01T24:00:00.000Z', 'does not exist'],
    ['2026-03-01T08:61:00Z', 'does not exist'],
    ['1919-05-04', 'before 1990'],
    ['1919', 'before 1990'],
    ['1989-12-31T23:59:59.999Z', 'before 1990'],
    [0, 'before 1990'],
    [-1e15, 'before 1990'],
    ['2019', 'a year without a month'],
    [Number.NaN, 'not a date'],
    [Number.POSITIVE_INFINITY, 'not a date'],
    [new Date(Number.NaN), 'not a date'],
    ['yesterday', 'not a date'],
    ['', 'not a date'],
    ['2026-03-01T08:00:00 XYZ', 'not a date'],
    ['1 Foo 2026', 'not a date'],
    [null, 'not a date'],
    [{}, 'not a date'],
    ['2'.repeat(1_000_000), 'not a date'],
  ])('is refused: %j', (value, reason) => {
    expect(textOf(value)).toContain(reason)
  })

  it('is refused in Chinese too', () => {
    expect(readInstant('1919')).toMatchObject({ ok: false, reason: { zh: expect.stringContaining('1990') } })
  })

  it('keeps the day as it was written, before UTC', () => {
    expect(readInstant('2026-03-01T00:00:00+08:00')).toMatchObject({
      text: '2026-02-28T16:00:00.000Z',
      day: '2026-03-01',
    })
  })

  it('has the milliseconds and the text that Date has, for every instant since 1990', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('9999-01-01'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString()
          expect(readInstant(text)).toEqual({ ok: true, text, ms: date.getTime(), day: text.slice(0, 10) })
          expect(textOf(date.toUTCString())).toBe(`${text.slice(0, 19)}.000Z`)
        },
      ),
      { seed: 19 },
    )
  })

  it('never throws and always answers with a canonical text or a reason', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(textOf(value)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$|^is /)
      }),
      { seed: 20 },
    )
  })
})
