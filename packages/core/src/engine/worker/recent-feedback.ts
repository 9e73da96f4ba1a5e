import type { JournalFeedback } from '../../connector/store.js'
import { sealed } from '../../feedback/raw.js'
import { hashOfText } from '../../rule/runtime/memory/hash.js'
import { entryOf } from './read-messages.js'
import { streamMessage } from './stream-message.js'

/** A feedback that was just written into its lane, with the bytes that it came in. */
export interface WrittenFeedback {
  readonly feedbackId: string
  readonly offset: number
  readonly at: number
  readonly record: Uint8Array
  readonly payload: Uint8Array
  readonly isBase64: boolean
}

/** Of each lane; more is in the store. */
const mostEntries = 1024
const mostBytes = 2 ** 20

/**
 * The newest feedback of a lane, so that what has just been written need not be asked back. Only a cache. It keeps
 * bytes and numbers, and reads again the few that a finding quotes: records that live for some seconds would all be
 * moved to the old generation, and the garbage collector would stop the loop for them.
 */
export class RecentFeedback {
  // One place for each of the newest offsets.
  readonly #offsets = new Float64Array(mostEntries)
  readonly #ats = new Float64Array(mostEntries)
  /** Of the ids: two of one hash are told apart by reading them. */
  readonly #hashes = new Uint32Array(mostEntries)
  /** Where its bytes begin, counted over all that were ever written. */
  readonly #starts = new Float64Array(mostEntries)
  readonly #recordBytes = new Int32Array(mostEntries)
  readonly #payloadBytes = new Int32Array(mostEntries)
  readonly #isBase64 = new Uint8Array(mostEntries)
  #bytes = Buffer.alloc(0)
  #end = 0

  add({ feedbackId, offset, at, record, payload, isBase64 }: WrittenFeedback): void {
    const length = record.length + payload.length
    if (length > mostBytes) return
    if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(mostBytes)
    // In one piece: what does not fit before the end begins at the start.
    const room = mostBytes - (this.#end % mostBytes)
    const start = length <= room ? this.#end : this.#end + room
    this.#bytes.set(record, start % mostBytes)
    this.#bytes.set(payload, (start % mostBytes) + record.length)
    this.#end = start + length
    const place = offset % mostEntries
    this.#offsets[place] = offset
    this.#ats[place] = at
    this.#hashes[place] = hashOfText(feedbackId)
    this.#starts[place] = start
    this.#recordBytes[place] = record.length
    this.#payloadBytes[place] = payload.length
    this.#isBase64[place] = Number(isBase64)
  }

  /** As the journal has it; undefined when it is not among the newest. */
  find(feedbackId: string): JournalFeedback | undefined {
    const hash = hashOfText(feedbackId)
    for (let place = this.#hashes.indexOf(hash); place >= 0; place = this.#hashes.indexOf(hash, place + 1)) {
      const entry = this.#entryAt(place)
      if (entry?.feedback.feedbackId === feedbackId) return entry
    }
    return undefined
  }

  at(offset: number): JournalFeedback | undefined {
    const place = offset % mostEntries
    return this.#offsets[place] === offset ? this.#entryAt(place) : undefined
  }

  #entryAt(place: number): JournalFeedback | undefined {
    const start = this.#starts[place] ?? 0
    const recordBytes = this.#recordBytes[place] ?? 0
    // Offsets begin with 1; and what has been written over is gone.
    const offset = this.#offsets[place] ?? 0
    if (offset === 0 || this.#end - start > mostBytes) return undefined
    const from = start % mostBytes
    const body = this.#bytes.subarray(from, from + recordBytes + (this.#payloadBytes[place] ?? 0))
    const at = this.#ats[place] ?? 0
    const framed = { id: '', key: '', at, body, recordBytes, traceparent: undefined }
    const read = entryOf(streamMessage({ ...framed, isBase64: this.#isBase64[place] === 1 }))
    if (!('entry' in read)) return undefined
    const { feedback, raw } = read.entry
    return { kind: 'feedback', offset, at, feedback, raw: sealed(raw) }
  }
}
