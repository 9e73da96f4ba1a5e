import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { EntryPacker, keysPerEntry, type PackedEntries } from '../../connector/packed-entries.js'
import type { Appended, JournalEntry, JournalFeedback, NewEntry, Store } from '../../connector/store.js'
import { decodeSegment } from '../segment.js'
import type { JournalClient } from './journal-client.js'
import type { AppendAnswer } from './journal-file.js'

interface SegmentRow {
  first_offset: number
  last_offset: number
  appended_at: number
  codec: number
  entries: Uint8Array | null
}

const worthHandingOver = 65_536

type Reading = Pick<Store['journal'], 'read' | 'last' | 'find'>
type Writing = Pick<Store['journal'], 'appendTick' | 'trim'> & {
  append(at: number, packed: PackedEntries): Promise<readonly Appended[]>
}

export function packed(entries: readonly NewEntry[]): PackedEntries {
  const packer = new EntryPacker(entries.length)
  for (const { feedback, raw } of entries) packer.add(feedback, raw)
  return packer.finish()
}

/** The journal's writing side: requests to its thread, answered when they are on disk. */
export function journalWriting(client: JournalClient): Writing {
  return {
    async append(at, entries) {
      const { keys } = entries
      // Small ones are copied: a thousand handed-over buffers a second would wait for the other thread's garbage collector.
      const buffers =
        entries.bytes.length < worthHandingOver ? [] : [entries.bytes.buffer, entries.ends.buffer]
      const answers = await client.ask({ kind: 'append', at, packed: entries }, buffers)
      return typeof answers === 'object' && answers !== null ? appendedOf(keys, answers) : []
    },
    appendTick: async (at) => Number(await client.ask({ kind: 'tick', at })),
    async trim(before, keepFrom) {
      let total = 0
      for (let dropped = -1; dropped !== 0; total += dropped) {
        dropped = Number(await client.ask({ kind: 'trim', before, keepFrom }))
      }
      return total
    },
  }
}

/** Spells the journal's short answer out, entry by entry. */
function appendedOf(keyText: string, { firstOffset, duplicates }: AppendAnswer): readonly Appended[] {
  // Written by EntryPacker.
  const keys = JSON.parse(keyText) as readonly string[]
  const appended: Appended[] = []
  let offset = firstOffset
  for (let i = 0; i * keysPerEntry < keys.length; i++) {
    const duplicate = duplicates.get(i)
    const feedbackId = keys[(i + 1) * keysPerEntry - 1] ?? ''
    if (duplicate === undefined) appended.push({ status: 'accepted', feedbackId, offset: offset++ })
    else appended.push({ status: 'duplicate', ...duplicate })
  }
  return appended
}

/** The journal's reading side, on a connection of its own: it sees what is committed and nothing else. */
export function journalReading(reader: DatabaseSync): Reading {
  const columns = 'first_offset, last_offset, appended_at, codec, entries'
  const segmentAt = reader.prepare(
    `SELECT ${columns} FROM journal WHERE first_offset <= ? ORDER BY first_offset DESC LIMIT 1`,
  )
  const segmentsAfter = reader.prepare(
    `SELECT ${columns} FROM journal WHERE first_offset > ? ORDER BY first_offset LIMIT ?`,
  )
  const offsetOf = reader.prepare('SELECT entry_offset FROM seen WHERE feedback_id = ?')
  const last = reader.prepare(
    `SELECT last_offset, appended_at FROM journal
     UNION ALL SELECT CAST(value AS INTEGER), 0 FROM meta WHERE key = 'head' ORDER BY 1 DESC, 2 DESC LIMIT 1`,
  )
  const found = new LastSegment(reader)
  return {
    async read(offset, limit) {
      const result: JournalEntry[] = []
      const first = segmentAt.get(offset) as SegmentRow | undefined
      let from = offset - 1
      if (first !== undefined && first.last_offset >= offset) {
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
      const row = last.get()
      return { offset: Number(row?.last_offset ?? 0), at: Number(row?.appended_at ?? 0) }
    },
    async find(feedbackId) {
      const neighbour = found.of(feedbackId)
      if (neighbour !== undefined) return neighbour
      const row = offsetOf.get(feedbackId)
      if (row === undefined) return undefined
      const offset = Number(row.entry_offset)
      const entry = found.at(offset)
      return entry?.kind === 'feedback' ? entry : undefined
    },
  }
}

/** Whoever looks one feedback up often looks up its neighbours next: the segment of the last one stays unpacked. */
class LastSegment {
  readonly #at: StatementSync
  readonly #exists: StatementSync
  #first = 0
  #entries: readonly JournalEntry[] = []
  #byId = new Map<string, JournalFeedback>()

  constructor(reader: DatabaseSync) {
    this.#at = reader.prepare(
      'SELECT * FROM journal WHERE first_offset <= ? ORDER BY first_offset DESC LIMIT 1',
    )
    this.#exists = reader.prepare('SELECT 1 FROM journal WHERE first_offset = ?')
  }

  of(feedbackId: string): JournalFeedback | undefined {
    const known = this.#byId.get(feedbackId)
    return known !== undefined && this.#isThere() ? known : undefined
  }

  /** It may have been trimmed since. */
  #isThere(): boolean {
    return this.#exists.get(this.#first) !== undefined
  }

  at(offset: number): JournalEntry | undefined {
    const known = this.#entries[offset - this.#first]
    if (known !== undefined && this.#isThere()) return known
    const row = this.#at.get(offset) as SegmentRow | undefined
    if (row === undefined) return undefined
    this.#first = row.first_offset
    this.#entries = unpack(row, row.first_offset, Number.POSITIVE_INFINITY)
    this.#byId = new Map(
      this.#entries.flatMap((entry) =>
        entry.kind === 'feedback' ? [[entry.feedback.feedbackId, entry]] : [],
      ),
    )
    return this.#entries[offset - this.#first]
  }
}

/** Entries of one segment from `offset` on. */
function unpack(row: SegmentRow, offset: number, limit: number): JournalEntry[] {
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
