import type { Test } from './atom.js'
import { type Entry, noTests, type Search } from './search.js'

/** Numbers that a line of the list takes: id, slot, low and end of a range, and whether there is more to ask. */
const lineLength = 5
const noSlot = -1
const nobody = -1

/**
 * Entries that are asked one by one. Each one's id and first range stand in a line of plain numbers, one line
 * after another: with thousands of leaves the time goes into fetching memory, and following an entry to its
 * atoms to their closures to their bounds takes a dozen fetches where this takes one.
 */
export class ShortList {
  /** The id, when there is one entry and nothing to ask: the usual case where rules are about one value each. */
  #sole = nobody
  readonly #lines: number[] = []
  #length = 0
  readonly #entries: Entry[] = []
  /** By line; what the range does not say. */
  readonly #more: (readonly Test[])[] = []

  get length(): number {
    return this.#length
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  add(entry: Entry): void {
    const { id, atoms } = entry
    const range = atoms.find((atom) => atom.kind === 'range')
    const more = atoms.filter((atom) => atom !== range).map(({ test }) => test)
    this.#length++
    this.#entries.push(entry)
    this.#lines.push(id, range?.slot ?? noSlot, range?.low ?? 0, range?.end ?? 0, more.length)
    this.#more.push(more.length === 0 ? noTests : more)
    this.#recognize()
  }

  clear(): void {
    this.#length = 0
    this.#lines.length = 0
    this.#entries.length = 0
    this.#more.length = 0
    this.#sole = nobody
  }

  /** The last entry takes the place of the one that goes. */
  remove(entry: Entry): boolean {
    const at = this.#entries.lastIndexOf(entry)
    if (at < 0) return false
    this.#length--
    const last = this.#entries.pop()
    const more = this.#more.pop()
    const line = this.#lines.splice(-lineLength)
    if (last !== undefined && more !== undefined && last !== entry) {
      this.#entries[at] = last
      this.#more[at] = more
      for (const [i, number] of line.entries()) this.#lines[at * lineLength + i] = number
    }
    this.#recognize()
    return true
  }

  find(search: Search): void {
    if (this.#sole !== nobody) search.tell(this.#sole)
    else if (this.#length > 0) this.#ask(search)
  }

  #recognize(): void {
    const [id = nobody, slot, , , more] = this.#lines
    this.#sole = this.#length === 1 && slot === noSlot && more === 0 ? id : nobody
  }

  #ask(search: Search): void {
    const lines = this.#lines
    let placed = noSlot
    let place = Number.NaN
    for (let at = 0, line = 0; at < lines.length; at += lineLength, line++) {
      const slot = lines[at + 1] ?? noSlot
      if (slot !== noSlot) {
        if (slot !== placed) {
          place = search.place(slot)
          placed = slot
        }
        if (!(place >= (lines[at + 2] ?? 0) && place < (lines[at + 3] ?? 0))) continue
      }
      if (lines[at + 4] === 0 || search.holds(this.#more[line] ?? noTests)) search.tell(lines[at] ?? 0)
    }
  }
}
