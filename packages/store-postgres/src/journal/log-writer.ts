import type { QuarantineRecord } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { byteaArray, int4Array, int8Array, storable, uuidArray } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import { sqlStateOf } from '../failure.js'
import { type NewLogEntry, packSegments } from './pack-segments.js'
import { placesIn } from './segment-meta.js'

const dayMs = 86_400_000
/** No partition for a row: another process has dropped a day that this one’s clock takes for today. */
const noPartition = '23514'

export interface LogAppend {
  readonly log: number
  /** In the order of their places: positions of a lane, or numbers from 0 on in the journal. */
  readonly entries: readonly NewLogEntry[]
  /** A lane's: the first place that is new. Another process may have been faster. */
  readonly from?: number
  /** The place after the last, counted like the entries'. */
  readonly next: number
  readonly quarantined?: readonly QuarantineRecord[]
}

/** What stands in the log after an append. */
export interface LogAppended {
  /** False when places from `from` on had been written already; nothing was written then. */
  readonly written: boolean
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastAt: number
  readonly nextPlace: number
  /** The instant of the last entry before. */
  readonly floorAt: number
  /** Places of entries that were seen before. */
  readonly leftOut: ReadonlySet<number>
}

export type LogWriter = (append: LogAppend) => Promise<LogAppended>

/** Writes into logs: one statement, which is a transaction by itself, whatever the number of entries. */
export function logWriter(database: Database): LogWriter {
  const sql = statements(database.settings.schema, {
    append: `SELECT * FROM $schema.append($1::int, $2::bigint, $3::bigint, $4::int,
      $5::uuid[], $6::uuid[], $7::bigint[], $8::bigint[], $9::int[], $10::bigint[], $11::bigint[], $12::bigint[],
      $13::bigint[], $14::int[], $15::bytea[], $16::bytea[], $17::json)`,
    add_day: 'SELECT $schema.add_day($1::int)',
  })
  const days = new Map<number, Promise<unknown>>()
  const dayThere = (day: number): Promise<unknown> => {
    const known = days.get(day)
    if (known !== undefined) return known
    const added = database.run('write the journal', sql.add_day, [day])
    added.catch(() => days.delete(day))
    days.set(day, added)
    return added
  }
  const run = async (append: LogAppend): Promise<LogAppended> => {
    const day = Math.floor(Date.now() / dayMs)
    await dayThere(day)
    // Ahead of midnight, and nobody waits for it.
    if (!days.has(day + 1)) dayThere(day + 1).catch(() => undefined)
    const [row] = await database.run('write the journal', sql.append, valuesOf(append, day))
    return {
      written: row?.written === true,
      firstOffset: Number(row?.first_offset),
      lastOffset: Number(row?.last_offset),
      lastAt: Number(row?.last_at),
      nextPlace: Number(row?.next_place),
      floorAt: Number(row?.floor_at),
      leftOut: new Set(placesIn(row?.left_out)),
    }
  }
  return async (append) => {
    try {
      return await run(append)
    } catch (error) {
      if (!(error instanceof AndonError) || sqlStateOf(error.cause) !== noPartition) throw error
      days.clear()
      return run(append)
    }
  }
}

function valuesOf({ log, entries, from, next, quarantined = [] }: LogAppend, day: number): unknown[] {
  const feedback = entries.flatMap((entry) => (entry.kind === 'feedback' ? [entry] : []))
  const segments = packSegments(entries)
  const records = quarantined.map((record) => {
    return {
      id: storable(record.id),
      tenant: storable(record.tenant),
      at: record.at,
      body: JSON.stringify(record),
    }
  })
  return [
    ...[log, from ?? null, next, day],
    uuidArray(feedback.map(({ key }) => key)),
    uuidArray(feedback.map(({ id }) => id)),
    int8Array(feedback.map(({ place }) => place)),
    int8Array(feedback.map(({ at }) => at)),
    int4Array(segments.map(({ count }) => count)),
    int8Array(segments.map(({ firstPlace }) => firstPlace)),
    int8Array(segments.map(({ lastPlace }) => lastPlace)),
    int8Array(segments.map(({ at }) => at)),
    int8Array(segments.map(({ tickAt }) => tickAt)),
    int4Array(segments.map(({ codec }) => codec)),
    byteaArray(segments.map(({ meta }) => meta)),
    byteaArray(segments.map(({ entries: bytes }) => bytes)),
    records.length === 0 ? null : JSON.stringify(records),
  ]
}
