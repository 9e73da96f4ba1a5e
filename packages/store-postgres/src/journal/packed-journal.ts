import type { Appended, PackedEntries } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { messageKey, uuidBytes } from './keys.js'
import type { NewLogEntry } from './pack-segments.js'
import type { SeenAgain } from './revisions.js'

/** Texts that identify one entry in `PackedEntries.keys`. */
const keysPerEntry = 4

/** An entry that was packed where it was read. */
export interface UnpackedEntry {
  readonly feedbackId: string
  readonly again: SeenAgain
  readonly entry: Extract<NewLogEntry, { kind: 'feedback' }>
}

/** The entries of a batch as they go into a log, from `place` on. */
export function unpack(packed: PackedEntries, at: number, place: number): readonly UnpackedEntry[] {
  // Written by EntryPacker.
  const keys = JSON.parse(packed.keys) as readonly string[]
  const { bytes, ends, base64 } = packed
  const entries: UnpackedEntry[] = []
  let start = 0
  for (let i = 0; i * 2 < ends.length; i++) {
    const [tenant = '', channel = '', messageId = '', feedbackId = ''] = keys.slice(
      i * keysPerEntry,
      (i + 1) * keysPerEntry,
    )
    const [recordEnd = 0, payloadEnd = 0] = [ends[2 * i], ends[2 * i + 1]]
    const record = bytes.subarray(start, recordEnd)
    const payload = bytes.subarray(recordEnd, payloadEnd)
    const encoding = base64.has(i) ? 'base64' : 'text'
    const key = messageKey(tenant, channel, messageId)
    start = payloadEnd
    entries.push({
      feedbackId,
      again: { key, at, payload, encoding, feedback: () => feedbackOf(record) },
      entry: {
        ...{ kind: 'feedback', place: place + i, at, key, id: uuidBytes(feedbackId) },
        written: { record, payload, encoding },
      },
    })
  }
  return entries
}

/** It was validated before it was packed. */
const feedbackOf = (record: Uint8Array): FeedbackRecord =>
  JSON.parse(Buffer.from(record).toString()) as FeedbackRecord

/** What an entry that came again is told. */
export const duplicate = (feedbackId: string, merged: boolean): Appended => ({
  status: 'duplicate',
  feedbackId,
  merged,
})
