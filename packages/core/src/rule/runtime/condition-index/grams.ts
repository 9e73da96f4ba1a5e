import type { Fragmented } from './prefixes.js'
import type { Entry, Finder, Search } from './search.js'

/** Longest sequence of UTF-16 units that stands for a fragment; longer ones are rarer, but short words have none. */
const longestGram = 4

/** Finders for fragments anywhere in a text: one for each length of their grams. */
export function gramFinders(slot: number, items: readonly Fragmented[]): readonly Finder[] {
  const byLength = Map.groupBy(items, ({ text }) => Math.min(longestGram, text.fragment.length))
  return [...byLength].map(([length, alike]) => new Grams(slot, length, alike))
}

interface Place {
  readonly entry: Entry
  readonly fragment: string
  /** Where the gram ends in the fragment. */
  readonly end: number
}

/**
 * Fragments by one gram of each, the one that fewest others have. A text is read once, whatever the number of
 * fragments: a rolling hash of the last units says at every position whether a gram ends there. Each unit's
 * share of the hash is shifted out after `length` units, so nothing has to be taken back.
 */
class Grams implements Finder {
  readonly #slot: number
  readonly #length: number
  readonly #shift: number
  /** By hash. */
  readonly #places: readonly (readonly Place[] | undefined)[]

  constructor(slot: number, length: number, items: readonly Fragmented[]) {
    // About eight times as many places as fragments: most positions of a text meet an empty one.
    this.#shift = Math.ceil(Math.min(18, Math.max(8, Math.log2(items.length * 8))) / length)
    this.#slot = slot
    this.#length = length
    const rarest = rarestGrams(items, length)
    const places = new Array<Place[] | undefined>(2 ** (this.#shift * length)).fill(undefined)
    for (const { entry, text } of items) {
      const { fragment } = text
      const end = rarest(fragment)
      const hash = this.#hashAt(fragment, end)
      const place = { entry, fragment, end }
      const known = places[hash]
      if (known === undefined) places[hash] = [place]
      else known.push(place)
    }
    this.#places = places
  }

  #hashAt(text: string, end: number): number {
    let hash = 0
    for (let i = end - this.#length; i < end; i++) hash = (hash << this.#shift) ^ spread(text.charCodeAt(i))
    return hash & (2 ** (this.#shift * this.#length) - 1)
  }

  find(search: Search): void {
    const text = search.columns.value(this.#slot)
    if (typeof text !== 'string') return
    const shift = this.#shift
    const places = this.#places
    const mask = places.length - 1
    let hash = 0
    for (let i = 0; i < text.length; i++) {
      hash = ((hash << shift) ^ spread(text.charCodeAt(i))) & mask
      const found = places[hash]
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
