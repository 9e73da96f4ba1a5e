import {
  countKeyOf,
  type LaneAppended,
  type LaneAppendRequest,
  type LaneItem,
  type LaneJournal,
  type LaneOptions,
  type QuarantineRecord,
} from '@andon/core/connector'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import type { Tasks } from '../tasks.js'
import { TurnTaker } from '../turn-taker.js'
import { messageKey, uuidBytes } from './keys.js'
import type { LogReader } from './log-reader.js'
import type { LogAppended, LogWriter } from './log-writer.js'
import type { CountedAs, NewLogEntry } from './pack-segments.js'
import type { Reviser, SeenAgain } from './revisions.js'
import type { PlacedEntry } from './segment-meta.js'

/** Segments of one lane after which its counts are added to the sums. */
const foldEvery = 200

interface LaneParts {
  readonly database: Database
  readonly reader: LogReader
  readonly write: LogWriter
  readonly revise: Reviser
  /** Adds the lane's counts to the sums, some time. */
  readonly fold: (log: number) => void
  readonly tasks: Tasks
}

/** What is known of the lane's end: it may have moved since. */
interface LaneEnd {
  readonly id: number
  readonly nextPlace: number
}

export function lane(name: string, parts: LaneParts, { copies }: LaneOptions = {}): LaneJournal {
  const { database, reader, write, revise, fold, tasks } = parts
  const sql = statements(database.settings.schema, {
    add_log: 'INSERT INTO $schema.logs (name) VALUES ($1) ON CONFLICT DO NOTHING',
  })
  let end: LaneEnd | undefined
  /** Whether this process wrote last: then nobody else is likely to have written since. */
  let isAhead = false
  let sinceFold = 0

  const refreshed = async (): Promise<LaneEnd> => {
    const found = await reader.end(name)
    if (found !== undefined) {
      end = found
      return found
    }
    await database.run('write the journal', sql.add_log, [name])
    return refreshed()
  }

  const append = async ({ items, quarantined }: LaneAppendRequest): Promise<readonly LaneAppended[]> => {
    const records = recordsOf(items, quarantined)
    let there = isAhead && end !== undefined ? end : await refreshed()
    for (;;) {
      const { id, nextPlace } = there
      const fresh = items.filter(({ position }) => position >= nextPlace)
      const written = fresh.length === 0 ? noEntries : await writeFresh(there, fresh, records)
      if (written !== undefined) {
        const old = items.filter(({ position }) => position < nextPlace)
        const placed = old.length === 0 ? noEntries : await reader.placed(id, ...range(old))
        return items.map(({ position }) => answerOf(placed.get(position) ?? written.get(position)))
      }
      // Another process was faster: what it wrote is read.
      isAhead = false
      there = await refreshed()
    }
  }

  /** By position, what was accepted; undefined when another has written meanwhile. */
  const writeFresh = async (
    there: LaneEnd,
    fresh: readonly LaneItem[],
    records: ReadonlyMap<number, QuarantineRecord>,
  ): Promise<ReadonlyMap<number, PlacedEntry> | undefined> => {
    const { entries, again } = entriesOf(fresh, copies)
    const next = (fresh.at(-1)?.position ?? 0) + 1
    const appended = await write({
      ...{ log: there.id, entries, from: fresh[0]?.position ?? 0, next },
      quarantined: fresh.flatMap(({ position }) => records.get(position) ?? []),
    })
    if (!appended.written) return undefined
    end = { id: there.id, nextPlace: appended.nextPlace }
    isAhead = true
    const leftOut =
      copies !== undefined ? [] : again.filter(({ place, isTwice }) => isTwice || appended.leftOut.has(place))
    // Who edited a message is heard: the first one stays, and the other is kept beside it (once, not for each copy).
    if (leftOut.length > 0) await revise(leftOut.map(({ seen }) => seen))
    sinceFold += 1
    if (sinceFold >= foldEvery) {
      sinceFold = 0
      fold(there.id)
    }
    return acceptedIn(entries, appended)
  }

  // One after the other: the next one's first position may be the one after this one's last.
  const turns = new TurnTaker<LaneAppendRequest, readonly LaneAppended[]>(
    ([request]) => Promise.all(request === undefined ? [] : [append(request)]),
    () => 1,
    1,
    tasks,
  )

  return {
    append: (request) => (request.items.length === 0 ? Promise.resolve([]) : turns.take(request)),
    async read(offset, limit) {
      const id = end?.id ?? (await reader.end(name))?.id
      return id === undefined ? [] : reader.read(id, offset, limit)
    },
    async last() {
      const found = await reader.end(name)
      if (found === undefined) return { offset: 0, at: 0, nextPosition: 0 }
      return { offset: found.lastOffset, at: found.lastAt, nextPosition: found.nextPlace }
    },
  }
}

