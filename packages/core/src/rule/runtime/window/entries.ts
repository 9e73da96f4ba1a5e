import type { JsonObject } from '../../../json.js'
import type { WindowCells } from '../aggregate/cell-accumulator.js'
import type { RingArena } from '../memory/ring-arena.js'
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

/** What is kept of each entry. Windows that keep the same share one: it stays in the processor's cache. */
export class EntryShape {
  /** Values that aggregates look at. */
  readonly columns: number
  /** Whether WHERE can cease to hold for one that is in. */
  readonly expires: boolean
  /** Doubles in front of all entries, for whoever keeps something about them; zero over no entries. */
  readonly state: number
  /** Doubles of one entry: instant, offset, inputs, and when it leaves early. */
  readonly width: number

  constructor(columns: number, expires = false, state = 0) {
    this.columns = columns
    this.expires = expires
    this.state = state
    this.width = 2 + columns + (expires ? 1 : 0)
  }
}

const smallest = 4
const never = Number.POSITIVE_INFINITY

/**
 * What a window remembers of each feedback: its instant, its journal offset and the values that aggregates look
 * at. A ring in the arena, sorted by instant; entering at the end and leaving at the front cost the same however
 * much is in it. Places are counted from the oldest entry, which is 0.
 */
export class Entries implements WindowCells {
  protected readonly arena: RingArena
  readonly #shape: EntryShape
  /** The block is 2^power doubles from `#first` on; 0 when there is none. */
  #power = 0
  #first = 0
  #room = 0
  /** The slot of the oldest entry. */
  #head = 0
  #size = 0

  constructor(arena: RingArena, shape: EntryShape, from?: EntriesSnapshot) {
    this.arena = arena
    this.#shape = shape
    if (from === undefined) return
    for (const [place, time] of from.times.entries()) {
      const inputs = from.inputs.map((column) => column[place] ?? null)
      this.append(time, from.offsets[place] ?? 0, inputs, from.until[place] ?? never)
    }
  }

  get size(): number {
    return this.#size
  }

  /** Where the state in front of the entries begins in the arena; only while there are entries. */
  get stateAt(): number {
    return this.#first
  }

  time(place: number): number {
    return this.arena.number(this.#at(place))
  }

  get oldest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(0)
  }

  get newest(): number | undefined {
    return this.#size === 0 ? undefined : this.time(this.#size - 1)
  }

