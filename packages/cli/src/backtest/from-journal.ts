import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sqliteStore } from '@andon/core'
import type { DryEntry } from '@andon/core/rule'
import { unreadableFile } from '../cli-error.js'

const pageSize = 2000

/** A page of the journal: its feedback, and how far time has come with it. */
export interface JournalPage {
  readonly entries: readonly DryEntry[]
  /** Epoch ms. */
  readonly to: number
  /** 0 to 1. */
  readonly share: number
}

/**
 * The feedback of an embedded store, oldest first. The store must not be in use.
 *
 * @throws CliError exit code 2 when there is none in that folder; AndonError STORE_LOCKED while Andon runs on it
 */
export async function* fromJournal(folder: string): AsyncGenerator<JournalPage, void, undefined> {
  const path = join(folder, 'andon.db')
  // Opening would make an empty one.
  await stat(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause)
  })
  const store = sqliteStore({ path })
  await store.open()
  try {
    const { offset: end } = await store.journal.last()
    let next = 1
    for (;;) {
      const page = await store.journal.read(next, pageSize)
      const last = page.at(-1)
      if (last === undefined) return
      next = last.offset + 1
      yield {
        entries: page.flatMap((entry) => (entry.kind === 'feedback' ? [entry] : [])),
        to: last.at,
        share: end === 0 ? 1 : last.offset / end,
      }
    }
  } finally {
    await store.close()
  }
}
