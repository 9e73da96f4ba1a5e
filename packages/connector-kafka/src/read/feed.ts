import type { LoggedMessage } from '@andon/core/connector'
import type { Bell } from '../bell.js'
import { type Chunk, extentOf, RecordCursor } from '../wire/decode-records.js'

interface Buffered {
  readonly cursor: RecordCursor
  readonly bytes: number
}

/** What one reader of one partition has been sent and has not asked for yet: packed, and only so much. */
export class Feed {
  readonly topic: string
  readonly partition: number
  readonly #limitBytes: number
  readonly #chunks: Buffered[] = []
  #bytes = 0
  #failure: unknown
  #ended = false
  readonly #bell: Bell
  /** The offset to ask for next. */
  next: number
  /** Whether a request for it is on its way. */
  asked = false
  /** Failures in a row. */
  tries = 0
  /** Not asked for before this instant of the monotonic clock (ms). */
  notBefore = 0

  /**
   * @param limitBytes with this much waiting, nothing more is asked for
   * @param bell rings when there is something to take, or never will be
   */
  constructor(topic: string, partition: number, from: number, limitBytes: number, bell: Bell) {
    this.topic = topic
    this.partition = partition
    this.next = from
    this.#limitBytes = limitBytes
    this.#bell = bell
  }

  get hungry(): boolean {
    return !this.#ended && !this.asked && this.#failure === undefined && this.#bytes < this.#limitBytes
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Returns how many messages came with it. */
  push(chunk: Chunk): number {
    const { next, records } = extentOf(chunk.bytes)
    if (this.#ended || next === undefined || next <= this.next) return 0
    const cursor = new RecordCursor(this.topic, this.partition, this.next, chunk)
    this.next = next
    this.#bytes += chunk.bytes.length
    this.#chunks.push({ cursor, bytes: chunk.bytes.length })
    this.#bell.ring()
    return records
  }

  /**
   * Up to `limit` messages, none when nothing is here.
   *
   * @throws what it failed with, after what came before
   */
  take(limit: number): readonly LoggedMessage[] {
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      const messages = first.cursor.next(limit)
      if (messages.length > 0) return messages
      this.#chunks.shift()
      this.#bytes -= first.bytes
    }
    if (this.#failure !== undefined && !this.#ended) throw this.#failure
    return []
  }

  fail(error: unknown): void {
    this.#failure ??= error
    this.#bell.ring()
  }

  /** Nothing more is wanted; what waits here is dropped. */
  end(): void {
    this.#ended = true
    this.#chunks.length = 0
    this.#bell.ring()
  }
}
