import type { Row } from '../database/row.js'

/** What is known of a segment's entries without unpacking them. Lists are in the order of the entries. */
export interface SegmentMeta {
  /** Places after the segment's first; absent: one after the other. */
  readonly places?: readonly number[]
  /** Instants of the items (epoch ms): the first, and the others after it; `[at]` when all are the same. */
  readonly ats: readonly number[]
  /** Indexes of ticks. */
  readonly ticks?: readonly number[]
  /** 16 bytes for each feedback, in base64. */
  readonly keys: string
  /** How feedback is counted by the hour; absent where something else counts. */
  readonly counts?: {
    /** Tenant, channel, product model, fault code. */
    readonly groups: readonly (readonly [string, string, string, string])[]
    /** Of each feedback. */
    readonly group: readonly number[]
    readonly severity: readonly number[]
  }
}

/** An entry of a segment as it stands in its log; `index` among the segment's feedback, absent for a tick. */
export interface PlacedEntry {
  readonly offset: number
  readonly at: number
  readonly place: number
  readonly index?: number
}

/** What of a row is needed to place its entries. */
export interface SegmentHead {
  readonly firstOffset: number
  readonly firstPlace: number
  readonly base: number
  readonly floorAt: number
  /** Places after `base` that were seen before: they are in the segment, and not in the log. */
  readonly leftOut: ReadonlySet<number>
  readonly meta: SegmentMeta
}

export const headColumns =
  "first_offset, last_offset, first_place, last_place, base, floor_at, array_to_string(left_out, ',') AS left_out, meta"

export function segmentHead(row: Row): SegmentHead {
  const { left_out: leftOut, meta } = row
  return {
    firstOffset: Number(row.first_offset),
    firstPlace: Number(row.first_place),
    base: Number(row.base),
    floorAt: Number(row.floor_at),
    leftOut: new Set(placesIn(leftOut)),
    // Written by packSegments.
    meta: JSON.parse(meta instanceof Uint8Array ? Buffer.from(meta).toString() : String(meta)) as SegmentMeta,
  }
}

/** A list of numbers as it comes: as a list, or as its text with commas between. */
export function placesIn(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.map(Number)
  return typeof value === 'string' && value !== '' ? value.split(',').map(Number) : []
}

/** The entries of the log that a segment holds, in order. */
export function entriesIn(head: SegmentHead): readonly PlacedEntry[] {
  const { meta, firstPlace, base, leftOut } = head
  const ticks = new Set(meta.ticks)
  const [firstAt = 0, ...later] = meta.ats
  const feedback = meta.keys.length === 0 ? 0 : Buffer.byteLength(meta.keys, 'base64') / 16
  const placed: PlacedEntry[] = []
  let at = head.floorAt
  let offset = head.firstOffset
  let index = 0
  for (let i = 0; i < feedback + ticks.size; i++) {
    const place = firstPlace + (meta.places?.[i] ?? i)
    const isTick = ticks.has(i)
    const own = isTick ? undefined : index++
    if (leftOut.has(place - base)) continue
    // Never before the entry before it.
    at = Math.max(at, firstAt + (i === 0 ? 0 : (later[i - 1] ?? 0)))
    placed.push({ offset: offset++, at, place, ...(own === undefined ? {} : { index: own }) })
  }
  return placed
}
