/** Remembers the latest ids, at most so many, to know one that comes again. */
export class RecentIds {
  readonly #most: number
  // Two generations: forgetting is dropping the older one, not a deletion for each id.
  #young = new Set<string>()
  #old = new Set<string>()

  /** @param most at least so many are remembered, at most twice as many */
  constructor(most: number) {
    this.#most = most
  }

  /** False when it is known already. */
  add(id: string): boolean {
    if (this.#young.has(id)) return false
    const isNew = !this.#old.has(id)
    this.#young.add(id)
    if (this.#young.size >= this.#most) {
      this.#old = this.#young
      this.#young = new Set()
    }
    return isNew
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
