/** A thing to be looked at when its time has come. */
export interface Timed {
  readonly due: number
  /** Ties are broken by this number, then by this text, so that order never depends on insertion. */
  readonly order: number
  readonly key: string
}

/** A binary heap, earliest first. */
export class TimerQueue<T extends Timed> {
  readonly #heap: T[] = []

  get size(): number {
    return this.#heap.length
  }

  peek(): T | undefined {
    return this.#heap[0]
  }

  push(item: T): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !before(item, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = item
  }

  pop(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [a, b] = [heap[left], heap[left + 1]]
      if (a === undefined) break
      const [child, index] = b !== undefined && before(b, a) ? [b, left + 1] : [a, left]
      if (!before(child, last)) break
      heap[at] = child
      at = index
    }
    heap[at] = last
    return first
  }
}

function before(a: Timed, b: Timed): boolean {
  if (a.due !== b.due) return a.due < b.due
  return a.order < b.order || (a.order === b.order && a.key < b.key)
}
