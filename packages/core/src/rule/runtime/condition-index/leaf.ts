import { LeafIndex } from './leaf-index.js'
import type { Entry, Search } from './search.js'
import { ShortList } from './short-list.js'

/** So few entries are asked one by one. */
const fewEntries = 16

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
  #fresh: Entry[] = []
  /** `fresh` made ready to be asked; undefined when it has changed since. */
  #list: ShortList | undefined
  /** Entries that were looked at in vain since the index was built. */
  #debt = 0

  get isEmpty(): boolean {
    return this.#size === 0
  }

  get #size(): number {
    return this.#indexed.length + this.#fresh.length - this.#gone
  }

  add(entry: Entry): void {
    this.#fresh.push(entry)
    this.#list = undefined
  }

  remove(entry: Entry): void {
    entry.live = false
    const at = this.#fresh.lastIndexOf(entry)
    if (at >= 0) {
      this.#fresh.splice(at, 1)
      this.#list = undefined
    } else {
      this.#gone++
      // Without questions nothing else would let them go.
      if (this.#gone > this.#size) this.#rebuild()
    }
  }

  find(search: Search): void {
    if (this.#fresh.length + this.#gone > fewEntries) {
      this.#debt += this.#fresh.length + this.#gone
      if (this.#debt >= this.#size) this.#rebuild()
    }
    this.#index?.find(search)
    this.#list ??= new ShortList(this.#fresh)
    this.#list.find(search)
  }

  #rebuild(): void {
    const entries = [...this.#indexed.filter(({ live }) => live), ...this.#fresh]
    const isSmall = entries.length <= fewEntries
    this.#fresh = isSmall ? entries : []
    this.#indexed = isSmall ? [] : entries
    this.#index = isSmall ? undefined : new LeafIndex(entries)
    this.#list = undefined
    this.#gone = 0
    this.#debt = 0
  }
}
