import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { NewEntry } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'

/** How a segment's bytes are to be read. */
export const codecs = { tick: 0, plain: 1, zstd: 2 } as const

export interface Segment {
  readonly codec: number
  readonly bytes: Uint8Array
  readonly count: number
}

/** Small enough that reading one feedback back costs a fraction of a millisecond. */
const entriesPerSegment = 128

// Below this a thread-pool round trip costs more than the bytes it saves.
const compressFrom = 4096
const compressInline = 16_384
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
const compressInPool = promisify(zstdCompress)

/**
 * Lays entries out as a head line of lengths (in UTF-16 units) and the texts themselves, joined: one UTF-8
 * encoding for the whole batch, and the raw payloads stay verbatim, unescaped.
 */
function layOut(entries: readonly NewEntry[]): Buffer {
  const lengths: (number | string)[] = []
  const texts: string[] = []
  for (const { feedback, raw } of entries) {
    const record = JSON.stringify(feedback)
    lengths.push(record.length, raw.payload.length, raw.encoding === 'text' ? 0 : 1, raw.sha256)
    texts.push(record, raw.payload)
  }
  return Buffer.from(`${JSON.stringify(lengths)}\n${texts.join('')}`)
}

/** Encodes a batch into segments; the compression of large ones runs in the thread pool. */
export function encodeSegments(entries: readonly NewEntry[]): Promise<readonly Segment[]> {
  return Promise.all(
    slices(entries).map(async (slice) => {
      const bytes = layOut(slice)
      if (bytes.length < compressInline) return packNow(bytes, slice.length)
      return { codec: codecs.zstd, bytes: await compressInPool(bytes, options), count: slice.length }
    }),
  )
}

/** The same without leaving the thread, for the rare batch that must be encoded again. */
export function encodeSegmentsNow(entries: readonly NewEntry[]): readonly Segment[] {
  return slices(entries).map((slice) => packNow(layOut(slice), slice.length))
}

function packNow(bytes: Buffer, count: number): Segment {
  return bytes.length < compressFrom
    ? { codec: codecs.plain, bytes, count }
    : { codec: codecs.zstd, bytes: zstdCompressSync(bytes, options), count }
}

function slices(entries: readonly NewEntry[]): readonly (readonly NewEntry[])[] {
  const count = Math.ceil(entries.length / entriesPerSegment)
  return Array.from({ length: count }, (_, i) => entries.slice(i * entriesPerSegment, (i + 1) * entriesPerSegment))
}

/** Decodes the entries of a segment from index `from` on; the ones before are skipped, not parsed. */
export function decodeSegment(codec: number, bytes: Uint8Array, from = 0, limit = Number.MAX_SAFE_INTEGER): NewEntry[] {
  const plain = codec === codecs.zstd ? zstdDecompressSync(bytes) : Buffer.from(bytes)
  const text = plain.toString()
  const headEnd = text.indexOf('\n')
  const lengths = JSON.parse(text.slice(0, headEnd)) as (number | string)[]
  const entries: NewEntry[] = []
  let at = headEnd + 1
  for (let i = 0; i < lengths.length && entries.length < limit; i += 4) {
    const recordEnd = at + Number(lengths[i])
    const payloadEnd = recordEnd + Number(lengths[i + 1])
    if (i >= from * 4) {
      // Written by encodeSegment from a validated record.
      const feedback = JSON.parse(text.slice(at, recordEnd)) as FeedbackRecord
      const encoding = lengths[i + 2] === 0 ? 'text' : 'base64'
      entries.push({
        feedback,
        raw: { payload: text.slice(recordEnd, payloadEnd), encoding, sha256: String(lengths[i + 3]) },
      })
    }
    at = payloadEnd
  }
  return entries
}
