import { hash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { FeedbackRecord, RawRecord } from '../../feedback/schema.js'

/** How a segment's bytes are to be read. */
export const codecs = { tick: 0, plain: 1, zstd: 2 } as const

/** Small enough that reading one feedback back costs a fraction of a millisecond. */
export const entriesPerSegment = 128

/** An entry on its way to disk: the record as JSON, the payload verbatim. */
export interface WrittenEntry {
  readonly record: string
  readonly payload: string
  readonly encoding: RawRecord['encoding']
}

export interface Segment {
  readonly codec: number
  readonly bytes: Uint8Array
}

export interface ReadEntry {
  readonly feedback: FeedbackRecord
  readonly raw: RawRecord
}

// Below this, compression saves less than it costs.
const compressFrom = 2048
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/**
 * A head line of lengths (in UTF-16 units) and then the texts themselves, joined: one UTF-8 encoding for the
 * whole segment, and the raw payloads stay verbatim, unescaped.
 */
export function encodeSegment(entries: readonly WrittenEntry[]): Segment {
  const head: (number | string)[] = []
  let room = 0
  for (const { record, payload, encoding } of entries) {
    const bytes = encoding === 'text' ? payload : Buffer.from(payload, 'base64')
    head.push(record.length, payload.length, encoding === 'text' ? 0 : 1, hash('sha256', bytes, 'base64'))
    // A UTF-16 unit is three bytes of UTF-8 at the most.
    room += 3 * (record.length + payload.length)
  }
  const headLine = `${JSON.stringify(head)}\n`
  const buffer = Buffer.allocUnsafe(headLine.length + room)
  let end = buffer.write(headLine, 0, 'latin1')
  for (const { record, payload } of entries) {
    end += buffer.write(record, end)
    end += buffer.write(payload, end)
  }
  const bytes = buffer.subarray(0, end)
  return end < compressFrom
    ? { codec: codecs.plain, bytes }
    : { codec: codecs.zstd, bytes: zstdCompressSync(bytes, options) }
}

/** Decodes the entries of a segment from index `from` on; the others are skipped, not parsed. */
export function decodeSegment(
  codec: number,
  bytes: Uint8Array,
  from = 0,
  limit = Number.MAX_SAFE_INTEGER,
): ReadEntry[] {
  const plain = codec === codecs.zstd ? zstdDecompressSync(bytes) : Buffer.from(bytes)
  const text = plain.toString()
  const headEnd = text.indexOf('\n')
  const head = JSON.parse(text.slice(0, headEnd)) as (number | string)[]
  const entries: ReadEntry[] = []
  let at = headEnd + 1
  for (let i = 0; i < head.length && entries.length < limit; i += 4) {
    const recordEnd = at + Number(head[i])
    const payloadEnd = recordEnd + Number(head[i + 1])
    if (i >= from * 4) {
      // Written by encodeSegment from a validated record.
      const feedback = JSON.parse(text.slice(at, recordEnd)) as FeedbackRecord
      const encoding = head[i + 2] === 0 ? 'text' : 'base64'
      const sha256 = Buffer.from(String(head[i + 3]), 'base64').toString('hex')
      entries.push({ feedback, raw: { payload: text.slice(recordEnd, payloadEnd), encoding, sha256 } })
    }
    at = payloadEnd
  }
  return entries
}
