import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QuietHours } from '../../../src/action/policy/limits.js'
import { quietUntil } from '../../../src/action/policy/quiet-hours.js'

const hours = (from: string, to: string, zone: string, days?: number[]): QuietHours => ({
  from,
  to,
  zone,
  ...(days === undefined ? {} : { days }),
})

/** The end of the quiet hours around an instant, or that it is not quiet. */
function endAt(quiet: QuietHours | QuietHours[], instant: string): string {
  const until = quietUntil([quiet].flat(), Date.parse(instant))
  return until === undefined ? 'not quiet' : new Date(until).toISOString().replace(':00.000Z', 'Z')
}

const night = hours('22:00', '06:00', 'Asia/Shanghai')
const weekend = hours('00:00', '23:59', 'UTC', [6, 7])

describe('quiet hours', () => {
  it.each([
    ['before they begin', night, '2026-03-04T13:59Z', 'not quiet'],
    ['as they begin', night, '2026-03-04T14:00Z', '2026-03-04T22:00Z'],
    ['after midnight', night, '2026-03-04T20:00Z', '2026-03-04T22:00Z'],
    ['as they end', night, '2026-03-04T22:00Z', 'not quiet'],
    ['on a Friday', weekend, '2026-03-06T12:00Z', 'not quiet'],
    ['on a Sunday', weekend, '2026-03-08T12:00Z', '2026-03-08T23:59Z'],
    ['of Friday, on Saturday morning', { ...night, days: [5] }, '2026-03-06T20:00Z', '2026-03-06T22:00Z'],
    ['of Friday, on Friday morning', { ...night, days: [5] }, '2026-03-05T20:00Z', 'not quiet'],
    ['of Sunday, on Monday morning', { ...night, days: [7] }, '2026-03-08T20:00Z', '2026-03-08T22:00Z'],
  ])('%s', (_, quiet, at, end) => expect(endAt(quiet, at)).toBe(end))

  // Berlin: 2026-03-29 01:00Z jumps from 02:00 to 03:00; 2026-10-25 01:00Z goes from 03:00 back to 02:00.
  it.each([
    ['begin with the skip that swallows their beginning', '02:30', '05:00', '2026-03-29T00:59Z', 'not quiet'],
    ['have begun after it', '02:30', '05:00', '2026-03-29T01:00Z', '2026-03-29T03:00Z'],
    ['end with the skip that swallows their end', '01:00', '02:30', '2026-03-29T00:59Z', '2026-03-29T01:00Z'],
    ['have ended after it', '01:00', '02:30', '2026-03-29T01:00Z', 'not quiet'],
    ['do not exist inside of it', '02:10', '02:50', '2026-03-29T01:00Z', 'not quiet'],
    ['nor before it', '02:10', '02:50', '2026-03-29T00:59Z', 'not quiet'],
    ['begin when their beginning is shown first', '02:30', '05:00', '2026-10-25T00:30Z', '2026-10-25T04:00Z'],
    ['go on when the clock is before them again', '02:30', '05:00', '2026-10-25T01:10Z', '2026-10-25T04:00Z'],
    ['end when their end is shown last', '01:00', '02:30', '2026-10-25T00:45Z', '2026-10-25T01:30Z'],
    ['are an hour longer around it', '22:00', '06:00', '2026-10-24T20:00Z', '2026-10-25T05:00Z'],
    ['and an hour shorter around the skip', '22:00', '06:00', '2026-03-28T21:00Z', '2026-03-29T04:00Z'],
  ])('%s', (_, from, to, at, end) => expect(endAt(hours(from, to, 'Europe/Berlin'), at)).toBe(end))

  it('begin at the midnight that a clock skips', () => {
    // Havana: the clock jumps from 2026-03-08 00:00 to 01:00, at 05:00Z.
    const quiet = hours('00:00', '02:00', 'America/Havana')
    expect(endAt(quiet, '2026-03-08T04:59Z')).toBe('not quiet')
    expect(endAt(quiet, '2026-03-08T05:00Z')).toBe('2026-03-08T06:00Z')
  })

  it('have no place in a day that a zone skips', () => {
    // Apia had no 2011-12-30.
    const quiet = hours('09:00', '17:00', 'Pacific/Apia', [5])
    for (let at = Date.UTC(2011, 11, 29); at < Date.UTC(2012, 0, 1); at += 600_000)
      expect(quietUntil([quiet], at)).toBeUndefined()
  })

  it('last as long as one follows the other', () => {
    const shifts = [hours('22:00', '02:00', 'UTC'), hours('02:00', '06:00', 'UTC')]
    expect(endAt(shifts, '2026-03-04T23:00Z')).toBe('2026-03-05T06:00Z')
    expect(endAt(shifts.toReversed(), '2026-03-04T23:00Z')).toBe('2026-03-05T06:00Z')
  })

  it('that never end are looked at again within days', () => {
    const always = [hours('00:00', '12:00', 'UTC'), hours('12:00', '00:00', 'UTC')]
    expect(endAt(always, '2026-03-04T10:00Z')).toBe('2026-03-12T10:00Z')
  })

  it('in a zone that does not exist are quiet rather than not', () => {
    expect(endAt(hours('10:00', '11:00', 'Mars/Olympus'), '2026-03-04T23:00Z')).not.toBe('not quiet')
  })

  it('hold at every instant whose reading lies in them, and are over at their end', () => {
    const minute = 60_000
    const zones = ['Europe/Berlin', 'Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']
    const time = fc.tuple(fc.nat(23), fc.nat(59))
    fc.assert(
      fc.property(
        ...[time, time, fc.constantFrom(...zones), fc.nat(366 * 1440)],
        ([fromHour, fromMinute], [toHour, toMinute], zone, since) => {
          const text = (part: number): string => String(part).padStart(2, '0')
          const from = `${text(fromHour)}:${text(fromMinute)}`
          const to = `${text(toHour)}:${text(toMinute)}`
          fc.pre(from !== to)
          const at = Date.UTC(2026, 0, 1) + since * minute
          const reading = new Intl.DateTimeFormat('en-GB', {
            ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
          }).format(at)
          const inside = from < to ? from <= reading && reading < to : reading >= from || reading < to
          const until = quietUntil([hours(from, to, zone)], at)
          if (inside) expect(until, `${reading} in ${from}–${to} ${zone}`).toBeGreaterThan(at)
          if (until !== undefined) expect(quietUntil([hours(from, to, zone)], until)).toBeUndefined()
        },
      ),
      { seed: 11, numRuns: 2000 },
    )
  })
})
