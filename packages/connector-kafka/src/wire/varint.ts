/** Kafka's variable-length integers: zigzag, seven bits a byte, for values of up to 31 bits. */

/** How many bytes `value` takes. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x200000) return 3
  return zigzag < 0x10000000 ? 4 : 5
}

/** Writes `value` at `at`; the place after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  let next = at
  while (zigzag >= 0x80) {
    bytes[next] = (zigzag & 0x7f) | 0x80
    next += 1
    zigzag >>>= 7
  }
  bytes[next] = zigzag
  return next + 1
}

/** Reads integers one after the other. */
export class VarintReader {
  at: number
  readonly bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  /** @throws RangeError at the end of the bytes */
  int(): number {
    let shift = 0
    let zigzag = 0
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new RangeError('The records end too early.')
      this.at += 1
      zigzag |= (byte & 0x7f) << shift
      if (byte < 0x80) break
      shift += 7
    }
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  /** One of up to 64 bits, as a number: exact up to 2^53. */
  long(): number {
    // Nearly all of them are short, and then the machine's integers do.
    for (let ahead = 0; ahead < 4; ahead += 1)
      if ((this.bytes[this.at + ahead] ?? 0) < 0x80) return this.int()
    let zigzag = 0n
    let shift = 0n
    for (let byte = 0x80; byte >= 0x80; shift += 7n) {
      byte = this.bytes[this.at] ?? 0
      this.at += 1
      zigzag |= BigInt(byte & 0x7f) << shift
    }
    return Number((zigzag >> 1n) ^ -(zigzag & 1n))
  }

  /** Bytes after their length; undefined for null. */
  sized(): Buffer | undefined {
    const length = this.int()
    if (length < 0) return undefined
    const start = this.at
    this.at += length
    if (this.at > this.bytes.length) throw new RangeError('The records end too early.')
    return this.bytes.subarray(start, this.at)
  }
}
