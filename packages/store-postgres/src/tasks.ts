/**
 * What is under way: whoever closes the store waits for it. It is counted, not kept: a set through which thousands of
 * promises pass grows a new table again and again, each table is found from the one before it, and so all that was in
 * them lives until the next full garbage collection.
 */
export class Tasks {
  #running = 0
  #idle: PromiseWithResolvers<void> | undefined

  /** The task itself, whose end is waited for whether it succeeds or not. */
  track<T>(task: Promise<T>): Promise<T> {
    this.#running++
    const ended = (): void => {
      this.#running--
      if (this.#running > 0) return
      this.#idle?.resolve()
      this.#idle = undefined
    }
    task.then(ended, ended)
    return task
  }

  /** Resolves when nothing is under way, also nothing that was begun meanwhile. */
  async settle(): Promise<void> {
    while (this.#running > 0) {
      this.#idle ??= Promise.withResolvers()
      await this.#idle.promise
    }
  }
}
