import type { AggregatePlan } from '../aggregate/aggregate-plan.js'
import { RunningAggregates } from '../aggregate/running-aggregates.js'
import type { RingArena } from '../memory/ring-arena.js'
import type { Value } from '../value.js'
import { Entries, type EntriesSnapshot, EntryShape } from './entries.js'
import { type EventSlidingSpec, evidenceKept, type Position } from './window-spec.js'

/**
 * A sliding window of one group in event time. Its positions end at the instants of its entries; a newcomer is
 * in those that end from its own instant on and before it is `size` old. It mostly is the newest, and then there is
 * one of them, kept up to date; a late one makes the positions that it changes be gone over again.
 */
export class EventSlidingWindow {
  readonly mode = 'event-sliding'
  readonly #spec: EventSlidingSpec
  readonly #plan: AggregatePlan
  readonly #entries: Entries
  /** Of the newest position, which begins at `#from`. */
  readonly #aggregates: RunningAggregates
  #from = 0

  constructor(spec: EventSlidingSpec, plan: AggregatePlan, arena: RingArena, from?: EntriesSnapshot) {
    this.#spec = spec
    this.#plan = plan
    this.#entries = new Entries(arena, new EntryShape(plan.inputs.length), from)
    this.#aggregates = new RunningAggregates(plan)
    const { newest } = this.#entries
    if (newest === undefined) return
    this.#from = this.#entries.placeAfter(newest - spec.size)
    this.#aggregates.refill(this.#entries, this.#from, this.#entries.size)
  }

  get size(): number {
    return this.#entries.size
  }

  /** Takes an entry in; gives the positions that it is in, earliest first. */
  offer(time: number, offset: number, inputs: readonly Value[]): readonly Position[] {
    const { newest = time } = this.#entries
    return time >= newest ? [this.#append(time, offset, inputs)] : this.#insert(time, offset, inputs, newest)
  }

  /** Gives its memory back. */
  clear(): void {
    this.#entries.clear()
  }

  dropOldest(): void {
    if (this.#from === 0 && this.#entries.size > 0) this.#aggregates.remove(this.#entries, 0)
    else this.#from--
    this.#entries.dropOldest()
  }

  /** Forgets what no entry after the watermark can meet any more. */
  expire(at: number): void {
    const { size, lateness } = this.#spec
    while ((this.#entries.oldest ?? at) <= at - lateness - size) this.dropOldest()
  }

  /** When the last of it can be forgotten. */
  nextExpiry(): number | undefined {
    const { newest } = this.#entries
    return newest === undefined ? undefined : newest + this.#spec.size + this.#spec.lateness
  }

  snapshot(): EntriesSnapshot {
    return this.#entries.snapshot()
  }

  #append(time: number, offset: number, inputs: readonly Value[]): Position {
    while (this.#from < this.#entries.size && this.#entries.time(this.#from) <= time - this.#spec.size) {
      this.#aggregates.remove(this.#entries, this.#from++)
    }
    const before = this.#aggregates.size === 0 ? [] : [this.#aggregates.values()]
    this.#entries.append(time, offset, inputs)
    this.#aggregates.add(this.#entries, this.#entries.size - 1)
    return { before, after: this.#aggregates.values(), ...this.#restsOn(this.#from, this.#entries.size) }
  }

  #insert(time: number, offset: number, inputs: readonly Value[], newest: number): readonly Position[] {
    const place = this.#entries.insert(time, offset, inputs)
    if (time > newest - this.#spec.size)
      this.#aggregates.addBetween(this.#entries, place, this.#from, this.#entries.size)
    else this.#from++
    const before = this.#sweep(time, place)
    return this.#sweep(time, undefined).map(
      ({ values, from, to }, index): Position => ({
        before: before.slice(index, index + 1).flatMap((known) => (known.size === 0 ? [] : [known.values])),
        after: values,
        ...this.#restsOn(from, to),
      }),
    )
  }

  /** The aggregates at every position that an entry of that instant is in, as if the entry at `without` were not there. */
  #sweep(time: number, without: number | undefined): readonly Swept[] {
    const entries = this.#entries
    const running = new RunningAggregates(this.#plan)
    const found: Swept[] = []
    let from = entries.placeAfter(time - this.#spec.size)
    let to = from
    while (to < entries.size && entries.time(to) < time + this.#spec.size) {
      const end = entries.time(to)
      for (; to < entries.size && entries.time(to) === end; to++) if (to !== without) running.add(entries, to)
      for (; entries.time(from) <= end - this.#spec.size; from++) {
        if (from !== without) running.remove(entries, from)
      }
      if (end >= time) found.push({ values: running.values(), size: running.size, from, to })
    }
    return found
  }

  #restsOn(from: number, to: number): Pick<Position, 'evidence' | 'times'> {
    return {
      evidence: () => this.#entries.latestOffsets(from, to, evidenceKept),
      times: () => this.#entries.timesIn(from, to),
    }
  }
}

interface Swept {
  readonly values: readonly Value[]
  readonly size: number
  readonly from: number
  readonly to: number
}
