import type { JsonObject } from '../../../json.js'
import type { Value } from '../value.js'

/** Entries of a window as they stand in a snapshot: oldest first, inputs column by column. */
export interface EntriesSnapshot extends JsonObject {
  readonly kind: 'entries'
  readonly times: readonly number[]
  readonly offsets: readonly number[]
  readonly inputs: readonly (readonly Value[])[]
  /** When WHERE ceases to hold for each, NULL where time changes nothing; empty when it does for none. */
  readonly until: readonly (number | null)[]
}

/**
 * What a window remembers of each feedback: its instant, its journal offset and the values that aggregates look
 * at. A ring of columns, sorted by instant; entering at the end and leaving at the front cost the same however
 * much is in it. Places are counted from the oldest entry, which is 0.
 */
export class Entries {
  #times = [0, 0, 0, 0]
  #offsets = [0, 0, 0, 0]
  /** Absent while every entry stays as long as its window lets it. */
  #until: number[] | undefined
  readonly #inputs: Value[][]
  #head = 0
  #size = 0

  constructor(columns: number, from?: EntriesSnapshot) {
    this.#inputs = Array.from({ length: columns }, () => [null, null, null, null])
    if (from === undefined) return
    for (const [place, time] of from.times.entries()) {
      const inputs = from.inputs.map((column) => column[place] ?? null)
      this.append(time, from.offsets[place] ?? 0, inputs, from.until[place] ?? Number.POSITIVE_INFINITY)
    }
  }

  get size(): number {
    return this.#size
  }

  time(place: number): number {
    return this.#times[this.#slot(place)] ?? Number.NaN
  }

  get oldest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(0)
  }

  get newest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(this.#size - 1)
  }

  input(column: number, place: number): Value {
    return this.#inputs[column]?.[this.#slot(place)] ?? null
  }

  /** @param until when it leaves before its window says so (epoch ms) */
  append(time: number, offset: number, inputs: readonly Value[], until = Number.POSITIVE_INFINITY): void {
    if (this.#size === this.#times.length) this.#grow()
    const slot = this.#slot(this.#size++)
    this.#put(slot, time, offset, inputs)
    if (until !== Number.POSITIVE_INFINITY) {
      this.#until ??= new Array<number>(this.#times.length).fill(Number.POSITIVE_INFINITY)
    }
    if (this.#until !== undefined) this.#until[slot] = until
  }

  /** Puts an entry behind those of the same instant; gives its place. */
  insert(time: number, offset: number, inputs: readonly Value[]): number {
    const place = this.placeAfter(time)
    this.append(time, offset, inputs)
    if (place === this.#size - 1) return place
    for (let to = this.#size - 1; to > place; to--) this.#copy(this.#slot(to - 1), this.#slot(to))
    this.#put(this.#slot(place), time, offset, inputs)
    return place
  }

  /** When the next entry leaves early; undefined when none does. */
  get nextUntil(): number | undefined {
    if (this.#until === undefined) return undefined
    let next = Number.POSITIVE_INFINITY
    for (let place = 0; place < this.#size; place++) next = Math.min(next, this.#untilAt(place))
    return next === Number.POSITIVE_INFINITY ? undefined : next
  }

  /** Takes out what leaves early; true when something did. */
  dropOverdue(at: number): boolean {
    if (this.#until === undefined) return false
    let kept = 0
    for (let place = 0; place < this.#size; place++) {
      if (this.#untilAt(place) <= at) continue
      if (kept !== place) this.#copy(this.#slot(place), this.#slot(kept))
      kept++
    }
    const gone = kept < this.#size
    while (this.#size > kept) this.#clear(this.#slot(--this.#size))
    return gone
  }

  /** The place of the first entry later than `time`; the number of entries when there is none. */
  placeAfter(time: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.time(middle) <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  dropOldest(): void {
    if (this.#size === 0) return
    this.#clear(this.#head)
    this.#head = (this.#head + 1) & (this.#times.length - 1)
    this.#size--
  }

  clear(): void {
    while (this.#size > 0) this.dropOldest()
  }

  /** Journal offsets of the latest entries from `from` to `to` (exclusive), at most `most`, oldest first. */
  latestOffsets(from: number, to: number, most: number): readonly number[] {
    const offsets: number[] = []
    for (let place = Math.max(from, to - most); place < to; place++) {
      offsets.push(this.#offsets[this.#slot(place)] ?? 0)
    }
    return offsets
  }

  /** Instants of the entries from `from` to `to` (exclusive). */
  timesIn(from: number, to: number): readonly number[] {
    return Array.from({ length: to - from }, (_, index) => this.time(from + index))
  }

  /** Moves everything of another one in. */
  takeAll(other: Entries): void {
    for (let place = 0; place < other.size; place++) {
      const inputs = this.#inputs.map((_, column) => other.input(column, place))
      this.insert(other.time(place), other.#offsets[other.#slot(place)] ?? 0, inputs)
    }
  }

  snapshot(): EntriesSnapshot {
    const places = Array.from({ length: this.#size }, (_, place) => place)
    return {
      kind: 'entries',
      times: places.map((place) => this.time(place)),
      offsets: places.map((place) => this.#offsets[this.#slot(place)] ?? 0),
      inputs: this.#inputs.map((_, column) => places.map((place) => this.input(column, place))),
      until: this.#until === undefined ? [] : places.map((place) => finite(this.#untilAt(place))),
    }
  }

  #slot(place: number): number {
    return (this.#head + place) & (this.#times.length - 1)
  }

  #put(slot: number, time: number, offset: number, inputs: readonly Value[]): void {
    this.#times[slot] = time
    this.#offsets[slot] = offset
    for (let column = 0; column < this.#inputs.length; column++) {
      const values = this.#inputs[column]
      if (values !== undefined) values[slot] = inputs[column] ?? null
    }
  }

  #copy(from: number, to: number): void {
    this.#times[to] = this.#times[from] ?? 0
    this.#offsets[to] = this.#offsets[from] ?? 0
    for (const values of this.#inputs) values[to] = values[from] ?? null
    if (this.#until !== undefined) this.#until[to] = this.#until[from] ?? Number.POSITIVE_INFINITY
  }

  /** What has left must not be kept alive. */
  #clear(slot: number): void {
    for (let column = 0; column < this.#inputs.length; column++) {
      const values = this.#inputs[column]
      if (values !== undefined) values[slot] = null
    }
    if (this.#until !== undefined) this.#until[slot] = Number.POSITIVE_INFINITY
  }

  #untilAt(place: number): number {
    return this.#until?.[this.#slot(place)] ?? Number.POSITIVE_INFINITY
  }

  /** Twice the room, the oldest first again. */
  #grow(): void {
    const unrolled = <T>(from: readonly T[], fill: T): T[] => [
      ...from.slice(this.#head),
      ...from.slice(0, this.#head),
      ...new Array<T>(from.length).fill(fill),
    ]
    for (const [column, values] of this.#inputs.entries())
      this.#inputs[column] = unrolled<Value>(values, null)
    if (this.#until !== undefined) this.#until = unrolled(this.#until, Number.POSITIVE_INFINITY)
    this.#offsets = unrolled(this.#offsets, 0)
    this.#times = unrolled(this.#times, 0)
    this.#head = 0
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
