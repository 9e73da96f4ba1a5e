/** Before each frame stands its length. */
export const lengthBytes = 4
/** Nobody sends less than a correlation id, and nobody this much: read as a length, it is how TLS begins. */
const leastBytes = 4
const tooManyBytes = 0x1400_0000

/** Splits what a connection receives, in whatever pieces it comes, into frames. */
export class Frames {
  readonly #take: (frame: Buffer) => void
  /** The length of the next frame, of which not all is here. */
  readonly #head = Buffer.alloc(lengthBytes)
  #headFilled = 0
  /** A frame that comes in pieces: made in its full length, so that each piece is copied once. */
  #frame: Buffer | undefined
  #filled = 0

  /** @param take is given each frame when it is whole, with its length before it */
  constructor(take: (frame: Buffer) => void) {
    this.#take = take
  }

  /** @throws Error when the sender does not speak Kafka */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      const end = this.#frame === undefined ? this.#endOf(chunk, at) : Number.POSITIVE_INFINITY
      if (end <= chunk.length) {
        this.#take(chunk.subarray(at, end))
        at = end
      } else {
        at = this.#keep(chunk, at)
      }
    }
  }

  /** Where the frame ends that begins here; beyond the chunk when that is not to be seen. */
  #endOf(chunk: Buffer, at: number): number {
    if (this.#headFilled > 0 || chunk.length - at < lengthBytes) return Number.POSITIVE_INFINITY
    return at + lengthBytes + lengthIn(chunk, at)
  }

  /** Keeps what belongs to the frame that is not whole yet; the place after that. */
  #keep(chunk: Buffer, from: number): number {
    let at = from
    if (this.#frame === undefined) {
      const copied = chunk.copy(this.#head, this.#headFilled, at)
      at += copied
      this.#headFilled += copied
      if (this.#headFilled < lengthBytes) return at
      this.#frame = Buffer.allocUnsafeSlow(lengthBytes + lengthIn(this.#head, 0))
      this.#filled = this.#head.copy(this.#frame)
      this.#headFilled = 0
    }
    const frame = this.#frame
    const copied = chunk.copy(frame, this.#filled, at)
    this.#filled += copied
    if (this.#filled === frame.length) {
      this.#frame = undefined
      this.#take(frame)
    }
    return at + copied
  }
}

function lengthIn(bytes: Buffer, at: number): number {
  const length = bytes.readInt32BE(at)
  if (length >= leastBytes && length < tooManyBytes) return length
  throw new Error(isTls(bytes, at) ? 'Broker requires TLS.' : 'What answers there does not speak Kafka.')
}

/** A record of TLS, whatever it is about: we did not ask for it, so that is all the broker speaks. */
function isTls(bytes: Buffer, at: number): boolean {
  const kind = bytes[at] ?? 0
  return kind >= 0x14 && kind <= 0x17 && bytes[at + 1] === 3
}
