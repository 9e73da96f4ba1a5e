import { LeafIndex } from './leaf-index.js'
import type { Entry, Search } from './search.js'
import { ShortList } from './short-list.js'

/** So few entries are asked one by one. */
const fewEntries = 16
/** Putting an entry into the index takes about as long as asking so many. */
const costOfIndexing = 16

/**
 * The entries that share a key. Adding and removing cost next to nothing: newcomers are asked one by one, and
 * the gone are skipped, until that has cost about as much as building the leaf's index anew does. Nothing
 * outside the leaf is touched.
 */
export class Leaf {
  /** Found by the index; may hold entries that are gone. */
  #indexed: readonly Entry[] = []
  #index: LeafIndex | undefined
  #gone = 0
  /** Not in the index. */
  #fresh = new ShortList()
  /** Entries that were looked at in vain since the index was built. */
  #debt = 0

  get isEmpty(): boolean {
    return this.#size === 0
  }

  get #size(): number {
    return this.#indexed.length + this.#fresh.length - this.#gone
  }

  add(entry: Entry): void {
    this.#fresh.add(entry)
  }

  remove(entry: Entry): void {
    entry.live = false
    if (this.#fresh.remove(entry)) return
    this.#gone++
    // Without questions nothing else would let them go.
    if (this.#gone > this.#size) this.#rebuild()
  }

  find(search: Search): void {
    const waste = this.#fresh.length + this.#gone
    if (waste > fewEntries) {
      this.#debt += waste
      if (waste > this.#indexed.length || this.#debt > this.#size * costOfIndexing) this.#rebuild()
    }
    this.#index?.find(search)
    this.#fresh.find(search)
  }

  #rebuild(): void {
    const entries = [...this.#indexed.filter(({ live }) => live), ...this.#fresh.entries]
    const isSmall = entries.length <= fewEntries
    this.#fresh = new ShortList()
    if (isSmall) for (const entry of entries) this.#fresh.add(entry)
    this.#indexed = isSmall ? [] : entries
    this.#index = isSmall ? undefined : new LeafIndex(entries)
    this.#gone = 0
    this.#debt = 0
  }
}
