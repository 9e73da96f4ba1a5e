import type { TextAtom } from './atom.js'
import type { Entry, Finder, Search } from './search.js'

export interface Fragmented {
  readonly entry: Entry
  readonly text: TextAtom
}

/** Texts' beginnings, in one table for each length. */
export class Prefixes implements Finder {
  readonly #slot: number
  readonly #lengths: readonly {
    readonly length: number
    readonly entries: ReadonlyMap<string, readonly Entry[]>
  }[]

  constructor(slot: number, items: readonly Fragmented[]) {
    this.#slot = slot
    this.#lengths = [...Map.groupBy(items, ({ text }) => text.fragment.length)].map(([length, alike]) => ({
      length,
      entries: new Map(
        [...Map.groupBy(alike, ({ text }) => text.fragment)].map(([fragment, same]) => [
          fragment,
          same.map(({ entry }) => entry),
        ]),
      ),
    }))
  }

  find(search: Search): void {
    const text = search.columns.value(this.#slot)
    if (typeof text !== 'string') return
    for (const { length, entries } of this.#lengths) {
      if (length > text.length) continue
      const found = entries.get(text.slice(0, length))
      if (found !== undefined) for (const entry of found) search.offer(entry)
    }
  }
}
