import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { keysPerEntry, type PackedEntries } from '../../connector/packed-entries.js'
import { contentOf } from '../../feedback/content.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import {
  codecs,
  decodeSegment,
  encodeSegment,
  entriesPerSegment,
  type ReadEntry,
  type WrittenEntry,
} from '../segment.js'
import { openDatabase } from './open-database.js'
import { journalLayout } from './schema.js'

/** A message that was known: the first one's id, and whether this one said something new. */
export interface Duplicate {
  readonly feedbackId: string
  readonly merged: boolean
}

/** What became of a batch. All entries that are no duplicates have offsets from `firstOffset` on, in order. */
export interface AppendAnswer {
  readonly firstOffset: number
  /** By index of the entry. */
  readonly duplicates: ReadonlyMap<number, Duplicate>
}

/** What identifies an entry; beside the record so that the journal need not parse what it stores. */
interface EntryKey {
  readonly tenant: string
  readonly channel: string
  readonly messageId: string
  readonly feedbackId: string
}

interface SegmentRow {
  first_offset: number
  appended_at: number
  codec: number
  entries: Uint8Array | null
}

const segmentsPerTrim = 64

/** The writing side of the journal: plain synchronous SQLite, meant for a thread of its own. */
export class JournalFile {
  readonly #database: DatabaseSync
  readonly #sql: ReturnType<typeof statements>
  #decoded: { first: number; entries: readonly ReadEntry[] } | undefined

  constructor(path: string) {
    this.#database = openDatabase(path, journalLayout)
    this.#sql = statements(this.#database)
  }

  /** Runs several works in one transaction: one fsync for all of them. */
  commit<T>(works: () => T): T {
    this.#sql.begin.run()
    try {
      const result = works()
      this.#sql.commit.run()
      return result
    } catch (error) {
      this.#decoded = undefined
      this.#sql.rollback.run()
      throw error
    }
  }

