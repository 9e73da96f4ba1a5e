import { describe, expect, it } from 'vitest'
import { timeZone } from '../../../src/rule/functions/time-zone.js'
import { evaluate, parsePredicate } from '../../../src/rule/index.js'
import { complaint } from './feed.js'

/** Days and hours around changes of the clock, with what PostgreSQL 18 cuts them to. */
const truncations = [
  ['2026-03-30T10:00:00.000Z', 'day', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25T12:00:00.000Z', 'day', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26T12:00:00.000Z', 'day', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  // The clock skips the midnight of this day, and shows that of the next one twice.
  ['2026-03-08T12:00:00.000Z', 'day', 'America/Havana', '2026-03-08T05:00:00.000Z'],
  ['2026-11-01T12:00:00.000Z', 'day', 'America/Havana', '2026-11-01T05:00:00.000Z'],
  ['2026-11-01T04:30:00.000Z', 'hour', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['2026-11-01T05:30:00.000Z', 'hour', 'America/Havana', '2026-11-01T05:00:00.000Z'],
  ['2026-10-25T00:30:00.000Z', 'hour', 'Europe/Berlin', '2026-10-25T00:00:00.000Z'],
  ['2026-10-25T01:30:00.000Z', 'hour', 'Europe/Berlin', '2026-10-25T01:00:00.000Z'],
  ['2026-04-05T12:00:00.000Z', 'day', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z'],
] as const

describe('a time zone', () => {
  it.each(truncations)('%s cut to the %s of %s is %s', (receivedAt, unit, zone, cut) => {
    const entry = complaint(1, 0, { receivedAt })
    if (entry.kind !== 'feedback') throw new Error('a complaint is feedback')
    const condition = parsePredicate(`DATE_TRUNC('${unit}', received_at, '${zone}') = '${cut}'`)
    expect(evaluate(condition, entry.feedback, { now: 0 })).toBe(true)
  })

  it.each(['Nowhere/City', '+08:00', '', 'Asia/Shangai'])('%j is none', (name) => {
    expect(timeZone(name)).toBeUndefined()
  })

  it('gives every instant back from its local time, but for the hour that is shown twice', () => {
    const zone = timeZone('Europe/Berlin')
    const hour = 3_600_000
    const twice = Date.UTC(2026, 9, 25)
    for (let instant = Date.UTC(2026, 0, 1); instant < Date.UTC(2027, 0, 1); instant += hour) {
      const back = instant === twice ? instant + hour : instant
      expect(zone?.toInstant(zone.toLocal(instant))).toBe(back)
    }
  })
})
