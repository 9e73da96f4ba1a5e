import type { LoggedMessage } from '../../connector/partitioned-bus.js'
import type { JournalFeedback } from '../../connector/store.js'
import { sealed } from '../../feedback/raw.js'
import { entryOf } from './read-messages.js'

/** A feedback that was just written into its lane, with the message that it came in. */
export interface WrittenMessage {
  readonly feedbackId: string
  readonly offset: number
  readonly at: number
  readonly message: Pick<LoggedMessage, 'body' | 'headers'>
}

/** What is kept of it; its bytes stand in the ring from `from` on, counted over all that were ever written. */
interface Kept extends Omit<WrittenMessage, 'message'> {
  readonly headers: LoggedMessage['headers']
  readonly from: number
  readonly length: number
}

/** Of each lane; more is in the store. */
const mostEntries = 1024
const mostBytes = 2 ** 20

/**
 * The newest feedback of a lane, so that what has just been written need not be asked back. Only a cache. It keeps
 * bytes, in one ring, and reads them again for the few that a finding quotes: records that live for some seconds would
 * all be moved to the old generation, and the garbage collector would stop the loop for them.
 */
export class RecentFeedback {
  /** By offset, in a ring. */
  readonly #kept: (Kept | undefined)[] = []
  #bytes = Buffer.alloc(0)
  #end = 0

  add({ feedbackId, offset, at, message: { body, headers } }: WrittenMessage): void {
    const { length } = body
    if (length > mostBytes) return
    if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(mostBytes)
    // In one piece: what does not fit before the end begins at the start.
    const room = mostBytes - (this.#end % mostBytes)
    const from = length <= room ? this.#end : this.#end + room
    this.#bytes.set(body, from % mostBytes)
    this.#end = from + length
    this.#kept[offset % mostEntries] = { feedbackId, offset, at, headers, from, length }
  }

  /** As the journal has it; undefined when it is not among the newest. */
  find(feedbackId: string): JournalFeedback | undefined {
    return this.#entryOf(this.#kept.find((kept) => kept?.feedbackId === feedbackId))
  }

  at(offset: number): JournalFeedback | undefined {
    const kept = this.#kept[offset % mostEntries]
    return kept?.offset === offset ? this.#entryOf(kept) : undefined
  }

  #entryOf(kept: Kept | undefined): JournalFeedback | undefined {
    if (kept === undefined || this.#end - kept.from > mostBytes) return undefined
    const { offset, at, headers, length } = kept
    const start = kept.from % mostBytes
    const body = this.#bytes.subarray(start, start + length)
    const read = entryOf({ body, ...(headers === undefined ? {} : { headers }) })
    if (!('entry' in read)) return undefined
    const { feedback, raw } = read.entry
    return { kind: 'feedback', offset, at, feedback, raw: sealed(raw) }
  }
}
