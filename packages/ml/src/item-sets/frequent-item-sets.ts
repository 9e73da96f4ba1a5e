import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { type Baskets, layOut } from './baskets.js'

export interface ItemSetOptions {
  /** The smallest share of baskets, above 0 to 1: a set counts that is in support·N of them or more. */
  readonly support?: number
  /** The smallest number of baskets instead; 5 unless either is told: fewer are an accident. */
  readonly count?: number
  /** No larger sets; any unless told. */
  readonly largest?: number
}

export interface ItemSet {
  /** The rarest first; equally frequent ones in the order of their names. */
  readonly items: readonly string[]
  /** Baskets that have them all. */
  readonly count: number
}

export interface ItemSets {
  /** How many there are, empty ones too. */
  readonly baskets: number
  /** Smaller sets before larger ones. The order of the baskets changes nothing. */
  readonly sets: readonly ItemSet[]
}

const optionsSchema = z
  .strictObject({
    support: z.number().positive().max(1).optional(),
    count: z.int().positive().optional(),
    largest: z.int().positive().optional(),
  })
  .refine(({ support, count }) => support === undefined || count === undefined, {
    path: ['count'],
    message: 'support or count, not both',
  })

/**
 * Every set of items that is in enough baskets, with the number of baskets: complete and exact. An item that is twice in a
 * basket counts once.
 *
 * The search goes down from each set to those with one more item. The baskets that have the set are gone through from behind
 * its last item on, and what is found there is counted and handed down (occurrence deliver): the work is what stands in
 * those baskets, where an intersection of bitsets reads all baskets for every pair. It is the columns of Eclat, built from the
 * rows.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 * @see M. J. Zaki, IEEE Trans. Knowl. Data Eng. 12 (2000) 372–390; T. Uno, T. Asai, Y. Uchida, H. Arimura, FIMI 2003
 */
export function frequentItemsets(
  baskets: readonly (readonly string[])[],
  options: ItemSetOptions = {},
): ItemSets {
  const {
    support,
    count = 5,
    largest = Number.POSITIVE_INFINITY,
  } = parseOptions(optionsSchema, options, 'frequentItemsets')
  // Less a rounding: .1 · 30 is a little more than 3.
  const least = support === undefined ? count : Math.max(1, Math.ceil(support * baskets.length - 1e-9))
  return { baskets: baskets.length, sets: mineSets(layOut(baskets, least), least, () => largest) }
}

/**
 * The same over baskets that are laid out already.
 *
 * @param largest the size of the largest sets whose first item, the one with the lowest number, is this
 */
export function mineSets(
  baskets: Baskets,
  least: number,
  largest: (first: number) => number,
): readonly ItemSet[] {
  return new Miner(baskets, least, largest).mine()
}

/** A set that may have larger ones; its occurrences are in the stack from `begin` to `end`. */
interface Prefix {
  readonly items: readonly string[]
  readonly rank: number
  readonly begin: number
  readonly end: number
}

class Miner {
  readonly #baskets: Baskets
  readonly #least: number
  readonly #largest: (first: number) => number
  /** By size. */
  readonly #found: ItemSet[][] = []
  /** Per depth, what is counted there; all 0 between uses. */
  readonly #counts: Int32Array[] = []
  /** Occurrences of the sets on the way down: each the place in `flat` behind the set's last item. */
  #stack = new Int32Array(1024)

  constructor(baskets: Baskets, least: number, largest: (first: number) => number) {
    this.#baskets = baskets
    this.#least = least
    this.#largest = largest
  }

  mine(): readonly ItemSet[] {
    const { starts } = this.#baskets
    this.#reserve(starts.length)
    this.#stack.set(starts)
    this.#grow([], 0, starts.length, 1)
    return this.#found.flat()
  }

  /** Finds all sets up to `largest` that begin with `items`, whose occurrences stand in the stack from `begin` to `end`. */
  #grow(items: readonly string[], begin: number, end: number, largest: number): void {
    const depth = items.length
    const counts = this.#countsAt(depth)
    const next: Prefix[] = []
    let top = end
    for (const rank of this.#count(counts, begin, end)) {
      const count = counts[rank] ?? 0
      // From here on, where the next occurrence of the item goes; 0: nowhere.
      counts[rank] = 0
      if (count < this.#least) continue
      const larger = [...items, this.#baskets.names[rank] ?? '']
      this.#foundAt(depth).push({ items: larger, count })
      if (larger.length >= (depth === 0 ? this.#largest(rank) : largest)) continue
      counts[rank] = top
      next.push({ items: larger, rank, begin: top, end: top + count })
      top += count
    }
    if (next.length === 0) return
    this.#reserve(top)
    this.#deliver(counts, begin, end)
    for (const { rank } of next) counts[rank] = 0
    // The last first: what goes deeper uses the stack above its own part, which is then free again.
    for (const { items: larger, rank, begin: from, end: to } of next.reverse())
      this.#grow(larger, from, to, depth === 0 ? this.#largest(rank) : largest)
  }

  /** Counts what stands behind the occurrences; tells what was found, in order. */
  #count(counts: Int32Array, begin: number, end: number): number[] {
    const { flat } = this.#baskets
    const stack = this.#stack
    const touched: number[] = []
    for (let index = begin; index < end; index++) {
      let place = stack[index] ?? 0
      for (let rank = flat[place] ?? -1; rank >= 0; rank = flat[++place] ?? -1) {
        const before = counts[rank] ?? 0
        if (before === 0) touched.push(rank)
        counts[rank] = before + 1
      }
    }
    return touched.sort((a, b) => a - b)
  }

  /** Writes each occurrence of a further item to where `places` says, counting on. */
  #deliver(places: Int32Array, begin: number, end: number): void {
    const { flat } = this.#baskets
    const stack = this.#stack
    for (let index = begin; index < end; index++) {
      let place = stack[index] ?? 0
      for (let rank = flat[place] ?? -1; rank >= 0; rank = flat[place] ?? -1) {
        place++
        const to = places[rank] ?? 0
        if (to === 0) continue
        stack[to] = place
        places[rank] = to + 1
      }
    }
  }

  #countsAt(depth: number): Int32Array {
    const counts = this.#counts[depth] ?? new Int32Array(this.#baskets.names.length)
    this.#counts[depth] = counts
    return counts
  }

  #foundAt(depth: number): ItemSet[] {
    const found = this.#found[depth] ?? []
    this.#found[depth] = found
    return found
  }

  #reserve(size: number): void {
    if (size <= this.#stack.length) return
    const larger = new Int32Array(Math.max(size, this.#stack.length * 2))
    larger.set(this.#stack)
    this.#stack = larger
  }
}
