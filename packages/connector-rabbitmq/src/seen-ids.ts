/** The latest ids, so many at most: the oldest are forgotten first. */
export class SeenIds {
  readonly #ids = new Set<string>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  add(id: string): void {
    if (this.#limit === 0) return
    this.#ids.add(id)
    if (this.#ids.size <= this.#limit) return
    // Not one by one: a set that is emptied from its front takes longer each time to find it.
    let forgotten = Math.ceil(this.#limit / 10)
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest)
      forgotten -= 1
      if (forgotten <= 0) return
    }
  }
}
