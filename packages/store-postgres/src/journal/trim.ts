import { AndonError } from '@andon/core/errors'
import { int8Array, uuidArray } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import { sqlStateOf } from '../failure.js'
import { entriesIn, headColumns, type SegmentHead, segmentHead } from './segment-meta.js'

const segmentsAtOnce = 200
const keyBytes = 16
const dayMs = 86_400_000

export interface Trimmer {
  /** Forgets a log's entries older than `before`, never one at or after `keepFrom`; gives how many. */
  trim(log: number, before: number, keepFrom: number): Promise<number>
  /** Gives the space of what was forgotten back: whole days where nothing of them is left. */
  drop(): Promise<void>
}

export function trimmer(database: Database): Trimmer {
  const { schema } = database.settings
  const sql = statements(schema, {
    first_heads: `SELECT ${headColumns} FROM $schema.segments
      WHERE log = $1 AND last_offset >= (SELECT first_offset FROM $schema.logs WHERE id = $1)
      ORDER BY last_offset LIMIT $2`,
    first_offset: 'SELECT first_offset FROM $schema.logs WHERE id = $1 FOR UPDATE',
    set_first: 'UPDATE $schema.logs SET first_offset = $2 WHERE id = $1',
    forget: `WITH gone AS (DELETE FROM $schema.seen s USING unnest($2::uuid[], $3::bigint[]) AS u (key, place)
        WHERE s.key = u.key AND s.log = $1 AND s.place = u.place RETURNING s.id)
      DELETE FROM $schema.revisions WHERE feedback_id IN (SELECT id FROM gone)`,
    parts: `SELECT substr(c.relname, 10)::int AS day,
        EXISTS (SELECT FROM $schema.segments s JOIN $schema.logs l ON l.id = s.log
          WHERE s.day = substr(c.relname, 10)::int AND s.last_offset >= l.first_offset) AS used
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = '$schema.segments'::regclass AND substr(c.relname, 10)::int < $1`,
    drop_day: 'SELECT $schema.drop_day($1::int)',
    // Connections that are long gone.
    forget_endings: "DELETE FROM $schema.endings WHERE at < now() - interval '1 day'",
    delete_trimmed: `DELETE FROM $schema.segments s USING $schema.logs l
      WHERE s.log = l.id AND s.last_offset < l.first_offset`,
  })

  /** One slice of it: an append of this log waits meanwhile. */
  const slice = (log: number, before: number, keepFrom: number): Promise<number> =>
    database.change('write the journal', async (session) => {
      const [row] = await session.run(sql.first_offset, [log])
      const first = Number(row?.first_offset)
      const heads = (await session.run(sql.first_heads, [log, segmentsAtOnce])).map(segmentHead)
      const gone: { readonly offset: number; readonly place: number; readonly key: Buffer | undefined }[] = []
      for (const head of heads) {
        const entries = entriesIn(head).filter(({ offset }) => offset >= first)
        const old = entries.filter(({ at, offset }) => at < before && offset < keepFrom)
        for (const { offset, place, index } of old) gone.push({ offset, place, key: keyAt(head, index) })
        if (old.length < entries.length) break
      }
      const last = gone.at(-1)
      if (last === undefined) return 0
      const known = gone.flatMap(({ key, place }) => (key === undefined ? [] : [{ key, place }]))
      const [keys, places] = [known.map(({ key }) => key), known.map(({ place }) => place)]
      session.later(sql.forget, [log, uuidArray(keys), int8Array(places)])
      session.later(sql.set_first, [log, last.offset + 1])
      return gone.length
    })

  return {
    async trim(log, before, keepFrom) {
      let total = 0
      for (let count = -1; count !== 0; total += count) count = await slice(log, before, keepFrom)
      return total
    },
    async drop() {
      const today = Math.floor(Date.now() / dayMs)
      const days = await database.run('write the journal', sql.parts, [today])
      for (const { day } of days.filter(({ used }) => used !== true)) {
        await unlessBusy(database.run('write the journal', sql.drop_day, [day]))
      }
      await unlessBusy(database.run('write the journal', sql.delete_trimmed))
      await database.run('write', sql.forget_endings)
    },
  }
}

/** 55P03 lock not available, 40P01 deadlock: somebody is at it just now; the next trim does it. */
const busy = new Set(['55P03', '40P01'])

const unlessBusy = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (!(error instanceof AndonError) || !busy.has(sqlStateOf(error.cause) ?? '')) throw error
  })

function keyAt({ meta }: SegmentHead, index: number | undefined): Buffer | undefined {
  if (index === undefined) return undefined
  return Buffer.from(meta.keys, 'base64').subarray(index * keyBytes, (index + 1) * keyBytes)
}
