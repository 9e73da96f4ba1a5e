import { setTimeout as pause } from 'node:timers/promises'
import { firstHash, type LaneItem, type Store } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { postgresStore } from '@andon/store-postgres'
import { sampleAction, sampleEntry, sampleSignal, sampleStart, seededRandom } from '@andon/testkit'
import { expect, it } from 'vitest'
import { privateServers } from '../support/private-servers.js'
import { describeWith, startedServers } from '../support/servers.js'

const kills = 6

async function opened(url: string): Promise<Store> {
  const store = postgresStore({ url, connections: 3 })
  await store.open()
  return store
}
const seed = 20261126

/** Tries again until it is done; what fails must be worth it. */
async function stubborn<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAndonError(error, 'STORE_FAILED') || !error.retryable) throw error
      await pause(20)
    }
  }
}

describeWith('the PostgreSQL store, whose server is killed', startedServers.postgres, () => {
  it(`loses nothing that was acknowledged, and makes nothing twice (seed ${seed})`, {
    timeout: 180_000,
  }, async () => {
    const random = seededRandom(seed)
    const set = privateServers()
    const url = (await set.up(['postgres'])).postgres?.url ?? ''
    const stores = [await opened(url), await opened(url)]
    let isOver = false
    let next = 0

    const appended = new Map<string, number>()
    const appending = async (store: Store): Promise<void> => {
      while (!isOver) {
        const entries = Array.from({ length: 5 }, () => sampleEntry(next++))
        const answers = await stubborn(() =>
          store.journal.append({ at: sampleStart, entries, quarantined: [] }),
        )
        for (const [index, answer] of answers.entries()) {
          const id = entries[index]?.feedback.feedbackId ?? ''
          // A repeated append whose first answer was lost is a duplicate of itself.
          appended.set(id, answer.status === 'accepted' ? answer.offset : -1)
        }
      }
    }

    const laneAnswers = new Map<number, unknown>()
    const lane = async (store: Store): Promise<void> => {
      for (let position = 0; !isOver; position += 4) {
        const items = Array.from({ length: 4 }, (_, step): LaneItem => {
          const index = 1_000_000 + position + step
          return { kind: 'feedback', position: position + step, at: sampleStart, entry: sampleEntry(index) }
        })
        const answers = await stubborn(async () =>
          store.shared?.lane('a/0').append({ items, quarantined: [] }),
        )
        for (const [step, answer] of (answers ?? []).entries()) laneAnswers.set(position + step, answer)
      }
    }

    const counts = new Map<string, number>()
    const counting = async (store: Store, id: string): Promise<void> => {
      for (let count = 1; !isOver; count++) {
        await stubborn(() =>
          store.transaction(async (transaction) => {
            const { firings = 0 } = (await transaction.getSignal(id)) ?? {}
            await transaction.putSignals([sampleSignal(0, { id, fingerprint: id, firings: firings + 1 })])
            await transaction.addActions([sampleAction(0, { id: `${id}-${firings + 1}` })])
            await transaction.appendAudit([{ tenant: 'default', at: firings, what: id, data: {} }])
            await transaction.setCheckpoint(id, firings + 1)
          }),
        )
        counts.set(id, count)
      }
    }

    const works = stores.flatMap((store, index) => [
      appending(store),
      ...(index === 0 ? [lane(store)] : []),
      counting(store, `a${index}`),
      counting(store, `b${index}`),
    ])
    for (let kill = 0; kill < kills; kill++) {
      await pause(200 + random() * 600)
      await set.kill('postgres', 'SIGKILL')
      await set.up(['postgres'])
    }
    await pause(300)
    isOver = true
    await Promise.all(works)

    const store = await opened(url)
    const ids = new Map<string, number>()
    for (let from = 1; ; ) {
      const entries = await store.journal.read(from, 500)
      for (const entry of entries) {
        expect(entry.offset).toBe(from++)
        if (entry.kind === 'feedback') ids.set(entry.feedback.feedbackId, entry.offset)
      }
      if (entries.length === 0) break
    }
    for (const [id, offset] of appended)
      expect(ids.get(id)).toBe(offset === -1 ? (ids.get(id) ?? 'there') : offset)
    expect(ids.size).toBe(appended.size)
    const inLane = (await store.shared?.lane('a/0').read(1, 1_000_000)) ?? []
    expect(inLane.map(({ offset, at }) => ({ status: 'accepted', offset, at }))).toEqual([
      ...laneAnswers.values(),
    ])

    let made = 0
    for (const [id, count] of counts) {
      made += count
      expect([id, (await store.signals.get(id))?.firings, await store.checkpoint(id)]).toEqual([
        id,
        count,
        count,
      ])
    }
    expect((await store.actions.list({ limit: 1_000_000 })).length).toBe(made)
    const lines = await store.audit.read('default', 1, 1_000_000)
    expect(lines.length).toBe(made)
    let previous = firstHash
    for (const { hash, text } of lines) {
      expect(JSON.parse(text)).toMatchObject({ hash, previous })
      previous = hash
    }
    expect(appended.size).toBeGreaterThan(100)
    expect(made).toBeGreaterThan(100)
    for (const each of [...stores, store]) await each.close?.()
  })
})
