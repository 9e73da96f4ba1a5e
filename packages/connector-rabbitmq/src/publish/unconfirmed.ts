/** Something that is sent and confirmed. */
export interface Sent {
  /** Which it was of all that were sent; written here. */
  number: number
}

/** Settled places at the front that are worth cutting off. */
const worthCutting = 256

/** What was sent and is not settled, oldest first. It is settled in nearly that order, so a list will do. */
export class Unconfirmed<Item extends Sent> implements Iterable<Item> {
  /** From the oldest on; undefined where it is settled. */
  #items: (Item | undefined)[] = []
  /** The number of the first of them. */
  #first = 0
  /** The index of the oldest. */
  #oldest = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  get oldest(): Item | undefined {
    return this.#items[this.#oldest]
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#items) if (item !== undefined) yield item
  }

  add(item: Item): void {
    item.number = this.#first + this.#items.length
    this.#items.push(item)
    this.#size += 1
  }

  /** @returns whether it was there */
  settle(item: Item): boolean {
    const index = item.number - this.#first
    if (this.#items[index] !== item) return false
    this.#items[index] = undefined
    this.#size -= 1
    while (this.#oldest < this.#items.length && this.#items[this.#oldest] === undefined) this.#oldest += 1
    if (this.#oldest >= worthCutting && 2 * this.#oldest >= this.#items.length) {
      this.#items.splice(0, this.#oldest)
      this.#first += this.#oldest
      this.#oldest = 0
    }
    return true
  }

  clear(): void {
    this.#first += this.#items.length
    this.#items = []
    this.#oldest = 0
    this.#size = 0
  }
}
