import { decodeSegment, type JournalEntry, type JournalFeedback } from '@andon/core/connector'
import type { Database } from '../database/database.js'
import type { Row } from '../database/row.js'
import { statements } from '../database/statement.js'
import { isUuid } from './keys.js'
import { entriesIn, headColumns, type PlacedEntry, segmentHead } from './segment-meta.js'

/** Segments asked for at once: they hold from one entry to 64. */
const fewSegments = 8
const manySegments = 64

export interface LogEnd {
  readonly id: number
  readonly lastOffset: number
  readonly lastAt: number
  readonly nextPlace: number
}

/** Reads logs: what is committed, and nothing else. */
export interface LogReader {
  read(log: number, offset: number, limit: number): Promise<readonly JournalEntry[]>
  /** The end of the log of that name (`''`: the journal); undefined before its first append. */
  end(name: string): Promise<LogEnd | undefined>
  /** What stands in a log for the places from `from` to `to`. */
  placed(log: number, from: number, to: number): Promise<ReadonlyMap<number, PlacedEntry>>
  at(log: number, place: number): Promise<JournalFeedback | undefined>
  find(feedbackId: string): Promise<JournalFeedback | undefined>
}

export function logReader(database: Database): LogReader {
  const { schema } = database.settings
  const sql = statements(schema, {
    log_end: 'SELECT id, last_offset, last_at, next_place FROM $schema.logs WHERE name = $1',
    heads_by_place: `SELECT ${headColumns}, (SELECT first_offset FROM $schema.logs WHERE id = $1) AS kept_from
      FROM $schema.segments WHERE log = $1 AND last_place >= $2 AND first_place <= $3 ORDER BY last_place`,
    place_by_id: 'SELECT log, place FROM $schema.seen WHERE id = $1::uuid ORDER BY log, place LIMIT 1',
  })
  // A lane's first offset is where its entries begin that were not forgotten.
  const bytes = statements(schema, {
    segments_by_offset: `SELECT ${headColumns}, codec, entries, (SELECT first_offset FROM $schema.logs WHERE id = $1) AS kept_from
      FROM $schema.segments WHERE log = $1 AND last_offset >= greatest($2, (SELECT first_offset FROM $schema.logs WHERE id = $1))
      ORDER BY last_offset LIMIT $3`,
    segment_by_place: `SELECT ${headColumns}, codec, entries, (SELECT first_offset FROM $schema.logs WHERE id = $1) AS kept_from
      FROM $schema.segments WHERE log = $1 AND last_place >= $2 ORDER BY last_place LIMIT 1`,
  })
  const found = new LastSegment()

  const segmentAt = async (log: number, place: number): Promise<OpenSegment | undefined> => {
    const known = found.get(log, place)
    if (known !== undefined) return known
    const [row] = await database.run('read the journal', bytes.segment_by_place, [log, place])
    return row === undefined ? undefined : found.keep(log, openSegment(row))
  }

  const at = async (log: number, place: number): Promise<JournalFeedback | undefined> => {
    const entry = (await segmentAt(log, place))?.at(place)
    return entry?.kind === 'feedback' ? entry : undefined
  }

  return {
    async read(log, offset, limit) {
      const entries: JournalEntry[] = []
      let from = offset
      for (let segments = fewSegments; entries.length < limit; segments = manySegments) {
        const rows = await database.run('read the journal', bytes.segments_by_offset, [log, from, segments])
        for (const row of rows) {
          if (entries.length < limit) entries.push(...openSegment(row).from(from, limit - entries.length))
          from = Number(row.last_offset) + 1
        }
        if (rows.length < segments) break
      }
      return entries
    },
    async end(name) {
      const [row] = await database.run('read the journal', sql.log_end, [name])
      if (row === undefined) return undefined
      return {
        ...{ id: Number(row.id), lastOffset: Number(row.last_offset), lastAt: Number(row.last_at) },
        nextPlace: Number(row.next_place),
      }
    },
    async placed(log, from, to) {
      const rows = await database.run('read the journal', sql.heads_by_place, [log, from, to])
      return new Map(rows.flatMap((row) => keptIn(row).map((entry) => [entry.place, entry] as const)))
    },
    at,
    async find(feedbackId) {
      if (!isUuid(feedbackId)) return undefined
      const [row] = await database.run('read the journal', sql.place_by_id, [feedbackId])
      return row === undefined ? undefined : at(Number(row.log), Number(row.place))
    },
  }
}

/** A segment's entries without those that were forgotten: it goes itself when all of them were. */
function keptIn(row: Row): readonly PlacedEntry[] {
  const keptFrom = Number(row.kept_from)
  return entriesIn(segmentHead(row)).filter(({ offset }) => offset >= keptFrom)
}

/** A segment whose entries are unpacked when they are asked for. */
interface OpenSegment {
  readonly firstPlace: number
  readonly lastPlace: number
  from(offset: number, limit: number): readonly JournalEntry[]
  at(place: number): JournalEntry | undefined
}

function openSegment(row: Row): OpenSegment {
  const placed = keptIn(row)
  const { entries, codec } = row
  const unpack = (from: number, to: number) =>
    entries instanceof Uint8Array ? decodeSegment(Number(codec), entries, from, to - from + 1) : []
  const journalEntries = (wanted: readonly PlacedEntry[]): readonly JournalEntry[] => {
    const indexes = wanted.flatMap(({ index }) => (index === undefined ? [] : [index]))
    const from = indexes[0] ?? 0
    const unpacked = indexes.length === 0 ? [] : unpack(from, indexes.at(-1) ?? 0)
    return wanted.flatMap(({ offset, at, index }): JournalEntry[] => {
      if (index === undefined) return [{ kind: 'tick', offset, at }]
      const entry = unpacked[index - from]
      return entry === undefined ? [] : [{ kind: 'feedback', offset, at, ...entry }]
    })
  }
  let all: ReadonlyMap<number, JournalEntry> | undefined
  return {
    firstPlace: Number(row.first_place),
    lastPlace: Number(row.last_place),
    from: (offset, limit) => journalEntries(placed.filter((entry) => entry.offset >= offset).slice(0, limit)),
    at(place) {
      all ??= new Map(journalEntries(placed).map((entry, index) => [placed[index]?.place ?? 0, entry]))
      return all.get(place)
    },
  }
}

/** Whoever looks one feedback up often looks up its neighbours next: the last segment stays at hand. */
class LastSegment {
  #log = -1
  #segment: OpenSegment | undefined

  get(log: number, place: number): OpenSegment | undefined {
    const segment = this.#segment
    if (segment === undefined || log !== this.#log) return undefined
    return place >= segment.firstPlace && place <= segment.lastPlace ? segment : undefined
  }

  keep(log: number, segment: OpenSegment): OpenSegment {
    this.#log = log
    this.#segment = segment
    return segment
  }
}
