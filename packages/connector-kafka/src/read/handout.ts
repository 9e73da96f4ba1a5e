import type { Batch, LoggedMessage, Message } from '@andon/core/connector'

/** A batch that was handed out: done when it was committed. */
interface Handed {
  readonly end: number
  done: boolean
}

/**
 * What of a partition was handed out and is not committed yet. A position is committed when everything before it is, in
 * whatever order the batches are done.
 */
export class Handout {
  readonly #commit: (position: number) => Promise<void>
  readonly #batches: Handed[] = []
  #end = 0
  #done = 0
  #committed = 0
  readonly #idle: (() => void)[] = []

  /** @param commit tells the broker how far the group is */
  constructor(commit: (position: number) => Promise<void>) {
    this.#commit = commit
  }

  /** The position after the last message that was handed out. */
  get end(): number {
    return this.#end
  }

  batch(messages: readonly LoggedMessage[]): Batch<Message> {
    const handed: Handed = { end: (messages.at(-1)?.position ?? -1) + 1, done: false }
    this.#batches.push(handed)
    this.#end = handed.end
    return {
      items: messages,
      commit: async () => {
        handed.done = true
        for (let first = this.#batches[0]; first?.done === true; first = this.#batches[0]) {
          this.#done = first.end
          this.#batches.shift()
        }
        // Said again until the broker has heard it: a commit that failed is not forgotten by the next one.
        const end = this.#done
        if (end > this.#committed) await this.#commit(end)
        this.#committed = Math.max(this.#committed, end)
        if (this.#batches.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
      },
    }
  }

  /** Resolves when all that was handed out is committed. */
  async idle(): Promise<void> {
    if (this.#batches.length === 0 && this.#committed >= this.#done) return
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve)
    })
  }
}
