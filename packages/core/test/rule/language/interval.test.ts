import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addInterval,
  intervalMilliseconds,
  parseInterval,
  printInterval,
} from '../../../src/rule/language/interval.js'

const interval = (months: number, days: number, milliseconds: number) => ({ months, days, milliseconds })
const hour = 3_600_000
const at = (text: string): number => Date.parse(text)
const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

describe('parseInterval', () => {
  // What PostgreSQL 17 answers to SELECT INTERVAL '…'.
  it.each([
    ['1 hour', interval(0, 0, hour)],
    ['24 hours', interval(0, 0, 24 * hour)],
    ['1 day 2 hours', interval(0, 1, 2 * hour)],
    ['90 min', interval(0, 0, 1.5 * hour)],
    ['90min', interval(0, 0, 1.5 * hour)],
    ['01:30:00', interval(0, 0, 1.5 * hour)],
    ['1 day 02:00', interval(0, 1, 2 * hour)],
    ['2 months', interval(2, 0, 0)],
    ['1 year 2 mons', interval(14, 0, 0)],
    ['2 weeks', interval(0, 14, 0)],
    ['P1DT2H', interval(0, 1, 2 * hour)],
    ['P1Y2M10DT2H30M', interval(14, 10, 2.5 * hour)],
    ['P2W', interval(0, 14, 0)],
    ['1.5 days', interval(0, 1, 12 * hour)],
    ['1.5 months', interval(1, 15, 0)],
    ['0.1 month', interval(0, 3, 0)],
    ['1.5 weeks', interval(0, 10, 12 * hour)],
    ['-1 month', interval(-1, 0, 0)],
    ['-1 day +2:30', interval(0, -1, 2.5 * hour)],
    ['3 days ago', interval(0, -3, 0)],
    ['1.25 seconds', interval(0, 0, 1250)],
    ['250 ms', interval(0, 0, 250)],
    ['0 seconds', interval(0, 0, 0)],
  ])('reads %s', (text, expected) => {
    expect(parseInterval(text)).toEqual(expected)
  })

  it.each([
    '',
    ' ',
    'x',
    '1',
    '1 huor',
    'hours',
    '1 hour 2',
    'P',
    'PT',
    'P1DT',
    'ago',
    '1e3 days',
    `${'9'.repeat(30)} days`,
  ])('refuses "%s"', (text) => {
    expect(parseInterval(text)).toBeUndefined()
  })

  it('reads back what is printed, for any interval', () => {
    const part = fc.integer({ min: -1_000_000, max: 1_000_000 })
    fc.assert(
      fc.property(part, part, fc.integer({ min: -1e12, max: 1e12 }), (months, days, milliseconds) => {
        const value = interval(months, days, milliseconds)
        expect(parseInterval(printInterval(value))).toEqual(value)
      }),
    )
  })
})

describe('interval arithmetic', () => {
  it('compares a month as 30 days and 24 hours as a day', () => {
    expect(intervalMilliseconds(interval(1, 0, 0))).toBe(intervalMilliseconds(interval(0, 30, 0)))
    expect(intervalMilliseconds(interval(0, 0, 24 * hour))).toBe(intervalMilliseconds(interval(0, 1, 0)))
  })

  it.each([
    ['2026-01-31', interval(1, 0, 0), 1, '2026-02-28'],
    ['2024-01-31', interval(1, 0, 0), 1, '2024-02-29'],
    ['2026-03-31', interval(1, 0, 0), -1, '2026-02-28'],
    ['2024-02-29', interval(12, 0, 0), 1, '2025-02-28'],
    ['2026-01-31', interval(1, 1, 0), 1, '2026-03-01'],
    ['2026-12-15', interval(2, 0, 0), 1, '2027-02-15'],
    ['2026-03-01', interval(0, 1, 0), -1, '2026-02-28'],
  ] as const)('%s moved by %o × %i is %s', (from, by, direction, to) => {
    expect(day(addInterval(at(from), by, direction))).toBe(to)
  })

  it('keeps the time of day when it adds months', () => {
    expect(addInterval(at('2026-01-31T23:59:59.999Z'), interval(1, 0, 0))).toBe(
      at('2026-02-28T23:59:59.999Z'),
    )
  })
})
