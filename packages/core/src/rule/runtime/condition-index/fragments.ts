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
      if (isSet(bits5, mixed(hash5) & mask5)) five.find(hash5, text, i, search)
      if (isSet(bits3, mixed(hash3) & mask3)) three.find(hash3, text, i, search)
      if (isSet(bits2, mixed(hash2) & mask2)) two.find(hash2, text, i, search)
      if (isSet(bits1, unit & mask1)) one.find(unit, text, i, search)
    }
  }
}

/** By length: every unit's share is shifted out of the hash's 30 bits after so many, and need not be taken back. */
const shifts = { 5: 6, 3: 10, 2: 15, 1: 30 } as const
const hashMask = 2 ** 30 - 1

/** A unit's bits, mixed over 18 (Knuth's multiplicative hashing). */
const spread = (unit: number): number => Math.imul(unit, 0x9e3779b1) >>> 14

/** The lower 20 bits with something of all units in them. */
const mixed = (hash: number): number => hash ^ (hash >>> 10)

const isSet = (bits: Uint32Array, index: number): boolean =>
  (((bits[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1

/** The grams of one length, by their hash. Flat tables of numbers: most look-ups end before any object is touched. */
class Grams {
  /** One bit for each end of a hash: few enough for the nearest caches, and most positions of a text go no further. */
  readonly bits: Uint32Array
  readonly mask: number
  readonly #entries: readonly Entry[]
  readonly #fragments: readonly string[]
  /** By fragment: where its gram ends in it, the gram's hash, and the next fragment in the same bucket. */
  readonly #ends: Int32Array
  readonly #hashes: Int32Array
  readonly #next: Int32Array
  /** By the hash's last bits: the first fragment of the bucket. */
  readonly #buckets: Int32Array

  constructor(length: keyof typeof shifts, items: readonly Fragmented[]) {
    // About sixty bits and four buckets a fragment.
    const width = Math.min(length === 1 ? 18 : 20, Math.max(8, Math.ceil(Math.log2(items.length * 60))))
    this.mask = 2 ** width - 1
    this.bits = new Uint32Array((this.mask + 1) >> 5)
    this.#entries = items.map(({ entry }) => entry)
    this.#fragments = items.map(({ text }) => text.fragment)
    this.#ends = Int32Array.from(this.#fragments, rarestGrams(this.#fragments, length))
    this.#hashes = Int32Array.from(this.#fragments, (fragment, i) => {
      const end = this.#ends[i] ?? length
      let hash = 0
      for (let at = end - length; at < end; at++)
        hash = (hash << shifts[length]) ^ spread(fragment.charCodeAt(at))
      return hash & hashMask
    })
    this.#next = new Int32Array(items.length).fill(none)
    this.#buckets = new Int32Array((this.mask + 1) >> 4).fill(none)
    for (const [i, hash] of this.#hashes.entries()) {
      const index = (length === 1 ? hash : mixed(hash)) & this.mask
      this.bits[index >> 5] = (this.bits[index >> 5] ?? 0) | (1 << (index & 31))
      const bucket = hash & (this.#buckets.length - 1)
      this.#next[i] = this.#buckets[bucket] ?? none
      this.#buckets[bucket] = i
    }
  }

  /** Offers the fragments whose gram has the hash and whose rest is there, too; the gram ends at `last`. */
  find(rolled: number, text: string, last: number, search: Search): void {
    const hash = rolled & hashMask
    let i = this.#buckets[hash & (this.#buckets.length - 1)] ?? none
    for (; i !== none; i = this.#next[i] ?? none) {
      if (this.#hashes[i] !== hash) continue
      const entry = this.#entries[i]
      if (entry !== undefined && text.startsWith(this.#fragments[i] ?? '', last + 1 - (this.#ends[i] ?? 0)))
        search.offer(entry)
    }
  }
}

const none = -1

/** Where the gram ends, in a fragment, that fewest fragments have. */
function rarestGrams(fragments: readonly string[], length: number): (fragment: string) => number {
  const counts = new Map<string, number>()
  for (const fragment of fragments) {
    for (let end = length; end <= fragment.length; end++) {
      const gram = fragment.slice(end - length, end)
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
