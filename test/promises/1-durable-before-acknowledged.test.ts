import { join } from 'node:path'
import { createAndon, sqliteStore } from '@andon/core'
import { memorySource } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../support/child.js'
import { dataFolder, loopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

/** Reads what is on disk, as the next process would. */
async function onDisk(data: string): Promise<{ accepted: string[]; quarantined: string[] }> {
  const store = sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  try {
    const entries = await store.journal.read(1, 10_000)
    return {
      accepted: entries.flatMap((entry) =>
        entry.kind === 'feedback' ? [entry.feedback.sourceMessageId] : [],
      ),
      quarantined: (await store.quarantine.list()).map(({ raw }) => raw.payload),
    }
  } finally {
    await store.close()
  }
}

it('a process that dies the moment its source is acknowledged has everything on disk', async () => {
  const data = dataFolder()
  const program = runProgram('acknowledge', { data, at: start })
  await program.message('acknowledged')
  await program.kill()
  expect(await onDisk(data)).toEqual({
    accepted: ['good-1', 'good-2'],
    quarantined: ['this is of no channel'],
  })
})

it('a source is acknowledged neither before nor unless its feedback is durable', async () => {
  const options = loopOptions()
  const store = sqliteStore({ path: join(options.data, 'andon.db') })
  const order: string[] = []
  let isDiskFull = true
  const source = memorySource([[webPayload({ id: 'm-1', at: start })]], { name: 'upstream' })
  const andon = createAndon({
    ...options,
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name !== 'journal') return value
        const { append, appendPacked } = target.journal
        const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
          if (isDiskFull) throw new Error('the disk is full')
          // Slow enough for anyone in a hurry to be first.
          for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
          const answers = await work()
          order.push('on disk')
          return answers
        }
        return {
          ...target.journal,
          append: (request: Parameters<typeof append>[0]) => slowly(() => append(request)),
          appendPacked:
            appendPacked &&
            ((request: Parameters<typeof appendPacked>[0]) => slowly(() => appendPacked(request))),
        }
      },
    }),
    sources: {
      upstream: {
        ...source,
        async *receive(context) {
          for await (const batch of source.receive(context)) {
            yield {
              ...batch,
              commit: async () => {
                order.push('acknowledged')
                await batch.commit()
              },
            }
          }
        },
      },
    },
  })
  onTestFinished(() => andon.close())
  const failed = new Promise((resolve) => andon.on('error', resolve))
  await andon.start()
  await failed
  expect(source.committed()).toBe(0)

  isDiskFull = false
  const durable = new Promise((resolve) => andon.on('feedback', resolve))
  await options.clock.advance(60_000)
  await durable
  while (source.committed() === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(order).toEqual(['on disk', 'acknowledged'])
})

it('ingest() answers a long call only when its quarantine records are on disk too, one result a payload', async () => {
  const data = dataFolder()
  const store = sqliteStore({ path: join(data, 'andon.db') })
  const { andon } = await runLoop({ data, store })
  // The file that quarantine goes to is busy; the journal, a file of its own, is not.
  const busy = Promise.withResolvers<void>()
  const occupied = store.transaction(() => busy.promise)
  const payloads = Array.from({ length: 1100 }, (_, index) =>
    index < 100 ? { body: `nothing ${index}` } : webPayload({ id: `m-${index}`, at: start }),
  )
  let isAnswered = false
  const answer = andon.ingest(payloads).finally(() => {
    isAnswered = true
  })
  while ((await store.journal.last()).offset < 1000) await new Promise((resolve) => setImmediate(resolve))
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(isAnswered).toBe(false)
  expect(await andon.quarantine.list()).toEqual([])

  busy.resolve()
  await occupied
  const results = await answer
  expect(results.map(({ payload }) => payload)).toEqual(payloads.map((_, index) => index))
  await andon.close()
  const kept = await onDisk(data)
  expect([kept.accepted.length, kept.quarantined.length]).toEqual([1000, 100])
})

it('a position is remembered only for batches that are durable, so nothing is skipped after a restart', async () => {
  const batches = [1, 2, 3].map((batch) => [webPayload({ id: `m-${batch}`, at: start })])
  const before = memorySource(batches.slice(0, 2), { name: 'upstream' })
  const first = await runLoop({ sources: { upstream: before } })
  while (before.committed() < 2) await new Promise((resolve) => setImmediate(resolve))
  await first.andon.close()

  const source = memorySource(batches, { name: 'upstream' })
  const second = await runLoop({ data: first.data, sources: { upstream: source } })
  while (source.committed() < 3) await new Promise((resolve) => setImmediate(resolve))
  await second.andon.close()
  expect(source.pulled()).toBe(1)
  expect((await onDisk(first.data)).accepted).toEqual(['m-1', 'm-2', 'm-3'])
})
