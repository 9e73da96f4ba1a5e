import type { JournalFeedback, NewEntry } from '../../connector/store.js'
import { sealed } from '../../feedback/raw.js'

/** A feedback that was just written into its lane. */
export interface WrittenFeedback extends NewEntry {
  readonly offset: number
  readonly at: number
}

/** Of each lane: more would be a burden to the garbage collector, and is in the store. */
const most = 1024

/** The newest feedback of a lane, so that what has just been written need not be asked back. Only a cache. */
export class RecentFeedback {
  /** Oldest first. */
  readonly #byId = new Map<string, WrittenFeedback>()

  add(written: WrittenFeedback): void {
    this.#byId.set(written.feedback.feedbackId, written)
    if (this.#byId.size <= most) return
    const [oldest] = this.#byId.keys()
    if (oldest !== undefined) this.#byId.delete(oldest)
  }

  /** As the journal has it; undefined when it is not among the newest. */
  find(feedbackId: string): JournalFeedback | undefined {
    const written = this.#byId.get(feedbackId)
    if (written === undefined) return undefined
    const { feedback, raw, offset, at } = written
    return { kind: 'feedback', offset, at, feedback, raw: sealed(raw) }
  }
}
