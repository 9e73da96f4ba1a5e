import {
  type Appended,
  EntryPacker,
  type PackedEntries,
  type QuarantineRecord,
  type Store,
} from '@andon/core/connector'
import { storable } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import type { Tasks } from '../tasks.js'
import { TurnTaker } from '../turn-taker.js'
import type { LogReader } from './log-reader.js'
import type { LogAppended, LogWriter } from './log-writer.js'
import type { NewLogEntry } from './pack-segments.js'
import { duplicate, type UnpackedEntry, unpack } from './packed-journal.js'
import type { Reviser } from './revisions.js'

const journalLog = 0
/** So that the first caller of a group does not wait for ever. */
const mostEntriesAtOnce = 4096

/** One call's share of an append. */
interface JournalJob {
  readonly at: number
  /** Undefined: a tick. */
  readonly packed: PackedEntries | undefined
}

interface JobAnswer {
  readonly lastOffset: number
  readonly answers: readonly Appended[]
}

interface JournalParts {
  readonly database: Database
  readonly reader: LogReader
  readonly write: LogWriter
  readonly revise: Reviser
  readonly tasks: Tasks
}

export function journal({ database, reader, write, revise, tasks }: JournalParts) {
  const sql = statements(database.settings.schema, {
    add_quarantined: `INSERT INTO $schema.quarantine SELECT * FROM json_to_recordset($1::json)
      AS q (id text, tenant text, at bigint, body text) ON CONFLICT DO NOTHING`,
  })

  /** Calls that wait together go in one append, and share its flush to disk. */
  const turns = new TurnTaker<JournalJob, JobAnswer>(
    async (jobs) => {
      const parts = partsOf(jobs)
      const entries = parts.flatMap(({ entries: own }) => own)
      return answer(parts, await write({ log: journalLog, entries, next: entries.length }))
    },
    ({ packed }) => (packed?.ends.length ?? 2) / 2,
    mostEntriesAtOnce,
    tasks,
  )

  const answer = async (parts: readonly Part[], appended: LogAppended): Promise<readonly JobAnswer[]> => {
    // Places of the journal were counted from 0 on.
    const again = parts.flatMap(({ found }) =>
      found.flatMap(({ again, entry, first }) =>
        first !== undefined || appended.leftOut.has(entry.place) ? [again] : [],
      ),
    )
    const known = (await revise(again)).values()
    let offset = appended.firstOffset
    return parts.map(({ found, entries }) => {
      if (found.length === 0 && entries.length > 0) return { lastOffset: offset++, answers: [] }
      const answers = found.map(({ feedbackId, entry, first }): Appended => {
        if (first === undefined && !appended.leftOut.has(entry.place)) {
          return { status: 'accepted', feedbackId, offset: offset++ }
        }
        const one = known.next().value
        return duplicate(one?.feedbackId ?? feedbackId, one?.merged ?? false)
      })
      return { lastOffset: offset - 1, answers }
    })
  }

  const addQuarantined = async (records: readonly QuarantineRecord[]): Promise<void> => {
    if (records.length === 0) return
    const rows = records.map((record) => {
      const { id, tenant, at } = record
      return { id: storable(id), tenant: storable(tenant), at, body: JSON.stringify(record) }
    })
    await database.run('write', sql.add_quarantined, [JSON.stringify(rows)])
  }

  const appendPacked: NonNullable<Store['journal']['appendPacked']> = async ({ at, packed, quarantined }) => {
    const [done] = await Promise.all([
      packed.ends.length === 0 ? undefined : turns.take({ at, packed }),
      addQuarantined(quarantined),
    ])
    return done?.answers ?? []
  }

  return {
    appendPacked,
    append: ({ at, entries, quarantined }) => {
      const packer = new EntryPacker(entries.length)
      for (const { feedback, raw } of entries) packer.add(feedback, raw)
      return appendPacked({ at, packed: packer.finish(), quarantined })
    },
    appendTick: async (at) => (await turns.take({ at, packed: undefined })).lastOffset,
    read: (offset, limit) => reader.read(journalLog, offset, limit),
    async last() {
      const end = await reader.end('')
      return { offset: end?.lastOffset ?? 0, at: end?.lastAt ?? 0 }
    },
    find: (feedbackId) => reader.find(feedbackId),
  } satisfies Omit<Store['journal'], 'trim'>
}

/** An entry of a job; `first`: the same message stands before it in the same append. */
type FoundEntry = UnpackedEntry & { readonly first?: true }

interface Part {
  readonly found: readonly FoundEntry[]
  /** What of them goes into the log. */
  readonly entries: readonly NewLogEntry[]
}

function partsOf(jobs: readonly JournalJob[]): readonly Part[] {
  const keys = new Set<string>()
  let place = 0
  return jobs.map(({ at, packed }) => {
    if (packed === undefined) return { found: [], entries: [{ kind: 'tick', place: place++, at }] }
    const found: FoundEntry[] = []
    const entries: NewLogEntry[] = []
    for (const one of unpack(packed, at, 0)) {
      const name = one.entry.key.toString('latin1')
      if (keys.has(name)) {
        found.push({ ...one, first: true })
        continue
      }
      keys.add(name)
      const entry = { ...one.entry, place: place++ }
      found.push({ ...one, entry })
      entries.push(entry)
    }
    return { found, entries }
  })
}
