import { LeafIndex } from './leaf-index.js'
import type { Entry, Search } from './search.js'
import { ShortList } from './short-list.js'

/** So few entries are asked one by one. */
const fewEntries = 16
/** Putting an entry into the index takes about as long as asking so many. */
const costOfIndexing = 16

/**
 * The entries that share a key: a short list that gets an index when it grows long. Adding and removing cost
 * next to nothing: newcomers are asked one by one, and the gone are skipped, until that has cost about as much
 * as building the index anew does. Nothing outside the leaf is touched.
 */
export class Leaf extends ShortList {
  /** Finds the entries that are not in the list. */
  #index: LeafIndex | undefined
  /** Of the indexed entries. */
  #gone = 0
  /** Entries that were looked at in vain since the index was built. */
  #debt = 0
  /** May hold entries that are gone. */
  #indexed: readonly Entry[] = []

  get isEmpty(): boolean {
    return this.#size === 0
  }

  get #size(): number {
    return this.#indexed.length + this.length - this.#gone
  }

  override remove(entry: Entry): boolean {
    entry.live = false
    if (super.remove(entry)) return true
    this.#gone++
    // Without questions nothing else would let them go.
    if (this.#gone > this.#size) this.#rebuild()
    return true
  }

  override find(search: Search): void {
    const waste = this.length + this.#gone
    if (waste > fewEntries) {
      this.#debt += waste
      if (waste > this.#indexed.length || this.#debt > this.#size * costOfIndexing) this.#rebuild()
    }
    this.#index?.find(search)
    super.find(search)
  }

  #rebuild(): void {
    const entries = [...this.#indexed.filter(({ live }) => live), ...this.entries]
    const isSmall = entries.length <= fewEntries
    this.clear()
    if (isSmall) for (const entry of entries) this.add(entry)
    this.#indexed = isSmall ? [] : entries
    this.#index = isSmall ? undefined : new LeafIndex(entries)
    this.#gone = 0
    this.#debt = 0
  }
}
