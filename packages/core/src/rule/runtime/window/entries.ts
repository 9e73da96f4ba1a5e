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

/** Room for so many entries at first; always a power of two. */
const smallest = 4
const never = Number.POSITIVE_INFINITY

/**
 * What a window remembers of each feedback: its instant, its journal offset and the values that aggregates look
 * at. A ring, sorted by instant; entering at the end and leaving at the front cost the same however much is in it.
 * Places are counted from the oldest entry, which is 0. There are very many windows, and most of the time goes into
 * reaching their memory: so everything stands in two arrays, entry by entry.
 */
export class Entries {
  readonly #columns: number
  #room = smallest
  /** Instant and offset of each entry. */
  #marks: number[] = [0, 0, 0, 0, 0, 0, 0, 0]
  #inputs: Value[]
  /** Absent while every entry stays as long as its window lets it. */
  #until: number[] | undefined
  #head = 0
  #size = 0

  constructor(columns: number, from?: EntriesSnapshot) {
    this.#columns = columns
    this.#inputs = new Array<Value>(smallest * columns).fill(null)
    if (from === undefined) return
    for (const [place, time] of from.times.entries()) {
      const inputs = from.inputs.map((column) => column[place] ?? null)
      this.append(time, from.offsets[place] ?? 0, inputs, from.until[place] ?? never)
    }
  }

  get size(): number {
    return this.#size
  }

  time(place: number): number {
    return this.#marks[2 * this.#slot(place)] ?? Number.NaN
  }

  get oldest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(0)
  }

  get newest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(this.#size - 1)
  }

  input(column: number, place: number): Value {
    return this.#inputs[this.#slot(place) * this.#columns + column] ?? null
  }

  /** @param until when it leaves before its window says so (epoch ms) */
  append(time: number, offset: number, inputs: readonly Value[], until = never): void {
    if (this.#size === this.#room) this.#grow()
    const slot = this.#slot(this.#size++)
    this.#put(slot, time, offset, inputs)
    if (until !== never) this.#until ??= new Array<number>(this.#room).fill(never)
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
    let next = never
    for (let place = 0; place < this.#size; place++) next = Math.min(next, this.#untilAt(place))
    return next === never ? undefined : next
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
    this.#head = (this.#head + 1) & (this.#room - 1)
    this.#size--
  }

  clear(): void {
    while (this.#size > 0) this.dropOldest()
  }

  /** Journal offsets of the latest entries from `from` to `to` (exclusive), at most `most`, oldest first. */
  latestOffsets(from: number, to: number, most: number): readonly number[] {
    const offsets: number[] = []
    for (let place = Math.max(from, to - most); place < to; place++) offsets.push(this.#offset(place))
    return offsets
  }

  /** Instants of the entries from `from` to `to` (exclusive). */
  timesIn(from: number, to: number): readonly number[] {
    return Array.from({ length: to - from }, (_, index) => this.time(from + index))
  }

  /** Moves everything of another one in. */
  takeAll(other: Entries): void {
    for (let place = 0; place < other.size; place++) {
      const inputs = Array.from({ length: this.#columns }, (_, column) => other.input(column, place))
      this.insert(other.time(place), other.#offset(place), inputs)
    }
  }

  snapshot(): EntriesSnapshot {
    const places = Array.from({ length: this.#size }, (_, place) => place)
    return {
      kind: 'entries',
      times: places.map((place) => this.time(place)),
      offsets: places.map((place) => this.#offset(place)),
      inputs: Array.from({ length: this.#columns }, (_, column) =>
        places.map((place) => this.input(column, place)),
      ),
      until: this.#until === undefined ? [] : places.map((place) => finite(this.#untilAt(place))),
    }
  }

  #slot(place: number): number {
    return (this.#head + place) & (this.#room - 1)
  }

  #offset(place: number): number {
    return this.#marks[2 * this.#slot(place) + 1] ?? 0
  }

  #untilAt(place: number): number {
    return this.#until?.[this.#slot(place)] ?? never
  }

  #put(slot: number, time: number, offset: number, inputs: readonly Value[]): void {
    this.#marks[2 * slot] = time
    this.#marks[2 * slot + 1] = offset
    const from = slot * this.#columns
    for (let column = 0; column < this.#columns; column++)
      this.#inputs[from + column] = inputs[column] ?? null
  }

  #copy(from: number, to: number): void {
    this.#marks[2 * to] = this.#marks[2 * from] ?? 0
    this.#marks[2 * to + 1] = this.#marks[2 * from + 1] ?? 0
    for (let column = 0; column < this.#columns; column++) {
      this.#inputs[to * this.#columns + column] = this.#inputs[from * this.#columns + column] ?? null
    }
    if (this.#until !== undefined) this.#until[to] = this.#until[from] ?? never
  }

  /** What has left must not be kept alive. */
  #clear(slot: number): void {
    const from = slot * this.#columns
    for (let column = 0; column < this.#columns; column++) this.#inputs[from + column] = null
    if (this.#until !== undefined) this.#until[slot] = never
  }

  /** Twice the room, the oldest first again. */
  #grow(): void {
    const unrolled = <T>(from: readonly T[], width: number, fill: T): T[] => [
      ...from.slice(this.#head * width),
      ...from.slice(0, this.#head * width),
      ...new Array<T>(from.length).fill(fill),
    ]
    this.#marks = unrolled(this.#marks, 2, 0)
    this.#inputs = unrolled<Value>(this.#inputs, this.#columns, null)
    if (this.#until !== undefined) this.#until = unrolled(this.#until, 1, never)
    this.#room *= 2
    this.#head = 0
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
