import { ChannelError } from '@andon/core/connector'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf, instantOf } from '../../src/shared/instant.js'

describe('a platform’s time', () => {
  it.each([
    ['2026-03-01T08:00:00Z'],
    ['2026-03-01 16:00:00'],
    ['2026-03-01T16:00:00.000+0800'],
    ['2026/3/1 16:00'],
    ['20260301160000'],
    ['Sun, 1 Mar 2026 09:00:00 +0100'],
    ['Sun Mar 01 16:00:00 +0800 2026'],
    [1_772_352_000],
    [1_772_352_000_000],
    ['1772352000'],
  ])('is read from %s', (value) => {
    expect(instantOf(value, 'at', '+08:00')).toBe(Date.parse('2026-03-01T08:00:00Z'))
  })

  it.each(['2026-02-29', '2026-13-01', '2026-03-01 25:00', 'yesterday', '', null, {}, Number.NaN, 1e300])(
    'is refused, naming the field, when it is %s',
    (value) => {
      expect(() => instantOf(value, 'comments[3].created_at', 'Z')).toThrow(ChannelError)
      expect(() => instantOf(value, 'comments[3].created_at', 'Z')).toThrow(/^comments\[3\]\.created_at: /)
    },
  )

  it('survives being written in any zone', () => {
    const seed = 20_260_301
    const zone = fc.constantFrom('Z', '+08:00', '-05:30', '+00:00')
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
        zone,
        (date, offset) => {
          const minutes =
            offset === 'Z'
              ? 0
              : (offset.startsWith('-') ? -1 : 1) *
                (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)))
          const local = new Date(date.getTime() + minutes * 60_000)
            .toISOString()
            .slice(0, 23)
            .replace('T', ' ')
          expect(instantOf(local, 'at', offset)).toBe(date.getTime())
        },
      ),
      { seed },
    )
  })
})

it.each([
  ['2025年11月3日', { date: '2025-11-03', precision: 'day' }],
  ['2025年11月', { date: '2025-11-01', precision: 'month' }],
  ['2025-11', { date: '2025-11-01', precision: 'month' }],
  ['20251103', { date: '2025-11-03', precision: 'day' }],
  ['2025-11-31', undefined],
  ['soon', undefined],
])('reads the date %s', (text, date) => {
  expect(dateOf(text)).toEqual(date)
})
