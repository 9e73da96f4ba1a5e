import type { Fragmented } from './prefixes.js'
import type { Entry, Finder, Search } from './search.js'

/** How many UTF-16 units may stand for a fragment: the most that fit. More are rarer, but short words have few. */
const gramLengths = [5, 3, 2, 1]

/** Finders for fragments anywhere in a text: one for each length of their grams. */
export function gramFinders(slot: number, items: readonly Fragmented[]): readonly Finder[] {
  const lengthFor = ({ text }: Fragmented): number =>
    gramLengths.find((length) => length <= text.fragment.length) ?? 1
  return [...Map.groupBy(items, lengthFor)].map(([length, alike]) => new Grams(slot, length, alike))
}

interface Place {
  readonly entry: Entry
  readonly fragment: string
  /** Where the gram ends in the fragment. */
  readonly end: number
}

/**
 * Fragments by one gram of each, the one that fewest others have. A text is read once, whatever the number of
 * fragments: a rolling hash of the last units says at every position whether a gram may end there. Each unit's
 * share of the hash is shifted out after `length` units, so nothing has to be taken back.
 */
class Grams implements Finder {
  readonly #slot: number
  readonly #length: number
  readonly #shift: number
  readonly #mask: number
  /** One bit for each hash: small enough to stay in the nearest cache, and most positions of a text end here. */
  readonly #bits: Uint32Array
  readonly #places: ReadonlyMap<number, readonly Place[]>

  constructor(slot: number, length: number, items: readonly Fragmented[]) {
    // About sixteen times as many hashes as fragments.
    const wanted = Math.min(18, Math.max(10, Math.ceil(Math.log2(items.length * 16))))
    this.#slot = slot
    this.#length = length
    this.#shift = Math.ceil(wanted / length)
    this.#mask = 2 ** (this.#shift * length) - 1
    this.#bits = new Uint32Array((this.#mask + 1) >> 5)
    const rarest = rarestGrams(items, length)
    const places = items.map(
      ({ entry, text: { fragment } }): Place => ({ entry, fragment, end: rarest(fragment) }),
    )
    this.#places = Map.groupBy(places, ({ fragment, end }) => this.#hashAt(fragment, end))
    for (const hash of this.#places.keys())
      this.#bits[hash >> 5] = (this.#bits[hash >> 5] ?? 0) | (1 << (hash & 31))
  }

  #hashAt(text: string, end: number): number {
    let hash = 0
    for (let i = end - this.#length; i < end; i++) hash = (hash << this.#shift) ^ spread(text.charCodeAt(i))
    return hash & this.#mask
  }

  find(search: Search): void {
    const text = search.columns.value(this.#slot)
    if (typeof text !== 'string') return
    const [shift, mask, bits] = [this.#shift, this.#mask, this.#bits]
    let hash = 0
    for (let i = 0; i < text.length; i++) {
      hash = ((hash << shift) ^ spread(text.charCodeAt(i))) & mask
      if ((((bits[hash >> 5] ?? 0) >>> (hash & 31)) & 1) === 0) continue
      const found = this.#places.get(hash)
      if (found === undefined) continue
      for (const { entry, fragment, end } of found) {
        if (text.startsWith(fragment, i + 1 - end)) search.offer(entry)
      }
    }
  }
}

/** A unit's bits, mixed over the lower 18 (Knuth's multiplicative hashing). */
const spread = (unit: number): number => Math.imul(unit, 0x9e3779b1) >>> 14

/** Where the gram ends, in a fragment, that fewest fragments have. */
function rarestGrams(items: readonly Fragmented[], length: number): (fragment: string) => number {
  const counts = new Map<string, number>()
  for (const { text } of items) {
    for (let end = length; end <= text.fragment.length; end++) {
      const gram = text.fragment.slice(end - length, end)
      counts.set(gram, (counts.get(gram) ?? 0) + 1)
    }
  }
  return (fragment) => {
    let best = length
    let fewest = Number.POSITIVE_INFINITY
    for (let end = length; end <= fragment.length; end++) {
      const count = counts.get(fragment.slice(end - length, end)) ?? 0
      if (count >= fewest) continue
      best = end
      fewest = count
    }
    return best
  }
}
