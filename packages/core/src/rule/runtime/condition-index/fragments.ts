import type { Fragmented } from './prefixes.js'
import type { Entry, Finder, Search } from './search.js'

/**
 * Fragments anywhere in a text, by one sequence of letters (gram) of each: the one that fewest others have. A
 * gram is as long as the fragment allows, of 5, 3, 2 UTF-16 units or a single one. A text is read once, whatever
 * the number of fragments: at every position a rolling hash for each length says whether a gram may end there.
 */
export class Fragments implements Finder {
  readonly #slot: number
  readonly #tables: readonly [Grams, Grams, Grams, Grams]

  constructor(slot: number, items: readonly Fragmented[]) {
    const table = (length: keyof typeof shifts, below: number): Grams =>
      new Grams(
        length,
        items.filter(({ text: { fragment } }) => fragment.length >= length && fragment.length < below),
      )
    this.#slot = slot
    this.#tables = [table(5, Number.POSITIVE_INFINITY), table(3, 5), table(2, 3), table(1, 2)]
  }

  find(search: Search): void {
    const text = search.columns.value(this.#slot)
    if (typeof text !== 'string') return
    // Written out, and out of local variables: every step here is taken for every letter.
    const [five, three, two, one] = this.#tables
    const [bits5, bits3, bits2, bits1] = [five.bits, three.bits, two.bits, one.bits]
    const [mask5, mask3, mask2, mask1] = [five.mask, three.mask, two.mask, one.mask]
    let [hash5, hash3, hash2] = [0, 0, 0]
    for (let i = 0; i < text.length; i++) {
      const unit = spread(text.charCodeAt(i))
      hash5 = (hash5 << shifts[5]) ^ unit
      hash3 = (hash3 << shifts[3]) ^ unit
      hash2 = (hash2 << shifts[2]) ^ unit
      if (isSet(bits5, hash5 & mask5)) five.find(hash5, text, i, search)
      if (isSet(bits3, hash3 & mask3)) three.find(hash3, text, i, search)
      if (isSet(bits2, hash2 & mask2)) two.find(hash2, text, i, search)
      if (isSet(bits1, unit & mask1)) one.find(unit, text, i, search)
    }
  }
}

/** By length: every unit's share is shifted out of the hash's 20 or 18 bits after so many, and need not be taken back. */
const shifts = { 5: 4, 3: 6, 2: 9, 1: 18 } as const

/** A unit's bits, mixed over 18 (Knuth's multiplicative hashing). */
const spread = (unit: number): number => Math.imul(unit, 0x9e3779b1) >>> 14

const isSet = (bits: Uint32Array, index: number): boolean =>
  (((bits[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1

interface Place {
  readonly entry: Entry
  readonly fragment: string
  /** Where the gram ends in the fragment. */
  readonly end: number
}

/** The grams of one length, by their hash. */
class Grams {
  /** One bit for each end of a hash: few enough for the nearest caches, and most positions of a text go no further. */
  readonly bits: Uint32Array
  readonly mask: number
  readonly #hashMask: number
  readonly #places: ReadonlyMap<number, readonly Place[]>

  constructor(length: keyof typeof shifts, items: readonly Fragmented[]) {
    const shift = shifts[length]
    // About sixty times as many bits as fragments.
    const width = Math.min(length * shift, Math.max(5, Math.ceil(Math.log2(items.length * 60))))
    this.mask = 2 ** width - 1
    this.bits = new Uint32Array((this.mask + 1) >> 5)
    this.#hashMask = 2 ** (length * shift) - 1
    const rarest = rarestGrams(items, length)
    const places = items.map(
      ({ entry, text: { fragment } }): Place => ({ entry, fragment, end: rarest(fragment) }),
    )
    this.#places = Map.groupBy(places, ({ fragment, end }) => {
      let hash = 0
      for (let i = end - length; i < end; i++) hash = (hash << shift) ^ spread(fragment.charCodeAt(i))
      return hash & this.#hashMask
    })
    for (const hash of this.#places.keys()) {
      const index = hash & this.mask
      this.bits[index >> 5] = (this.bits[index >> 5] ?? 0) | (1 << (index & 31))
    }
  }

  /** Offers the fragments whose gram has the hash and whose rest is there, too; the gram ends at `last`. */
  find(hash: number, text: string, last: number, search: Search): void {
    const places = this.#places.get(hash & this.#hashMask)
    if (places === undefined) return
    for (const { entry, fragment, end } of places) {
      if (text.startsWith(fragment, last + 1 - end)) search.offer(entry)
    }
  }
}

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
