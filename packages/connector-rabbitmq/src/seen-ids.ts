/** The latest ids, so many at most: the oldest is forgotten first. */
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
    this.#ids.delete(id)
    this.#ids.add(id)
    if (this.#ids.size <= this.#limit) return
    const [oldest] = this.#ids
    if (oldest !== undefined) this.#ids.delete(oldest)
  }

  delete(id: string): void {
    this.#ids.delete(id)
  }
}
