import type { Message } from '@andon/core/connector'
import { compressionsAlgorithms, crc32c } from '@platformatic/kafka'
import { idHeader } from './headers.js'
import { varintSize, writeVarint } from './varint.js'

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

export interface BatchStamp {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Counts the partition's messages by this producer, so that the broker takes each batch once. */
  readonly firstSequence: number
  readonly compression: Compression
  /** Epoch ms. */
  readonly now: number
}

/** Before the records: offset, length, leader epoch, magic, checksum and what the checksum covers of the head. */
const headLength = 61
const checkedFrom = 21

interface Sized {
  readonly record: number
  readonly key: number
  readonly headers: number
}

const textSize = (text: string): number => {
  const length = Buffer.byteLength(text)
  return varintSize(length) + length
}

/** How long a message is in a batch, its own length left out. */
function sizeOf(message: Message, index: number): Sized {
  const key = Buffer.byteLength(message.key)
  let count = 1
  let texts = textSize(idHeader) + textSize(message.id)
  if (message.headers !== undefined) {
    for (const name in message.headers) {
      count += 1
      texts += textSize(name) + textSize(message.headers[name] ?? '')
    }
  }
  const { length } = message.body
  // One byte for the attributes and one for the timestamp's distance, which is 0.
  const record =
    2 + varintSize(index) + varintSize(key) + key + varintSize(length) + length + varintSize(count) + texts
  return { record, key, headers: count }
}

function writeText(bytes: Buffer, at: number, text: string): number {
  // Most texts are ASCII, and then their length is known before they are written.
  const length = Buffer.byteLength(text)
  const start = writeVarint(bytes, at, length)
  return start + bytes.write(text, start, length)
}

function writeRecord(bytes: Buffer, from: number, message: Message, index: number, size: Sized): number {
  let at = writeVarint(bytes, from, size.record)
  bytes[at] = 0
  bytes[at + 1] = 0
  at = writeVarint(bytes, at + 2, index)
  at = writeVarint(bytes, at, size.key)
  at += bytes.write(message.key, at, size.key)
  at = writeVarint(bytes, at, message.body.length)
  bytes.set(message.body, at)
  at = writeVarint(bytes, at + message.body.length, size.headers)
  at = writeText(bytes, writeText(bytes, at, idHeader), message.id)
  if (message.headers !== undefined) {
    for (const name in message.headers) {
      at = writeText(bytes, writeText(bytes, at, name), message.headers[name] ?? '')
    }
  }
  return at
}

/**
 * Messages of one partition as one record batch.
 *
 * Written in one piece, because a buffer for each field costs more than all the rest of sending it.
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeBatch(messages: readonly Message[], stamp: BatchStamp): Buffer {
  const sizes = messages.map(sizeOf)
  const total = sizes.reduce((sum, { record }) => sum + varintSize(record) + record, headLength)
  let bytes = Buffer.allocUnsafe(total)
  let at = headLength
  for (const [index, message] of messages.entries()) {
    const size = sizes[index]
    if (size !== undefined) at = writeRecord(bytes, at, message, index, size)
  }
  const algorithm = stamp.compression === 'none' ? undefined : compressionsAlgorithms[stamp.compression]
  if (algorithm !== undefined) {
    const packed = algorithm.compressSync(bytes.subarray(headLength))
    bytes = Buffer.concat([bytes.subarray(0, headLength), packed])
  }
  const now = BigInt(stamp.now)
  bytes.writeBigInt64BE(0n, 0)
  bytes.writeInt32BE(bytes.length - 12, 8)
  bytes.writeInt32BE(-1, 12)
  bytes.writeInt8(2, 16)
  bytes.writeInt16BE(algorithm?.bitmask ?? 0, 21)
  bytes.writeInt32BE(messages.length - 1, 23)
  bytes.writeBigInt64BE(now, 27)
  bytes.writeBigInt64BE(now, 35)
  bytes.writeBigInt64BE(stamp.producerId, 43)
  bytes.writeInt16BE(stamp.producerEpoch, 51)
  bytes.writeInt32BE(stamp.firstSequence, 53)
  bytes.writeInt32BE(messages.length, 57)
  bytes.writeUInt32BE(crc32c(bytes.subarray(checkedFrom)), 17)
  return bytes
}
