import { hash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { FeedbackRecord, RawRecord } from '../feedback/schema.js'

/** How a segment's bytes are to be read. */
export const codecs = { tick: 0, plain: 1, zstd: 2 } as const

/** Small enough that reading one feedback back costs a fraction of a millisecond. */
export const entriesPerSegment = 32

/** An entry on its way to disk, in UTF-8: the record as JSON, the payload verbatim. */
export interface WrittenEntry {
  readonly record: Uint8Array
  readonly payload: Uint8Array
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

/** Byte length of the record, byte length of the payload, 1 for a payload in base64, its SHA-256 in base64. */
type Head = readonly [record: number, payload: number, base64: 0 | 1, sha256: string]

/** Below this, compression saves less than it costs. */
const worthCompressing = 2048
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
const footerBytes = 4

/**
 * The texts, joined, then one line that says how long each is, then that line's length (uint32, little
 * endian): one entry can be read without decoding its neighbours, and raw payloads stay verbatim, unescaped.
 *
 * @param compressFrom bytes from which on it is compressed
 */
export function encodeSegment(entries: readonly WrittenEntry[], compressFrom = worthCompressing): Segment {
  const heads: Head[] = []
  const parts: Uint8Array[] = []
  for (const { record, payload, encoding } of entries) {
    const verbatim = encoding === 'text' ? payload : Buffer.from(Buffer.from(payload).toString(), 'base64')
    heads.push([
      record.length,
      payload.length,
      encoding === 'text' ? 0 : 1,
      hash('sha256', verbatim, 'base64'),
    ])
    parts.push(record, payload)
  }
  const head = Buffer.from(JSON.stringify(heads))
  const footer = Buffer.alloc(footerBytes)
  footer.writeUInt32LE(head.length)
  const bytes = Buffer.concat([...parts, head, footer])
  return bytes.length < compressFrom
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
  const headEnd = plain.length - footerBytes
  const headStart = headEnd - plain.readUInt32LE(headEnd)
  // Written by encodeSegment.
  const heads = JSON.parse(plain.toString('utf8', headStart, headEnd)) as readonly Head[]
  const entries: ReadEntry[] = []
  let at = 0
  for (const [index, [recordLength, payloadLength, base64, sha256]] of heads.entries()) {
    if (entries.length >= limit) break
    const recordEnd = at + recordLength
    const payloadEnd = recordEnd + payloadLength
    if (index >= from) {
      // Validated before it was written.
      const feedback = JSON.parse(plain.toString('utf8', at, recordEnd)) as FeedbackRecord
      entries.push({
        feedback,
        raw: {
          payload: plain.toString('utf8', recordEnd, payloadEnd),
          encoding: base64 === 0 ? 'text' : 'base64',
          sha256: Buffer.from(sha256, 'base64').toString('hex'),
        },
      })
    }
    at = payloadEnd
  }
  return entries
}
