import { describe, expect, it } from 'vitest'
import { PlacedEvents, type ReadEvent } from '../src/cases/placed-events.js'
import type { ChangeEvent } from '../src/events/change-event.js'
import type { Row } from '../src/rest/rows.js'

const id = '5005g000000001AAAA'
const at = (text: string): number => Date.parse(`2026-03-01T08:00:${text}Z`)
/** When the rows of these tests were read, as far as one knows. */
const read = { from: at('10.000'), by: at('13.000') }

const row = (subject: string, second = '10', more: Row = {}): Row => ({
  ...{ Id: id, Subject: subject, IsDeleted: false },
  LastModifiedDate: `2026-03-01T08:00:${second}.000+0000`,
  ...more,
})
const event = (committedAt: number, changed: Row, more: Partial<ChangeEvent> = {}): ReadEvent => ({
  event: {
    ...{ entity: 'Case', recordIds: [id], type: 'UPDATE', origin: '', transaction: '', sequence: 1 },
    ...{ committedAt, commitNumber: '1', user: undefined, changed, unsaid: [], known: new Set() },
    ...more,
  },
  changed,
})
const overflow = (committedAt: number): ReadEvent =>
  event(committedAt, {}, { type: 'GAP_OVERFLOW', recordIds: [] })

describe('a row that a query read has its place among the events that are still to be told', () => {
  it('is told by an event of before it was read', () => {
    expect(new PlacedEvents([event(at('09.500'), { Subject: 'b' })]).tell(row('c'), read)).toBe(true)
  })

  it('is of before an event that was committed after it was read', () => {
    expect(new PlacedEvents([event(at('13.500'), { Subject: 'a' })]).tell(row('a'), read)).toBe(false)
  })

  it('is told by itself where no event names it', () => {
    const other = event(at('09.500'), { Subject: 'b' }, { recordIds: ['5005g000000002AAAA'] })
    expect(new PlacedEvents([other]).tell(row('a'), read)).toBe(false)
  })

  it('is known by its values among events of the seconds in which it was read', () => {
    const events = new PlacedEvents([
      event(at('11.000'), { Subject: 'b' }),
      event(at('11.500'), { Subject: 'c' }),
    ])
    expect(events.tell(row('a'), read)).toBe(false)
    expect(events.tell(row('b'), read)).toBe(true)
    expect(events.tell(row('c'), read)).toBe(true)
  })

  it('is told by its deletion only when it is deleted', () => {
    const events = new PlacedEvents([event(at('11.000'), {}, { type: 'DELETE' })])
    expect(events.tell(row('a'), read)).toBe(false)
    expect(events.tell(row('a', '11', { IsDeleted: true }), read)).toBe(true)
  })

  it('is left to a hole that may hide what came of it, unless its stamp says that it is of before', () => {
    const events = new PlacedEvents([event(at('11.500'), { Subject: 'b' }), overflow(at('11.800'))])
    expect(events.tell(row('x', '11'), read)).toBe(true)
    expect(events.tell(row('x', '10'), read)).toBe(false)
    expect(new PlacedEvents([overflow(at('11.800'))]).tell(row('x', '11'), read)).toBe(false)
  })
})
