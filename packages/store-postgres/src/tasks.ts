/** What is under way: whoever closes the store waits for it. */
export class Tasks {
  readonly #running = new Set<Promise<unknown>>()

  /** The task itself, whose end is waited for whether it succeeds or not. */
  track<T>(task: Promise<T>): Promise<T> {
    const end: Promise<unknown> = task
      .catch(() => undefined)
      .then(() => {
        this.#running.delete(end)
      })
    this.#running.add(end)
    return task
  }

  /** Resolves when nothing is under way, also nothing that was begun meanwhile. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
