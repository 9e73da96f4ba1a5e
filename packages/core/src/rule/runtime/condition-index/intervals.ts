import type { Ranged } from './bounds.js'
import { placeOf } from './number-line.js'
import type { Entry, Finder, Search } from './search.js'

/**
 * Ranges with two ends, as a segment tree (Bentley 1977): the ends cut the line into segments, the segments
 * are the leaves of a binary tree, and a range stands at the few nodes that together cover it. The ranges that
 * hold a value stand on the way from its segment to the root: O(log n + found), and O(n log n) room.
 */
export class Intervals implements Finder {
  readonly #slot: number
  /** Ascending; segment i reaches from cut i to the next. */
  readonly #cuts: readonly number[]
  readonly #nodes: readonly (readonly Entry[] | undefined)[]

  constructor(slot: number, ranges: readonly Ranged[]) {
    const cuts = [...new Set(ranges.flatMap(({ range }) => [range.low, range.end]))].sort((a, b) => a - b)
    const segmentOf = new Map(cuts.map((cut, segment) => [cut, segment]))
    const size = cuts.length
    const nodes = new Array<Entry[] | undefined>(2 * size).fill(undefined)
    const put = (node: number, entry: Entry): void => {
      const entries = nodes[node]
      if (entries === undefined) nodes[node] = [entry]
      else entries.push(entry)
    }
    for (const { entry, range } of ranges) {
      let left = (segmentOf.get(range.low) ?? 0) + size
      let right = (segmentOf.get(range.end) ?? 0) + size
      for (; left < right; left >>= 1, right >>= 1) {
        if (left & 1) put(left++, entry)
        if (right & 1) put(--right, entry)
      }
    }
    this.#slot = slot
    this.#cuts = cuts
    this.#nodes = nodes
  }

  find(search: Search): void {
    const place = placeOf(search.columns.value(this.#slot))
    if (place === undefined) return
    const segment = lastAtOrBelow(this.#cuts, place)
    if (segment < 0) return
    for (let node = segment + this.#cuts.length; node > 0; node >>= 1) {
      const entries = this.#nodes[node]
      if (entries !== undefined) for (const entry of entries) search.offer(entry)
    }
  }
}

/** Index of the last item that is not above the value, or -1. */
function lastAtOrBelow(sorted: readonly number[], value: number): number {
  let low = -1
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}
