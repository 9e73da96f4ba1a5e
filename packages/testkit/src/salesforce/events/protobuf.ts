import { byteWriter } from './byte-writer.js'

/** A field of a protobuf message by its number. */
export type WireValue = string | Uint8Array | number | bigint | boolean

/**
 * A message in the protobuf encoding: number → value, a list for a repeated field. Numbers are varints, texts and
 * bytes are length-delimited; a message inside is its bytes. Defaults may be left out by the caller.
 */
export function encodeMessage(fields: readonly (readonly [number, WireValue])[]): Buffer {
  const out = byteWriter()
  for (const [number, value] of fields) {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value
      out.varint((number << 3) | 2)
      out.varint(bytes.length)
      out.bytes(bytes)
    } else {
      out.varint(number << 3)
      out.varint(typeof value === 'boolean' ? Number(value) : value)
    }
  }
  return out.done()
}

/** What came in a message: number → the last value, as protobuf has it for fields that are not repeated. */
export interface DecodedMessage {
  text(number: number): string
  bytes(number: number): Buffer | undefined
  /** As int32 and enums are read. */
  int(number: number): number
  has(number: number): boolean
}

/** @throws RangeError for what is no message */
export function decodeMessage(buffer: Buffer): DecodedMessage {
  const varints = new Map<number, bigint>()
  const chunks = new Map<number, Buffer>()
  let at = 0

  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = buffer[at++]
      if (byte === undefined) throw new RangeError('the message ends in the middle of a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number is longer than 10 bytes')
  }
  const skip = (bytes: number): Buffer => {
    const chunk = buffer.subarray(at, at + bytes)
    if (chunk.length < bytes) throw new RangeError('the message ends in the middle of a field')
    at += bytes
    return chunk
  }

  while (at < buffer.length) {
    const key = Number(varint())
    const number = key >>> 3
    const type = key & 7
    if (type === 0) varints.set(number, varint())
    else if (type === 2) chunks.set(number, skip(Number(varint())))
    else if (type === 1) skip(8)
    else if (type === 5) skip(4)
    else throw new RangeError(`wire type ${type} is not known`)
  }
  return {
    text: (number) => chunks.get(number)?.toString('utf8') ?? '',
    bytes: (number) => chunks.get(number),
    int: (number) => Number(BigInt.asIntN(32, varints.get(number) ?? 0n)),
    has: (number) => varints.has(number) || chunks.has(number),
  }
}
