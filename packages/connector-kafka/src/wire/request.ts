/** Bytes up to this many are copied into the request; larger ones go out as they are. */
const copiedBytes = 16_384
/** How much of a request's own buffer these bytes take. */
export const roomFor = (value: Buffer): number => (value.length <= copiedBytes ? value.length : 0)
/** Where the correlation id stands: after the length, the API's key and its version. */
const idAt = 8

/** One kind of request in one version. */
export interface Api {
  readonly key: number
  readonly version: number
}

/**
 * A request as it goes over the wire, of a version with compact lengths and tagged fields: its header, and then what is
 * appended. In one buffer, because a buffer for each field costs more than all the rest of sending it; only large
 * batches stay where they are.
 *
 * @see https://kafka.apache.org/protocol#protocol_messages
 */
export class Request {
  readonly api: Api
  readonly #done: Buffer[] = []
  #bytes: Buffer
  /** Where what is not yet among the finished pieces begins. */
  #from = 0
  #at = 0
  #length = 0

  /** @param expectedBytes about how long it will be; more is no error */
  constructor(api: Api, clientId: string, expectedBytes = 512) {
    this.api = api
    this.#bytes = Buffer.allocUnsafe(expectedBytes)
    // The length and the correlation id, which are known when it is sent.
    this.int32(0).int16(api.key).int16(api.version).int32(0)
    this.int16(Buffer.byteLength(clientId)).#utf8(clientId).noTags()
  }

  int8(value: number): this {
    const at = this.#room(1)
    this.#bytes.writeInt8(value, at)
    return this
  }

  int16(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeInt16BE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeInt32BE(value, at)
    return this
  }

  /** A whole number of 64 bits: exact up to 2^53 either way. */
  int64(value: number): this {
    const at = this.#room(8)
    const high = Math.floor(value / 0x1_0000_0000)
    this.#bytes.writeInt32BE(high, at)
    this.#bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4)
    return this
  }

  /** A length, a count or a tag: seven bits a byte. */
  unsigned(value: number): this {
    let left = value
    for (; left >= 0x80; left >>>= 7) this.#byte((left & 0x7f) | 0x80)
    return this.#byte(left)
  }

  /** Nothing, where a text, a list or bytes could be. */
  nothing(): this {
    return this.unsigned(0)
  }

  /** So many things follow. */
  list(count: number): this {
    return this.unsigned(count + 1)
  }

  noTags(): this {
    return this.unsigned(0)
  }

  text(value: string): this {
    return this.unsigned(Buffer.byteLength(value) + 1).#utf8(value)
  }

  /** @param hex 32 digits */
  uuid(hex: string): this {
    const at = this.#room(16)
    if (this.#bytes.write(hex, at, 16, 'hex') !== 16) throw new RangeError(`Not an id of 32 digits: ${hex}`)
    return this
  }

  bytes(value: Buffer): this {
    this.unsigned(value.length + 1)
    if (roomFor(value) === value.length) {
      const at = this.#room(value.length)
      value.copy(this.#bytes, at)
      return this
    }
    this.#finish()
    this.#done.push(value)
    this.#length += value.length
    return this
  }

  /** The pieces to send, one after the other. */
  pieces(correlationId: number): readonly Buffer[] {
    this.#finish()
    const [head] = this.#done
    head?.writeInt32BE(this.#length - 4, 0)
    head?.writeInt32BE(correlationId, idAt)
    return this.#done
  }

  #byte(value: number): this {
    // First of all, because making room may make another buffer.
    const at = this.#room(1)
    this.#bytes[at] = value
    return this
  }

  #utf8(value: string): this {
    const length = Buffer.byteLength(value)
    const at = this.#room(length)
    this.#bytes.write(value, at, length)
    return this
  }

  /** Where the next `count` bytes go. */
  #room(count: number): number {
    if (this.#at + count > this.#bytes.length) {
      const begun = this.#bytes.subarray(this.#from, this.#at)
      this.#bytes = Buffer.allocUnsafe(2 * (begun.length + count))
      begun.copy(this.#bytes)
      this.#at = begun.length
      this.#from = 0
    }
    const at = this.#at
    this.#at += count
    return at
  }

  #finish(): void {
    if (this.#at === this.#from) return
    this.#done.push(this.#bytes.subarray(this.#from, this.#at))
    this.#length += this.#at - this.#from
    this.#from = this.#at
  }
}
