const tooShort = 'The answer ends too early.'

/**
 * Reads an answer field by field, of a version with compact lengths and tagged fields. All of it throws a RangeError
 * where the answer ends too early.
 *
 * @see https://kafka.apache.org/protocol#protocol_messages
 */
export class Answer {
  readonly #bytes: Buffer
  #at: number

  /** @param at where to begin */
  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#past(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#past(4))
  }

  /** A whole number of 64 bits: exact up to 2^53 either way. */
  int64(): number {
    const at = this.#past(8)
    return this.#bytes.readInt32BE(at) * 0x1_0000_0000 + this.#bytes.readUInt32BE(at + 4)
  }

  /** One that is no number but a name. */
  bigint64(): bigint {
    return this.#bytes.readBigInt64BE(this.#past(8))
  }

  /** A length, a count or a tag, of up to 31 bits. */
  unsigned(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#past(1)] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new RangeError('A length in the answer is too long.')
  }

  /** How many things follow; 0 where there is no list. */
  list(): number {
    return Math.max(0, this.unsigned() - 1)
  }

  text(): string | undefined {
    return this.bytes()?.toString()
  }

  /** 32 hex digits. */
  uuid(): string {
    const at = this.#past(16)
    return this.#bytes.toString('hex', at, at + 16)
  }

  /** A part of the answer's own memory. */
  bytes(): Buffer | undefined {
    const length = this.unsigned() - 1
    if (length < 0) return undefined
    const at = this.#past(length)
    return this.#bytes.subarray(at, at + length)
  }

  skipBytes(): this {
    return this.skip(this.list())
  }

  skip(count: number): this {
    this.#past(count)
    return this
  }

  /** What newer brokers may say beside what was asked. */
  skipTags(): this {
    for (let left = this.unsigned(); left > 0; left -= 1) {
      this.unsigned()
      this.skip(this.unsigned())
    }
    return this
  }

  #past(count: number): number {
    const at = this.#at
    if (at + count > this.#bytes.length) throw new RangeError(tooShort)
    this.#at = at + count
    return at
  }
}
