import type { Message } from '@andon/core/connector'
import { roughSize } from './rough-size.js'

/** One call of publish or append: settled when all its pieces are. */
export interface Order {
  readonly deadline: number
  /** Pieces that are not written yet. */
  left: number
  settled: boolean
  resolve(): void
  reject(error: unknown): void
}

/** What one order has for one partition; whole, or a part of it where it is large. */
export interface Piece {
  readonly messages: readonly Message[]
  readonly bytes: number
  readonly order: Order
}

/** Who we are to the broker: together with a count it makes each batch be taken once. */
export interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** The pieces that go together. */
export interface LineBatch {
  readonly pieces: readonly Piece[]
  readonly messages: readonly Message[]
  /** As it was sent, so that a second try is the same to the letter. */
  encoded?: { readonly identity: Identity; readonly bytes: Buffer }
}

/** What waits for one partition. At most one batch of it is on its way: only so its order survives a failure. */
export class Line {
  readonly topic: string
  readonly partition: number
  readonly #pieces: Piece[] = []
  /** What was tried and may be tried again, before anything else. */
  #batch: LineBatch | undefined
  inFlight = false
  /** Whether it stands among those that may have something to get. */
  isListed = false
  /** Messages that the broker has taken from this identity. */
  sequence = 0
  identity: Identity | undefined
  /** Whether the broker may have more of this identity than we count. */
  doubtful = false
  tries = 0
  /** Not tried before this instant of the monotonic clock (ms). */
  notBefore = 0
  /** The most messages in a batch: less than all after the broker found one too large. */
  most = Number.POSITIVE_INFINITY

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get waits(): boolean {
    return this.#batch !== undefined || this.#pieces.length > 0
  }

  add(piece: Piece): void {
    this.#pieces.push(piece)
  }

  /** The batch to send now, at most `maxBytes` of it; undefined when nobody waits any more. */
  batch(maxBytes: number): LineBatch | undefined {
    if (this.#batch !== undefined) {
      const still = this.#batch.pieces.filter(({ order }) => !order.settled)
      if (still.length === this.#batch.pieces.length) return this.#batch
      // Something was given up. Whether the broker has it is not known: the rest must not pass for the same batch.
      this.#pieces.unshift(...still)
      this.#batch = undefined
      this.doubtful = true
    }
    const pieces: Piece[] = []
    let bytes = 0
    let count = 0
    for (let next = this.#pieces[0]; next !== undefined; next = this.#pieces[0]) {
      const fits = bytes + next.bytes <= maxBytes && count + next.messages.length <= this.most
      if (!next.order.settled && !fits && pieces.length > 0) break
      this.#pieces.shift()
      if (next.order.settled) continue
      pieces.push(next)
      bytes += next.bytes
      count += next.messages.length
    }
    if (pieces.length === 0) return undefined
    const [first] = pieces
    const messages = pieces.length === 1 && first ? first.messages : pieces.flatMap((piece) => piece.messages)
    this.#batch = { pieces, messages }
    return this.#batch
  }

  /** The batch is with the broker. */
  written(): void {
    const batch = this.#take()
    this.sequence = (this.sequence + (batch?.messages.length ?? 0)) & 0x7fffffff
    this.most *= 2
    for (const { order } of batch?.pieces ?? []) {
      order.left -= 1
      if (order.left === 0) order.resolve()
    }
  }

  /** The broker will never take it. */
  refused(error: unknown): void {
    for (const { order } of this.#take()?.pieces ?? []) order.reject(error)
  }

  /** Nothing of what waits here will ever be taken. */
  refusedAll(error: unknown): void {
    this.refused(error)
    for (const { order } of this.#pieces.splice(0)) order.reject(error)
  }

  /** Takes the batch apart, so that the next ones are half as large; false when it is one message. */
  halve(): boolean {
    const batch = this.#batch
    if (batch === undefined || batch.messages.length < 2) return false
    this.#take()
    this.most = Math.max(1, Math.floor(batch.messages.length / 2))
    this.#pieces.unshift(...batch.pieces.flatMap((piece) => this.#parts(piece)))
    return true
  }

  #parts(piece: Piece): readonly Piece[] {
    if (piece.messages.length <= this.most) return [piece]
    return cut(piece.messages, { count: this.most, bytes: Number.POSITIVE_INFINITY }, piece.order, 1)
  }

  #take(): LineBatch | undefined {
    const batch = this.#batch
    this.#batch = undefined
    this.tries = 0
    this.notBefore = 0
    return batch
  }
}

/**
 * Messages as pieces within limits, in their order.
 *
 * @param counted how many pieces of these the order counts already
 */
export function cut(
  messages: readonly Message[],
  limit: { readonly count: number; readonly bytes: number },
  order: Order,
  counted = 0,
): readonly Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let bytes = 0
  for (const [index, message] of messages.entries()) {
    const size = roughSize(message)
    if (index > start && (bytes + size > limit.bytes || index - start >= limit.count)) {
      pieces.push({ messages: messages.slice(start, index), bytes, order })
      start = index
      bytes = 0
    }
    bytes += size
  }
  if (start < messages.length) {
    pieces.push({ messages: start === 0 ? messages : messages.slice(start), bytes, order })
  }
  order.left += pieces.length - counted
  return pieces
}
