import assert from 'node:assert/strict'
import type { JournalEntry, Store } from '@andon/core/connector'
import type { PluginGiven } from './plugin-cases.js'
import { type ContractCase, needed } from './suite.js'

/** A store under test. Every call of the factory gives an empty one, already open. */
export interface StoreGiven extends PluginGiven {
  readonly store: Store
  /** Closes the store and opens another over the same storage. */
  reopen(): Promise<Store>
  /**
   * Opens another store over the storage as it stands now, without closing the first: what a process
   * finds that comes up after a kill -9. A copy of the files does it where a lock stands in the way.
   */
  crash?(): Promise<Store>
  /** Opens one more store over the same storage beside the first, as another process does; for a store with `shared`. */
  another?(): Promise<Store>
}

export type StoreCase<Id extends string> = ContractCase<StoreGiven, Id>

/** Two stores over one storage, and what each of them shares. */
export async function twoStores(given: StoreGiven, id: string) {
  const open = needed(given.another?.bind(given), id, 'another')
  const { store } = given
  const other = await open()
  const shared = needed(store.shared, id, 'store.shared')
  return { store, shared, other, otherShared: needed(other.shared, id, 'store.shared') }
}

/** The whole journal from `offset` on, read in pages of `page`, and seen to be without gap or repetition. */
export async function readAll(store: Store, offset = 1, page = 100): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (let from = offset; ; ) {
    const part = await store.journal.read(from, page)
    const last = part.at(-1)
    if (last === undefined) return entries
    assert.ok(last.offset >= from, 'read() gave nothing of what was asked for')
    entries.push(...part)
    from = last.offset + 1
  }
}

/** The customers' messages of some entries, in order; a tick is shown as `tick`. */
export const messagesIn = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.map((entry) => (entry.kind === 'tick' ? 'tick' : entry.feedback.sourceMessageId))
