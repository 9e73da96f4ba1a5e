import {
  type HourlyAggregate,
  hourlyCounts,
  type JournalEntry,
  type LaneAppended,
  type LaneItem,
  type LaneJournal,
  type LaneOptions,
} from '@andon/core/connector'
import { frozen } from '../contract/frozen.js'
import { type Serialise, seenKey, sha256Of } from './memory-journal.js'
import type { MemoryLane, MemoryStorage } from './memory-storage.js'

/** The lane of that name over the storage, which the first append makes. */
export function memoryLane(
  storage: MemoryStorage,
  name: string,
  serialise: Serialise,
  addAggregates: (counts: readonly HourlyAggregate[]) => void,
  { copies }: LaneOptions = {},
): LaneJournal {
  const lane = (): MemoryLane =>
    storage.lanes.get(name) ?? {
      entries: [],
      head: { offset: 0, at: 0 },
      nextPosition: 0,
      copies: copies ?? '',
    }

  /** The entry that an item becomes; undefined when it is left out. */
  const entryOf = (item: LaneItem, head: { offset: number; at: number }): JournalEntry | undefined => {
    if (item.kind === 'unreadable') return undefined
    if (item.kind === 'tick') return { kind: 'tick', ...head }
    const key = `${copies ?? ''}${seenKey(item.entry)}`
    if (storage.seen.has(key)) return undefined
    const { feedback, raw } = item.entry
    const sha256 = sha256Of(item.entry)
    storage.seen.set(key, { feedbackId: feedback.feedbackId, sha256 })
    return structuredClone({ kind: 'feedback', ...head, feedback, raw: { ...raw, sha256 } })
  }

  return {
    append: ({ items, quarantined }) =>
      serialise('lane append', async () => {
        const there = lane()
        storage.lanes.set(name, there)
        const written = new Map(there.entries.map(({ entry, position }) => [position, entry]))
        const fresh: JournalEntry[] = []
        const records = quarantined.values()
        const answers = items.map((item): LaneAppended => {
          const record = item.kind === 'unreadable' ? records.next().value : undefined
          if (item.position < there.nextPosition) return answerOf(written.get(item.position))
          there.nextPosition = item.position + 1
          if (record !== undefined) storage.quarantine.set(record.id, frozen(structuredClone(record)))
          const head = { offset: there.head.offset + 1, at: Math.max(there.head.at, item.at) }
          const entry = entryOf(item, head)
          if (entry === undefined) return { status: 'left-out' }
          there.head = head
          there.entries.push({ entry: frozen(entry), position: item.position })
          fresh.push(entry)
          return answerOf(entry)
        })
        if (copies === undefined) addAggregates(hourlyCounts(fresh))
        return answers
      }),
    async read(offset, limit) {
      const { entries } = lane()
      const start = Math.max(0, offset - (entries[0]?.entry.offset ?? offset))
      return entries.slice(start, start + limit).map(({ entry }) => entry)
    },
    async last() {
      const { head, nextPosition } = lane()
      return { ...head, nextPosition }
    },
  }
}

const answerOf = (entry: JournalEntry | undefined): LaneAppended =>
  entry === undefined ? { status: 'left-out' } : { status: 'accepted', offset: entry.offset, at: entry.at }

/** Forgets what is older than `before` and no stage of the lane will replay; returns how many. */
export function trimMemoryLanes(storage: MemoryStorage, before: number): number {
  let trimmed = 0
  for (const [name, lane] of storage.lanes) {
    const last = replayedFrom(storage, name)
    const keep = lane.entries.findIndex(({ entry }) => entry.at >= before || entry.offset > last)
    const gone = lane.entries.splice(0, keep === -1 ? lane.entries.length : keep)
    for (const { entry } of gone)
      if (entry.kind === 'feedback') storage.seen.delete(`${lane.copies}${seenKey(entry)}`)
    trimmed += gone.length
  }
  return trimmed
}

/** The lowest offset that a stage of the lane has a snapshot of: 0 when one has none yet, or when there is no stage. */
function replayedFrom({ checkpoints, snapshots }: MemoryStorage, lane: string): number {
  const stages = new Set([...checkpoints.keys(), ...snapshots.keys()])
  const offsets = [...stages]
    .filter((stage) => stage.endsWith(`@${lane}`))
    .map((stage) => snapshots.get(stage)?.offset ?? 0)
  return offsets.length === 0 ? 0 : Math.min(...offsets)
}