const noEntries: ReadonlyMap<number, PlacedEntry> = new Map()

const range = (items: readonly LaneItem[]): [number, number] => [
  items[0]?.position ?? 0,
  items.at(-1)?.position ?? 0,
]

const answerOf = (entry: PlacedEntry | undefined): LaneAppended =>
  entry === undefined ? { status: 'left-out' } : { status: 'accepted', offset: entry.offset, at: entry.at }

/** Records belong to the unreadable items in their order. */
function recordsOf(
  items: readonly LaneItem[],
  quarantined: readonly QuarantineRecord[],
): ReadonlyMap<number, QuarantineRecord> {
  const unreadable = items.filter(({ kind }) => kind === 'unreadable')
  return new Map(
    unreadable.flatMap(({ position }, index) => {
      const record = quarantined[index]
      return record === undefined ? [] : [[position, record] as const]
    }),
  )
}

interface CameAgain {
  readonly place: number
  /** It stands twice in what is appended. */
  readonly isTwice: boolean
  readonly seen: SeenAgain
}

/** What goes into the log, and each message as it is told when it turns out that it came before. */
function entriesOf(
  items: readonly LaneItem[],
  copies: string | undefined,
): {
  readonly entries: readonly NewLogEntry[]
  readonly again: readonly CameAgain[]
} {
  const entries: NewLogEntry[] = []
  const again: CameAgain[] = []
  const keys = new Set<string>()
  for (const item of items) {
    const { position: place, at } = item
    if (item.kind === 'unreadable') continue
    if (item.kind === 'tick') {
      entries.push({ kind: 'tick', place, at })
      continue
    }
    const { feedback, raw } = item.entry
    const { record, payload } = item.bytes ?? {
      record: Buffer.from(JSON.stringify(feedback)),
      payload: Buffer.from(raw.payload),
    }
    const written = { record, payload, encoding: raw.encoding }
    const key = messageKey(feedback.tenant, feedback.channel, feedback.sourceMessageId, copies)
    const text = key.toString('latin1')
    const isTwice = keys.has(text)
    keys.add(text)
    again.push({
      place,
      isTwice,
      seen: { key, at, payload, encoding: raw.encoding, feedback: () => feedback },
    })
    if (isTwice) continue
    const id = uuidBytes(feedback.feedbackId)
    entries.push({
      kind: 'feedback',
      place,
      at,
      key,
      id,
      written,
      ...(copies === undefined ? { counted: countedAs(item) } : {}),
    })
  }
  return { entries, again }
}

function countedAs({ entry: { feedback } }: Extract<LaneItem, { kind: 'feedback' }>): CountedAs {
  const { tenant, channel, productModel, faultCode } = countKeyOf(feedback)
  return { group: [tenant, channel, productModel, faultCode], severity: feedback.severityScore }
}

/** The entries that are in the log now, as `entriesIn` will find them in its segments. */
function acceptedIn(
  entries: readonly NewLogEntry[],
  appended: LogAppended,
): ReadonlyMap<number, PlacedEntry> {
  const placed = new Map<number, PlacedEntry>()
  let offset = appended.firstOffset
  let at = appended.floorAt
  for (const entry of entries) {
    if (appended.leftOut.has(entry.place)) continue
    at = Math.max(at, entry.at)
    placed.set(entry.place, { offset: offset++, at, place: entry.place })
  }
  return placed
}
