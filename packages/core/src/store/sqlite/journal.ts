import type { DatabaseSync } from 'node:sqlite'
import type { Appended, AppendRequest, JournalEntry, NewEntry, QuarantineRecord, Store } from '../../connector/store.js'
import type { GroupWriter } from './group-writer.js'
import { codecs, decodeSegment, encodeSegments, encodeSegmentsNow, type Segment } from './segment.js'

interface SegmentRow {
  first_offset: number
  appended_at: number
  codec: number
  entries: Uint8Array | null
}

const segmentsPerTrim = 64

/** The durable, ordered log of feedback on SQLite. `reader` sees committed data only. */
export function sqliteJournal(writer: GroupWriter, database: DatabaseSync, reader: DatabaseSync): Store['journal'] {
  const insertSegment = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)')
  const insertSeen = database.prepare('INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const findSeen = database.prepare(
    'SELECT feedback_id, digest FROM seen WHERE tenant = ? AND channel = ? AND message_id = ?',
  )
  const insertRevision = database.prepare('INSERT INTO revisions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const insertQuarantined = database.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const lastRow = database.prepare('SELECT last_offset, appended_at FROM journal ORDER BY first_offset DESC LIMIT 1')
  const forgetSeen = database.prepare('DELETE FROM seen WHERE tenant = ? AND channel = ? AND message_id = ?')
  const forgetRevisions = database.prepare('DELETE FROM revisions WHERE feedback_id = ?')
  const forgetSegment = database.prepare('DELETE FROM journal WHERE first_offset = ?')
  const oldSegments = database.prepare(
    'SELECT first_offset, last_offset, appended_at, codec, entries FROM journal WHERE appended_at < ? AND last_offset < ? ORDER BY first_offset LIMIT ?',
  )
  const segmentAt = reader.prepare(
    'SELECT first_offset, appended_at, codec, entries FROM journal WHERE first_offset <= ? ORDER BY first_offset DESC LIMIT 1',
  )
  const segmentsAfter = reader.prepare(
    'SELECT first_offset, appended_at, codec, entries FROM journal WHERE first_offset > ? ORDER BY first_offset LIMIT ?',
  )
  const offsetOf = reader.prepare('SELECT entry_offset FROM seen WHERE feedback_id = ?')

  const floorRow = database.prepare("SELECT value FROM meta WHERE key = 'head'")
  const keepFloor = database.prepare(
    "INSERT INTO meta VALUES ('head', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  )
  const committedLast = reader.prepare(
    "SELECT last_offset, appended_at FROM journal UNION ALL SELECT CAST(value AS INTEGER), 0 FROM meta WHERE key = 'head' ORDER BY 1 DESC LIMIT 1",
  )

  /** Asked anew in every transaction: memory must not run ahead of what was committed. */
  function head(): { offset: number; at: number } {
    const row = lastRow.get()
    if (row !== undefined) return { offset: Number(row.last_offset), at: Number(row.appended_at) }
    // Offsets never start again, even after the whole journal was trimmed.
    return { offset: Number(floorRow.get()?.value ?? 0), at: 0 }
  }

  /** Claims offsets for what is new; the answer says what became of each entry. */
  function claim(entries: readonly NewEntry[], after: number, at: number): { fresh: NewEntry[]; answers: Appended[] } {
    const fresh: NewEntry[] = []
    const answers: Appended[] = []
    for (const entry of entries) {
      const { tenant, channel, sourceMessageId, feedbackId } = entry.feedback
      const digest = entry.raw.sha256.slice(0, 16)
      const offset = after + fresh.length + 1
      const { changes } = insertSeen.run(tenant, channel, sourceMessageId, feedbackId, offset, digest)
      if (changes === 1) {
        fresh.push(entry)
        answers.push({ status: 'accepted', feedbackId, offset })
        continue
      }
      const first = findSeen.get(tenant, channel, sourceMessageId)
      const firstId = String(first?.feedback_id)
      const merged = first?.digest !== digest
      if (merged) insertRevision.run(firstId, digest, at, JSON.stringify(entry.raw))
      answers.push({ status: 'duplicate', feedbackId: firstId, merged })
    }
    return { fresh, answers }
  }

  function quarantine(record: QuarantineRecord): void {
    insertQuarantined.run(record.id, record.tenant, record.at, JSON.stringify(record))
  }

  return {
    append({ at, entries, quarantined }: AppendRequest) {
      let encoded: readonly Segment[] = []
      const ready =
        entries.length === 0
          ? undefined
          : encodeSegments(entries).then((segments) => {
              encoded = segments
            })
      return writer.run(async () => {
        const last = head()
        const { fresh, answers } = claim(entries, last.offset, at)
        const segments = fresh.length === entries.length ? encoded : encodeSegmentsNow(fresh)
        let first = last.offset + 1
        for (const { codec, bytes, count } of segments) {
          insertSegment.run(first, first + count - 1, Math.max(last.at, at), codec, bytes)
          first += count
        }
        for (const record of quarantined) quarantine(record)
        return answers
      }, ready)
    },

    appendTick(at) {
      return writer.run(async () => {
        const last = head()
        const offset = last.offset + 1
        insertSegment.run(offset, offset, Math.max(last.at, at), codecs.tick, null)
        return offset
      })
    },

    async read(offset, limit) {
      const result: JournalEntry[] = []
      const first = segmentAt.get(offset) as SegmentRow | undefined
      let from = offset - 1
      if (first !== undefined) {
        result.push(...unpack(first, offset, limit))
        from = first.first_offset
      }
      while (result.length < limit) {
        // Segments hold from one to over a hundred entries: fetch a few at a time.
        const rows = segmentsAfter.all(from, 16) as unknown as SegmentRow[]
        for (const row of rows) {
          if (result.length >= limit) break
          result.push(...unpack(row, offset, limit - result.length))
          from = row.first_offset
        }
        if (rows.length < 16) break
      }
      return result
    },

    async last() {
      const row = committedLast.get()
      return { offset: Number(row?.last_offset ?? 0), at: Number(row?.appended_at ?? 0) }
    },

    async trim(before, keepFrom) {
      let total = 0
      for (let dropped = -1; dropped !== 0; total += dropped) {
        dropped = await writer.run(async () => {
          const rows = oldSegments.all(before, keepFrom, segmentsPerTrim) as unknown as SegmentRow[]
          if (rows.length > 0) keepFloor.run(String(head().offset))
          let entries = 0
          for (const row of rows) {
            for (const entry of unpack(row)) {
              entries++
              if (entry.kind === 'tick') continue
              const { tenant, channel, sourceMessageId, feedbackId } = entry.feedback
              forgetSeen.run(tenant, channel, sourceMessageId)
              forgetRevisions.run(feedbackId)
            }
            forgetSegment.run(row.first_offset)
          }
          return entries
        })
      }
      return total
    },

    async find(feedbackId) {
      const row = offsetOf.get(feedbackId)
      if (row === undefined) return undefined
      const offset = Number(row.entry_offset)
      const segment = segmentAt.get(offset) as SegmentRow | undefined
      const entry = segment && unpack(segment, offset, 1)[0]
      return entry?.kind === 'feedback' ? entry : undefined
    },
  }
}

/** Entries of one segment from `offset` on. */
function unpack(row: SegmentRow, offset = 0, limit = Number.MAX_SAFE_INTEGER): JournalEntry[] {
  const { first_offset, appended_at: at, codec, entries } = row
  if (entries === null) return offset <= first_offset ? [{ kind: 'tick', offset: first_offset, at }] : []
  const from = Math.max(0, offset - first_offset)
  return decodeSegment(codec, entries, from, limit).map(({ feedback, raw }, index) => ({
    kind: 'feedback',
    offset: first_offset + from + index,
    at,
    feedback,
    raw,
  }))
}
