import { createHash } from 'node:crypto'
import type { Appended, AppendRequest, JournalEntry, NewEntry, Store } from '@andon/core/connector'
import { frozen } from '../contract/frozen.js'
import type { MemoryStorage } from './memory-storage.js'

/** Runs one write after the other. */
export type Serialise = <T>(operation: string, work: () => Promise<T>) => Promise<T>

/** What makes a message the same one. */
export const seenKey = ({ feedback }: NewEntry): string =>
  JSON.stringify([feedback.tenant, feedback.channel, feedback.sourceMessageId])

/** Of the payload's bytes, in lower-case hex. */
export const sha256Of = ({ raw: { payload, encoding } }: NewEntry): string =>
  createHash('sha256')
    .update(payload, encoding === 'text' ? 'utf8' : 'base64')
    .digest('hex')

/** Where the first entry at or after `offset` stands; the journal has no gaps, so it is simple arithmetic. */
const indexOf = (journal: readonly JournalEntry[], offset: number): number =>
  Math.max(0, offset - (journal[0]?.offset ?? offset))

export function memoryJournal(storage: MemoryStorage, serialise: Serialise): Store['journal'] {
  const nextHead = (at: number): { offset: number; at: number } => {
    storage.head = { offset: storage.head.offset + 1, at: Math.max(storage.head.at, at) }
    return storage.head
  }

  const appendOne = (entry: NewEntry, at: number): Appended => {
    const key = seenKey(entry)
    const { feedback } = entry
    const { feedbackId } = feedback
    const sha256 = sha256Of(entry)
    const first = storage.seen.get(key)
    if (first !== undefined) {
      const merged = first.sha256 !== sha256
      return { status: 'duplicate', feedbackId: first.feedbackId, merged }
    }
    storage.seen.set(key, { feedbackId, sha256 })
    const head = nextHead(at)
    storage.journal.push(
      frozen(structuredClone({ kind: 'feedback', ...head, feedback, raw: { ...entry.raw, sha256 } })),
    )
    return { status: 'accepted', feedbackId, offset: head.offset }
  }

  return {
    append: ({ at, entries, quarantined }: AppendRequest) =>
      serialise('append', async () => {
        for (const record of quarantined) storage.quarantine.set(record.id, frozen(structuredClone(record)))
        return entries.map((entry) => appendOne(entry, at))
      }),
    appendTick: (at) =>
      serialise('appendTick', async () => {
        const head = nextHead(at)
        storage.journal.push(Object.freeze({ kind: 'tick', ...head }))
        return head.offset
      }),
    async read(offset, limit) {
      const start = indexOf(storage.journal, offset)
      return storage.journal.slice(start, start + limit)
    },
    async last() {
      return { ...storage.head }
    },
    trim: (before, keepFrom) =>
      serialise('trim', async () => {
        const old = storage.journal.findIndex((entry) => entry.at >= before || entry.offset >= keepFrom)
        const count = old === -1 ? storage.journal.length : old
        for (const entry of storage.journal.splice(0, count)) {
          if (entry.kind === 'feedback') storage.seen.delete(seenKey(entry))
        }
        return count
      }),
    async find(feedbackId) {
      const inLanes = [...storage.lanes.values()].flatMap(({ entries }) => entries.map(({ entry }) => entry))
      for (const entry of [...storage.journal, ...inLanes]) {
        if (entry.kind === 'feedback' && entry.feedback.feedbackId === feedbackId) return entry
      }
      return undefined
    },
  }
}
