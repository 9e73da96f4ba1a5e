import { encodeSegment, type WrittenEntry } from '@andon/core/connector'
import type { SegmentMeta } from './segment-meta.js'

/** Enough to compress well together; unpacking all of one costs less than a millisecond. */
const entriesPerSegment = 64
/** A compressor is made anew for each segment: for three entries it costs more time than it saves room. */
const compressFrom = 8192

export interface CountedAs {
  readonly group: readonly [tenant: string, channel: string, productModel: string, faultCode: string]
  readonly severity: number
}

/** An entry on its way into a log. */
export type NewLogEntry =
  | { readonly kind: 'tick'; readonly place: number; readonly at: number }
  | {
      readonly kind: 'feedback'
      readonly place: number
      readonly at: number
      readonly key: Buffer
      readonly id: Buffer
      readonly written: WrittenEntry
      readonly counted?: CountedAs
    }

export interface PackedSegment {
  readonly count: number
  readonly firstPlace: number
  readonly lastPlace: number
  /** The latest instant in it, and the latest of its ticks (0: none). */
  readonly at: number
  readonly tickAt: number
  readonly codec: number
  readonly meta: Buffer
  readonly entries: Uint8Array | undefined
}

export function packSegments(entries: readonly NewLogEntry[]): readonly PackedSegment[] {
  const segments: PackedSegment[] = []
  for (let from = 0; from < entries.length; from += entriesPerSegment) {
    segments.push(packSegment(entries.slice(from, from + entriesPerSegment)))
  }
  return segments
}

function packSegment(entries: readonly NewLogEntry[]): PackedSegment {
  const written: WrittenEntry[] = []
  const keys: Buffer[] = []
  const ticks: number[] = []
  const [first] = entries
  const firstPlace = first?.place ?? 0
  const firstAt = first?.at ?? 0
  let at = 0
  let tickAt = 0
  let isDense = true
  let isSteady = true
  for (const [index, entry] of entries.entries()) {
    at = Math.max(at, entry.at)
    isDense &&= entry.place === firstPlace + index
    isSteady &&= entry.at === firstAt
    if (entry.kind === 'tick') {
      ticks.push(index)
      tickAt = Math.max(tickAt, entry.at)
      continue
    }
    written.push(entry.written)
    keys.push(entry.key)
  }
  const counts = countsOf(entries)
  const meta: SegmentMeta = {
    ...(isDense ? {} : { places: entries.map(({ place }) => place - firstPlace) }),
    ats: [firstAt, ...(isSteady ? [] : entries.slice(1).map((entry) => entry.at - firstAt))],
    ...(ticks.length === 0 ? {} : { ticks }),
    keys: Buffer.concat(keys).toString('base64'),
    ...(counts === undefined ? {} : { counts }),
  }
  const { codec, bytes } =
    written.length === 0 ? { codec: 0, bytes: undefined } : encodeSegment(written, compressFrom)
  return {
    ...{ count: entries.length, firstPlace, lastPlace: entries.at(-1)?.place ?? 0, at, tickAt },
    ...{ codec, meta: Buffer.from(JSON.stringify(meta)), entries: bytes },
  }
}

function countsOf(entries: readonly NewLogEntry[]): SegmentMeta['counts'] {
  const numbers = new Map<string, number>()
  const groups: CountedAs['group'][] = []
  const group: number[] = []
  const severity: number[] = []
  for (const entry of entries) {
    if (entry.kind === 'tick' || entry.counted === undefined) continue
    const { counted } = entry
    const name = counted.group.join('\u001f')
    let number = numbers.get(name)
    if (number === undefined) {
      number = groups.push(counted.group) - 1
      numbers.set(name, number)
    }
    group.push(number)
    severity.push(counted.severity)
  }
  return groups.length === 0 ? undefined : { groups, group, severity }
}
