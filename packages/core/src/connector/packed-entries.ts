import type { FeedbackRecord, RawText } from '../feedback/schema.js'
import type { NewEntry } from './store.js'

/** How many texts identify one entry in `keys`. */
export const keysPerEntry = 4

/**
 * Entries on their way to a journal, as bytes. Texts are encoded once, where they are read, into one buffer
 * that threads hand over instead of copying.
 */
export interface PackedEntries {
  /** Tenant, channel, message id and feedback id of each entry: a flat JSON list, as one text crosses threads fastest. */
  readonly keys: string
  /** Record as JSON, payload, record, payload …, in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each record and each payload ends in `bytes`. */
  readonly ends: Uint32Array<ArrayBuffer>
  /** Indexes of entries whose payload is base64 of bytes that are no text. */
  readonly base64: ReadonlySet<number>
}

const expectedBytes = 3072
/** A UTF-16 unit is three bytes of UTF-8 at the most. */
const widest = 3
// Few enough texts to be in the cache still when they are written.
const textsAtOnce = 32

/** Packs entries one by one, each while it is still in the processor's cache. */
export class EntryPacker {
  readonly #keys: string[] = []
  readonly #ends: number[] = []
  readonly #base64 = new Set<number>()
  readonly #expected: number
  #texts: string[] = []
  #bytes: Buffer<ArrayBuffer> | undefined
  #end = 0

  /** @param expected about how many entries there will be */
  constructor(expected: number) {
    this.#expected = expected
  }

  get size(): number {
    return this.#keys.length / keysPerEntry
  }

  add(feedback: FeedbackRecord, raw: RawText): void {
    const { tenant, channel, sourceMessageId, feedbackId } = feedback
    if (raw.encoding === 'base64') this.#base64.add(this.size)
    this.#keys.push(tenant, channel, sourceMessageId, feedbackId)
    this.#texts.push(JSON.stringify(feedback), raw.payload)
    if (this.#texts.length >= textsAtOnce) this.#write(expectedBytes * this.#expected)
  }

  finish(): PackedEntries {
    // A small batch gets a buffer of its exact size: buffers are what the garbage collector stops the loop for.
    const bytes = this.#write(this.#bytes === undefined ? 0 : expectedBytes)
    const ends = Uint32Array.from(this.#ends)
    return { keys: JSON.stringify(this.#keys), bytes, ends, base64: this.#base64 }
  }

  #write(room: number): Buffer<ArrayBuffer> {
    let needed = this.#end
    // Counting costs as much as writing: only a small batch, that gets no more room than it needs, is counted.
    for (const text of this.#texts) needed += room > 0 ? widest * text.length : Buffer.byteLength(text)
    let bytes = this.#bytes ?? Buffer.allocUnsafeSlow(Math.max(room, needed))
    if (bytes.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, needed))
      bytes.copy(larger, 0, 0, this.#end)
      bytes = larger
    }
    for (const text of this.#texts) {
      this.#end += bytes.write(text, this.#end)
      this.#ends.push(this.#end)
    }
    this.#texts = []
    this.#bytes = bytes
    return bytes
  }
}

/** The record of one packed entry. It was validated before it was packed. */
/** By what an entry is known. */
export interface PackedKey {
  readonly tenant: string
  readonly channel: string
  readonly sourceMessageId: string
  readonly feedbackId: string
}

export function packedKeys({ keys }: PackedEntries): readonly PackedKey[] {
  // EntryPacker wrote it.
  const flat = JSON.parse(keys) as readonly string[]
  return Array.from({ length: flat.length / keysPerEntry }, (_, index) => {
    const [tenant = '', channel = '', sourceMessageId = '', feedbackId = ''] = flat.slice(
      index * keysPerEntry,
      (index + 1) * keysPerEntry,
    )
    return { tenant, channel, sourceMessageId, feedbackId }
  })
}

export function packedFeedback({ bytes, ends }: PackedEntries, index: number): FeedbackRecord {
  const text = Buffer.from(bytes.buffer).toString(
    'utf8',
    index === 0 ? 0 : ends[2 * index - 1],
    ends[2 * index],
  )
  return JSON.parse(text) as FeedbackRecord
}

export function unpackEntries(packed: PackedEntries): readonly NewEntry[] {
  const { bytes, ends, base64 } = packed
  const whole = Buffer.from(bytes.buffer)
  return Array.from({ length: ends.length / 2 }, (_, index) => ({
    feedback: packedFeedback(packed, index),
    raw: {
      payload: whole.toString('utf8', ends[2 * index], ends[2 * index + 1]),
      encoding: base64.has(index) ? 'base64' : 'text',
    },
  }))
}
