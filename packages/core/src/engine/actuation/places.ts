/** Places of a lane that are kept for actions which begin elsewhere: each is in flight until it is given back. */
export class Places {
  readonly #inFlight: Set<Promise<void>>
  readonly #kept = new Map<string, () => void>()

  /** @param inFlight what the lane has under way */
  constructor(inFlight: Set<Promise<void>>) {
    this.#inFlight = inFlight
  }

  get count(): number {
    return this.#kept.size
  }

  has(id: string): boolean {
    return this.#kept.has(id)
  }

  keep(id: string): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#inFlight.add(promise)
    this.#kept.set(id, () => {
      this.#inFlight.delete(promise)
      resolve()
    })
  }

  giveBack(id: string): void {
    this.#kept.get(id)?.()
    this.#kept.delete(id)
  }
}
