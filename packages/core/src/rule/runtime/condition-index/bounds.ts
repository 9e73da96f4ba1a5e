import type { RangeAtom } from './atom.js'
import { placeOf } from './number-line.js'
import type { Entry, Finder, Search } from './search.js'

export interface Ranged {
  readonly entry: Entry
  readonly range: RangeAtom
}

/** Ranges that are open on one side, sorted: those that hold a value are a beginning of the list. */
export class Bounds implements Finder {
  readonly #slot: number
  readonly #lows: readonly number[]
  readonly #above: readonly Entry[]
  readonly #ends: readonly number[]
  readonly #below: readonly Entry[]

  constructor(slot: number, above: readonly Ranged[], below: readonly Ranged[]) {
    const upwards = above.toSorted((a, b) => a.range.low - b.range.low)
    const downwards = below.toSorted((a, b) => b.range.end - a.range.end)
    this.#slot = slot
    this.#lows = upwards.map(({ range }) => range.low)
    this.#above = upwards.map(({ entry }) => entry)
    this.#ends = downwards.map(({ range }) => range.end)
    this.#below = downwards.map(({ entry }) => entry)
  }

  find(search: Search): void {
    const place = placeOf(search.columns.value(this.#slot))
    if (place === undefined) return
    const [lows, above, ends, below] = [this.#lows, this.#above, this.#ends, this.#below]
    for (let i = 0; i < lows.length; i++) {
      const entry = above[i]
      if (entry === undefined || (lows[i] ?? 0) > place) break
      search.offer(entry)
    }
    for (let i = 0; i < ends.length; i++) {
      const entry = below[i]
      if (entry === undefined || (ends[i] ?? 0) <= place) break
      search.offer(entry)
    }
  }
}
