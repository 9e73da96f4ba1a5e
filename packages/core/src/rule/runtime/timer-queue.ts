/** A thing to be looked at when its time has come. */
export interface Timed {
  readonly due: number
  /** Ties are broken by this number, then by this text, so that order never depends on insertion. */
  readonly order: number
  readonly key: string
}

/** Children of one node: four instants stand side by side in memory. */
const width = 4
/** So few are not worth looking through. */
const few = 64

/** A heap, earliest first. The instants stand in an array of their own: most comparisons need nothing else. */
export class TimerQueue<T extends Timed> {
  readonly #dues: number[] = []
  readonly #items: T[] = []
  readonly #isWanted: (item: T) => boolean
  /** When there are as many, those that nobody waits for go. */
  #most = few

  /** @param isWanted false for what nobody waits for any more: it must not outnumber the rest */
  constructor(isWanted: (item: T) => boolean) {
    this.#isWanted = isWanted
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    if (this.#items.length >= this.#most) this.#keepWanted()
    const dues = this.#dues
    const items = this.#items
    let at = items.length
    items.push(item)
    dues.push(item.due)
    while (at > 0) {
      const above = Math.floor((at - 1) / width)
      const parent = items[above]
      if (parent === undefined || !this.#isBefore(item.due, item, above)) break
      items[at] = parent
      dues[at] = dues[above] ?? 0
      at = above
    }
    items[at] = item
    dues[at] = item.due
  }

  pop(): T | undefined {
    const dues = this.#dues
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    dues.pop()
    const size = items.length
    if (last === undefined || size === 0) return first
    let at = 0
    for (;;) {
      const from = at * width + 1
      if (from >= size) break
      let least = from
      const to = Math.min(from + width, size)
      for (let child = from + 1; child < to; child++) {
        const due = dues[child] ?? 0
        const leastDue = dues[least] ?? 0
        if (due < leastDue || (due === leastDue && this.#isTieBefore(child, least))) least = child
      }
      const child = items[least]
      if (child === undefined || this.#isBefore(last.due, last, least)) break
      items[at] = child
      dues[at] = dues[least] ?? 0
      at = least
    }
    items[at] = last
    dues[at] = last.due
    return first
  }

  #keepWanted(): void {
    const wanted = this.#items.filter(this.#isWanted)
    this.#most = 2 * wanted.length + few
    this.#items.length = 0
    this.#dues.length = 0
    for (const item of wanted) this.push(item)
  }

  #isBefore(due: number, item: Timed, other: number): boolean {
    const otherDue = this.#dues[other] ?? 0
    if (due !== otherDue) return due < otherDue
    const that = this.#items[other]
    return that !== undefined && isTieBefore(item, that)
  }

  #isTieBefore(one: number, other: number): boolean {
    const [a, b] = [this.#items[one], this.#items[other]]
    return a !== undefined && b !== undefined && isTieBefore(a, b)
  }
}

function isTieBefore(a: Timed, b: Timed): boolean {
  return a.order < b.order || (a.order === b.order && a.key < b.key)
}
