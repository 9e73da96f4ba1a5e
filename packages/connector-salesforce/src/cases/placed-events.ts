import { type ChangeEvent, isGap, isOverflow } from '../events/change-event.js'
import type { Moment } from '../http/server-time.js'
import { type Row, textAt } from '../rest/rows.js'
import { instantOf } from './keyset-reader.js'
import { leadsTo } from './told-states.js'

/** An event that has come and is still to be told, with its values as REST writes them. */
export interface ReadEvent {
  readonly event: ChangeEvent
  readonly changed: Row
}

const secondMs = 1_000

/**
 * Where what a query read has its place among events that are still to be told. When it was read is known to some seconds,
 * so of what was committed within these the values decide.
 */
export class PlacedEvents {
  readonly #named = new Map<string, ReadEvent[]>()
  /** When something was committed that does not say which cases it is of; -∞: at any time (epoch ms). */
  readonly #unnamed: number[] = []

  /** @param events in order, none of our own; undefined stands for one that cannot be read */
  constructor(events: readonly (ReadEvent | undefined)[]) {
    for (const one of events) {
      if (one === undefined) this.#unnamed.push(Number.NEGATIVE_INFINITY)
      else if (isOverflow(one.event)) this.#unnamed.push(one.event.committedAt)
      else if (one.event.entity === 'Case') this.#name(one)
    }
  }

  /** Whether an event leads to this row, so that it is told by that. */
  tell(row: Row, { from, by }: Moment): boolean {
    const before = (this.#named.get(textAt(row, 'Id') ?? '') ?? []).filter(
      ({ event }) => event.committedAt <= by,
    )
    if (before.some(({ event }) => event.committedAt <= from)) return true
    const told = before.filter(({ event }) => !isGap(event))
    if (told.some((one) => matches(one, row))) return true
    // It may be of before all of them, or what came of them is hidden by one that says no values. That one is read again.
    const isHidden = told.length < before.length || this.#unnamed.some((at) => at <= by)
    const [first] = told
    return isHidden && first !== undefined && !isOfBefore(row, first.event)
  }

  #name(one: ReadEvent): void {
    for (const id of one.event.recordIds) {
      const named = this.#named.get(id)
      if (named === undefined) this.#named.set(id, [one])
      else named.push(one)
    }
  }
}

const matches = ({ event, changed }: ReadEvent, row: Row): boolean =>
  event.type === 'DELETE' ? row.IsDeleted === true : leadsTo(changed, row)

/** By its time stamp, which is of whole seconds. */
function isOfBefore(row: Row, { committedAt }: ChangeEvent): boolean {
  const stamp = textAt(row, 'LastModifiedDate') ?? textAt(row, 'SystemModstamp')
  return stamp !== undefined && Date.parse(instantOf(stamp)) + secondMs <= committedAt
}
