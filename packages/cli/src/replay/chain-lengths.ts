const none = -(2 ** 30)

/**
 * How long the best chain is that ends at each place, of places 0 to size − 1: a tree of maxima, so that lengthening all of
 * a range, and asking for the longest of a range, take the logarithm of the number of places.
 */
export class ChainLengths {
  readonly #size: number
  /** Of node n below which n·2 and n·2 + 1 hang: the longest, without what hangs above it is still to be lengthened by. */
  readonly #longest: Int32Array
  readonly #added: Int32Array

  constructor(places: number) {
    this.#size = 2 ** Math.ceil(Math.log2(Math.max(1, places)))
    this.#longest = new Int32Array(2 * this.#size).fill(none)
    this.#added = new Int32Array(2 * this.#size)
  }

  /** Adds one to every chain that ends at a place from `from` to `to`, both counted. */
  lengthen(from: number, to: number): void {
    if (from <= to) this.#lengthen(1, 0, this.#size - 1, from, to)
  }

  /** The length at one place; 0 or less where no chain ends. */
  at(place: number): number {
    let node = this.#size + place
    let length = this.#longest[node] ?? none
    while (node > 1) {
      node >>= 1
      length += this.#added[node] ?? 0
    }
    return length
  }

  set(place: number, length: number): void {
    let node = this.#size + place
    this.#longest[node] = (this.#longest[node] ?? none) + length - this.at(place)
    while (node > 1) {
      node >>= 1
      this.#settle(node)
    }
  }

  /** The last place of the longest chain among places below `end`; −1 where none ends. */
  longestBelow(end: number): number {
    let best = -1
    let length = 0
    // From the root towards `end`, looking at each subtree that lies wholly to its left.
    let [node, from, width, added] = [1, 0, this.#size, 0]
    const look = (at: number, start: number, above: number): void => {
      const longest = (this.#longest[at] ?? none) + above
      if (longest <= 0 || longest < length) return
      length = longest
      best = this.#lastOfLongest(at, start)
    }
    if (end >= this.#size) {
      look(1, 0, 0)
      return best
    }
    while (node < this.#size) {
      added += this.#added[node] ?? 0
      width /= 2
      node *= 2
      if (end >= from + width) {
        look(node, from, added)
        node += 1
        from += width
      }
    }
    return best
  }

  #lastOfLongest(top: number, start: number): number {
    let [node, from] = [top, start]
    let width = this.#size / 2 ** (31 - Math.clz32(top))
    while (node < this.#size) {
      width /= 2
      const left = this.#longest[2 * node] ?? none
      const right = this.#longest[2 * node + 1] ?? none
      node = 2 * node + (right >= left ? 1 : 0)
      if (right >= left) from += width
    }
    return from
  }

  #lengthen(node: number, start: number, end: number, from: number, to: number): void {
    if (to < start || from > end) return
    if (from <= start && end <= to) {
      this.#longest[node] = (this.#longest[node] ?? none) + 1
      this.#added[node] = (this.#added[node] ?? 0) + 1
      return
    }
    const middle = (start + end) >> 1
    this.#lengthen(2 * node, start, middle, from, to)
    this.#lengthen(2 * node + 1, middle + 1, end, from, to)
    this.#settle(node)
  }

  #settle(node: number): void {
    const [left, right] = [this.#longest[2 * node] ?? none, this.#longest[2 * node + 1] ?? none]
    this.#longest[node] = Math.max(left, right) + (this.#added[node] ?? 0)
  }
}
