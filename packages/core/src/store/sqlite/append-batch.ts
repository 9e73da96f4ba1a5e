import type { NewEntry } from '../../connector/store.js'

/** How many texts identify one entry in a batch. */
export const keysPerEntry = 4

/**
 * Entries on their way to the journal's thread. Texts are encoded once, here, into one buffer that is handed
 * over, not copied; the thread writes those bytes as they are.
 */
export interface AppendBatch {
  readonly at: number
  /** Tenant, channel, message id and feedback id of each entry, in one flat list. */
  readonly keys: readonly string[]
  /** Record, payload, record, payload …, in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each record and each payload ends in `bytes`. */
  readonly ends: Uint32Array<ArrayBuffer>
  /** Indexes of entries whose payload is base64 of bytes that are no text. */
  readonly base64: ReadonlySet<number>
}

/** A UTF-16 unit is three bytes of UTF-8 at the most. */
const widest = 3

export function packBatch(at: number, entries: readonly NewEntry[]): AppendBatch {
  const keys: string[] = []
  const base64 = new Set<number>()
  const ends = new Uint32Array(entries.length * 2)
  let bytes = Buffer.allocUnsafeSlow(4096 + entries.length * 3072)
  let end = 0
  const write = (text: string): number => {
    if (bytes.length - end < text.length * widest) {
      const larger = Buffer.allocUnsafeSlow(2 * bytes.length + text.length * widest)
      bytes.copy(larger, 0, 0, end)
      bytes = larger
    }
    end += bytes.write(text, end)
    return end
  }
  for (const [index, { feedback, raw, json }] of entries.entries()) {
    keys.push(feedback.tenant, feedback.channel, feedback.sourceMessageId, feedback.feedbackId)
    ends[2 * index] = write(json ?? JSON.stringify(feedback))
    ends[2 * index + 1] = write(raw.payload)
    if (raw.encoding === 'base64') base64.add(index)
  }
  return { at, keys, bytes, ends, base64 }
}