  input(column: number, place: number): Value {
    return this.arena.value(this.#at(place) + 2 + column)
  }

  isNull(column: number, place: number): boolean {
    return this.arena.isNull(this.#at(place) + 2 + column)
  }

  isAlone(column: number, place: number): boolean {
    const at = this.#at(place) + 2 + column
    if (this.arena.isNull(at)) return false
    // From slot to slot, whatever their places are.
    const first = this.#first + this.#shape.state + 2 + column
    const last = this.#head + this.#size
    for (let slot = this.#head; slot < last; slot++) {
      const other = first + (slot < this.#room ? slot : slot - this.#room) * this.#shape.width
      if (other !== at && this.arena.isSame(at, other)) return false
    }
    return true
  }

  /** @param until when it leaves before its window says so (epoch ms) */
  append(time: number, offset: number, inputs: readonly Value[], until = never): void {
    if (this.#size === this.#room) this.#resize(Math.max(smallest, this.#power + 1))
    const at = this.#at(this.#size++)
    const arena = this.arena
    arena.setNumber(at, time)
    arena.setNumber(at + 1, offset)
    for (let column = 0; column < this.#shape.columns; column++)
      arena.setValue(at + 2 + column, inputs[column] ?? null)
    if (this.#shape.expires) arena.setNumber(at + this.#shape.width - 1, until)
  }

  /** Puts an entry behind those of the same instant; gives its place. */
  insert(time: number, offset: number, inputs: readonly Value[]): number {
    const place = this.placeAfter(time)
    this.append(time, offset, inputs)
    // The new one goes from the end to its place, one by one past those that are later.
    for (let to = this.#size - 1; to > place; to--) this.#swap(to - 1, to)
    return place
  }

  /** When the next entry leaves early; undefined when none does. */
  get nextUntil(): number | undefined {
    if (!this.#shape.expires) return undefined
    let next = never
    for (let place = 0; place < this.#size; place++) next = Math.min(next, this.#untilAt(place))
    return next === never ? undefined : next
  }

  /** Takes out what leaves early; true when something did. */
  dropOverdue(at: number): boolean {
    if (!this.#shape.expires) return false
    let kept = 0
    for (let place = 0; place < this.#size; place++) {
      if (this.#untilAt(place) <= at) continue
      if (kept !== place) this.#swap(place, kept)
      kept++
    }
    const gone = kept < this.#size
    while (this.#size > kept) this.#dropValues(--this.#size)
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
    this.#dropValues(0)
    this.#head = this.#head + 1 === this.#room ? 0 : this.#head + 1
    this.#size--
    if (this.#size * 4 < this.#room && this.#power > smallest) this.#resize(this.#power - 1)
  }

  /** Empties it and gives its memory back. */
  clear(): void {
    for (let place = 0; place < this.#size; place++) this.#dropValues(place)
    if (this.#room > 0) this.arena.giveBack(this.#first, this.#power)
    this.#size = 0
    this.#room = 0
    this.#power = 0
    this.#head = 0
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
      const inputs = Array.from({ length: this.#shape.columns }, (_, column) => other.input(column, place))
      this.insert(other.time(place), other.#offset(place), inputs)
    }
    other.clear()
  }

  snapshot(): EntriesSnapshot {
    const places = Array.from({ length: this.#size }, (_, place) => place)
    return {
      kind: 'entries',
      times: places.map((place) => this.time(place)),
      offsets: places.map((place) => this.#offset(place)),
      inputs: Array.from({ length: this.#shape.columns }, (_, column) =>
        places.map((place) => this.input(column, place)),
      ),
      until: this.#shape.expires ? places.map((place) => finite(this.#untilAt(place))) : [],
    }
  }

  /** Index in the arena of the entry at a place. */
  #at(place: number): number {
    const slot = this.#head + place
    return (
      this.#first + this.#shape.state + (slot < this.#room ? slot : slot - this.#room) * this.#shape.width
    )
  }

  #offset(place: number): number {
    return this.arena.number(this.#at(place) + 1)
  }

  #untilAt(place: number): number {
    return this.arena.number(this.#at(place) + this.#shape.width - 1)
  }

  #dropValues(place: number): void {
    const at = this.#at(place)
    for (let column = 0; column < this.#shape.columns; column++) this.arena.dropValue(at + 2 + column)
  }

  #swap(one: number, other: number): void {
    this.arena.swap(this.#at(one), this.#at(other), this.#shape.width)
  }

  /** Moves everything into a block of another size, the oldest first again. */
  #resize(power: number): void {
    const arena = this.arena
    let needed = power
    while (1 << needed < this.#shape.state + this.#shape.width) needed++
    const room = Math.floor(((1 << needed) - this.#shape.state) / this.#shape.width)
    const first = arena.take(needed)
    if (this.#room === 0) for (let i = 0; i < this.#shape.state; i++) arena.setNumber(first + i, 0)
    else {
      const untilEnd = Math.min(this.#size, this.#room - this.#head)
      const entries = this.#first + this.#shape.state
      const to = first + this.#shape.state
      arena.move(this.#first, first, this.#shape.state)
      arena.move(this.#at(0), to, untilEnd * this.#shape.width)
      arena.move(entries, to + untilEnd * this.#shape.width, (this.#size - untilEnd) * this.#shape.width)
      arena.giveBack(this.#first, this.#power)
    }
    this.#first = first
    this.#power = needed
    this.#room = room
    this.#head = 0
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
