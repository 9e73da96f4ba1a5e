import type { LoggedMessage } from '@andon/core/connector'
import { compressionsAlgorithmsByBitmask, crc32c } from '@platformatic/kafka'
import { idHeader } from './headers.js'
import { VarintReader } from './varint.js'

/** Transactions that were rolled back, as the broker names them: by producer, from an offset on. */
export interface Aborted {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** Record batches of one partition as they came from the broker. */
export interface Chunk {
  readonly bytes: Buffer
  readonly aborted: readonly Aborted[]
}

const compressionMask = 0b111
const appendTimeFlag = 0b1000
const transactionFlag = 0b1_0000
const controlFlag = 0b10_0000
const headLength = 61
const checkedFrom = 21
/** Before what the batch's own length counts. */
const frameLength = 12

/** Whether a whole batch stands at `at`: the broker may cut the last one off. */
function wholeBatch(bytes: Buffer, at: number): boolean {
  return at + headLength <= bytes.length && at + frameLength + bytes.readInt32BE(at + 8) <= bytes.length
}

/** What is known of a chunk without looking into its records: the offset after it, and how many records it has. */
export function extentOf(bytes: Buffer): { readonly next: number | undefined; readonly records: number } {
  let next: number | undefined
  let records = 0
  for (let at = 0; wholeBatch(bytes, at); at += frameLength + bytes.readInt32BE(at + 8)) {
    next = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + 23) + 1
    records += bytes.readInt32BE(at + 57)
  }
  return { next, records }
}

interface OpenBatch {
  readonly reader: VarintReader
  readonly firstOffset: number
  readonly firstTimestamp: number
  /** Set where the broker stamps: then all records have it. */
  readonly appendTime: number | undefined
  left: number
}

/** A position of a message that came without an id of ours stands for it. */
const placeOf = (topic: string, partition: number, position: number): string =>
  `${topic}/${partition}/${position}`

/** Reads the messages of a chunk piece by piece: what nobody has asked for yet stays packed. */
export class RecordCursor {
  readonly #topic: string
  readonly #partition: number
  readonly #from: number
  readonly #bytes: Buffer
  readonly #aborted: Aborted[]
  readonly #abortedProducers = new Set<bigint>()
  #at = 0
  #batch: OpenBatch | undefined

  /** @param from messages before this position are left out: batches are not cut at positions */
  constructor(topic: string, partition: number, from: number, chunk: Chunk) {
    this.#topic = topic
    this.#partition = partition
    this.#from = from
    this.#bytes = chunk.bytes
    this.#aborted = [...chunk.aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset))
  }

  /**
   * Up to `limit` messages; none at the end of the chunk.
   *
   * @throws RangeError for what is not as it was written
   */
  next(limit: number): readonly LoggedMessage[] {
    const messages: LoggedMessage[] = []
    while (messages.length < limit) {
      const batch = this.#batch ?? this.#open()
      if (batch === undefined) return messages
      this.#batch = batch
      while (batch.left > 0 && messages.length < limit) {
        batch.left -= 1
        const message = this.#record(batch)
        if (message.position >= this.#from) messages.push(message)
      }
      if (batch.left === 0) this.#batch = undefined
    }
    return messages
  }

  /** The next batch that holds messages. */
  #open(): OpenBatch | undefined {
    const bytes = this.#bytes
    while (wholeBatch(bytes, this.#at)) {
      const start = this.#at
      this.#at = start + frameLength + bytes.readInt32BE(start + 8)
      const attributes = bytes.readInt16BE(start + 21)
      if (this.#skipped(start, attributes)) continue
      if (crc32c(bytes.subarray(start + checkedFrom, this.#at)) !== bytes.readUInt32BE(start + 17)) {
        throw new RangeError('A record batch does not match its checksum.')
      }
      const firstOffset = Number(bytes.readBigInt64BE(start))
      const packed = bytes.subarray(start + headLength, this.#at)
      const algorithm = compressionsAlgorithmsByBitmask[attributes & compressionMask]
      const records =
        algorithm === undefined || algorithm.bitmask === 0 ? packed : algorithm.decompressSync(packed)
      return {
        reader: new VarintReader(records, 0),
        firstOffset,
        firstTimestamp: Number(bytes.readBigInt64BE(start + 27)),
        appendTime:
          (attributes & appendTimeFlag) === 0 ? undefined : Number(bytes.readBigInt64BE(start + 35)),
        left: bytes.readInt32BE(start + 57),
      }
    }
    return undefined
  }

  /** Markers of transactions are no messages, and what was rolled back never happened. */
  #skipped(start: number, attributes: number): boolean {
    const bytes = this.#bytes
    if (attributes < transactionFlag) return false
    const producerId = bytes.readBigInt64BE(start + 43)
    const lastOffset = bytes.readBigInt64BE(start) + BigInt(bytes.readInt32BE(start + 23))
    for (
      let next = this.#aborted[0];
      next !== undefined && next.firstOffset <= lastOffset;
      next = this.#aborted[0]
    ) {
      this.#abortedProducers.add(next.producerId)
      this.#aborted.shift()
    }
    if ((attributes & controlFlag) === 0) {
      return (attributes & transactionFlag) !== 0 && this.#abortedProducers.has(producerId)
    }
    // Whatever the marker says, the transaction ends with it.
    this.#abortedProducers.delete(producerId)
    return true
  }

  #record(batch: OpenBatch): LoggedMessage {
    const { reader } = batch
    const length = reader.int()
    const end = reader.at + length
    reader.at += 1
    const timestampDelta = reader.long()
    const position = batch.firstOffset + reader.int()
    const key = reader.sized()
    const body = reader.sized()
    let id: string | undefined
    let headers: Record<string, string> | undefined
    for (let left = reader.int(); left > 0; left -= 1) {
      const name = reader.sized()?.toString() ?? ''
      const value = reader.sized()?.toString() ?? ''
      if (name === idHeader) {
        id = value
      } else {
        headers ??= {}
        // A header of that name would be lost otherwise, and worse.
        if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true })
        else headers[name] = value
      }
    }
    reader.at = end
    return {
      id: id ?? placeOf(this.#topic, this.#partition, position),
      key: key?.toString() ?? '',
      body: body ?? new Uint8Array(),
      position,
      at: batch.appendTime ?? batch.firstTimestamp + timestampDelta,
      ...(headers && { headers }),
    }
  }
}