  append(at: number, { keys: keyText, bytes, ends, base64 }: PackedEntries): AppendAnswer {
    // Written by EntryPacker.
    const keys = JSON.parse(keyText) as readonly string[]
    const last = this.#head()
    const instant = Math.max(last.at, at)
    const fresh: WrittenEntry[] = []
    const duplicates = new Map<number, Duplicate>()
    let start = 0
    for (let i = 0; i * 2 < ends.length; i++) {
      const [tenant = '', channel = '', messageId = '', feedbackId = ''] = keys.slice(
        i * keysPerEntry,
        (i + 1) * keysPerEntry,
      )
      const [recordEnd = 0, payloadEnd = 0] = [ends[2 * i], ends[2 * i + 1]]
      const entry: WrittenEntry = {
        record: bytes.subarray(start, recordEnd),
        payload: bytes.subarray(recordEnd, payloadEnd),
        encoding: base64.has(i) ? 'base64' : 'text',
      }
      start = payloadEnd
      const offset = last.offset + fresh.length + 1
      if (this.#sql.claim.run(tenant, channel, messageId, feedbackId, offset).changes === 1) {
        fresh.push(entry)
      } else {
        const key = { tenant, channel, messageId, feedbackId }
        duplicates.set(i, this.#duplicate(key, entry, instant, fresh, last.offset))
      }
    }
    for (let from = 0; from < fresh.length; from += entriesPerSegment) {
      const slice = fresh.slice(from, from + entriesPerSegment)
      const { codec, bytes } = encodeSegment(slice)
      const first = last.offset + 1 + from
      this.#sql.insert.run(first, first + slice.length - 1, instant, codec, bytes)
    }
    return { firstOffset: last.offset + 1, duplicates }
  }

  appendTick(at: number): number {
    const last = this.#head()
    this.#sql.insert.run(last.offset + 1, last.offset + 1, Math.max(last.at, at), codecs.tick, null)
    return last.offset + 1
  }

  /** One slice of forgetting; returns how many entries went, 0 when there is nothing left to forget. */
  trim(before: number, keepFrom: number): number {
    const rows = this.#sql.old.all(before, keepFrom, segmentsPerTrim) as unknown as SegmentRow[]
    if (rows.length > 0) this.#sql.keepFloor.run(String(this.#head().offset))
    this.#decoded = undefined
    let count = 0
    for (const { first_offset, codec, entries } of rows) {
      if (entries === null) count++
      else {
        for (const { feedback } of decodeSegment(codec, entries)) {
          this.#sql.forget.run(feedback.tenant, feedback.channel, feedback.sourceMessageId)
          this.#sql.forgetRevisions.run(feedback.feedbackId)
          count++
        }
      }
      this.#sql.drop.run(first_offset)
    }
    return count
  }

  close(): void {
    this.#database.close()
  }

  #head(): { offset: number; at: number } {
    const row = this.#sql.last.get()
    if (row !== undefined) return { offset: Number(row.last_offset), at: Number(row.appended_at) }
    // Offsets never start again, even after the whole journal was trimmed.
    return { offset: Number(this.#sql.floor.get()?.value ?? 0), at: 0 }
  }

  /** The same message again: content that is new is kept as a revision of the first. */
  #duplicate(
    { tenant, channel, messageId }: EntryKey,
    { record, payload, encoding }: WrittenEntry,
    at: number,
    fresh: readonly WrittenEntry[],
    lastOffset: number,
  ): Duplicate {
    const known = this.#sql.known.get(tenant, channel, messageId)
    const feedbackId = String(known?.feedback_id)
    const offset = Number(known?.entry_offset)
    const first = fresh[offset - lastOffset - 1]
    const before = first === undefined ? this.#feedbackAt(offset) : feedbackOf(first.record)
    const merged = before === undefined || contentOf(before) !== contentOf(feedbackOf(record))
    if (merged) {
      const text = Buffer.from(payload).toString()
      this.#sql.revise.run(feedbackId, hash('sha256', text), at, text, encoding)
    }
    return { feedbackId, merged }
  }

  /** Redeliveries come in the order of the first delivery: the segment decoded last is the one wanted next. */
  #feedbackAt(offset: number): FeedbackRecord | undefined {
    const row = this.#sql.segmentAt.get(offset) as SegmentRow | undefined
    if (row === undefined || row.entries === null) return undefined
    if (this.#decoded?.first !== row.first_offset) {
      this.#decoded = { first: row.first_offset, entries: decodeSegment(row.codec, row.entries) }
    }
    return this.#decoded.entries[offset - row.first_offset]?.feedback
  }
}

/** A record that was validated before it was written. */
const feedbackOf = (record: Uint8Array): FeedbackRecord =>
  JSON.parse(Buffer.from(record).toString()) as FeedbackRecord

function statements(database: DatabaseSync) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    last: database.prepare('SELECT last_offset, appended_at FROM journal ORDER BY first_offset DESC LIMIT 1'),
    floor: database.prepare("SELECT value FROM meta WHERE key = 'head'"),
    keepFloor: database.prepare(
      "INSERT INTO meta VALUES ('head', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
    claim: database.prepare('INSERT INTO seen VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    known: database.prepare(
      'SELECT feedback_id, entry_offset FROM seen WHERE tenant = ? AND channel = ? AND message_id = ?',
    ),
    forget: database.prepare('DELETE FROM seen WHERE tenant = ? AND channel = ? AND message_id = ?'),
    revise: database.prepare('INSERT INTO revisions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    forgetRevisions: database.prepare('DELETE FROM revisions WHERE feedback_id = ?'),
    insert: database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)'),
    drop: database.prepare('DELETE FROM journal WHERE first_offset = ?'),
    segmentAt: database.prepare(
      'SELECT first_offset, codec, entries FROM journal WHERE first_offset <= ? ORDER BY first_offset DESC LIMIT 1',
    ),
    old: database.prepare(
      `SELECT first_offset, codec, entries FROM journal WHERE appended_at < ? AND last_offset < ?
       ORDER BY first_offset LIMIT ?`,
    ),
  }
}
