import { join } from 'node:path'
import { sqliteStore } from '@andon/core'
import { expect, it } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const day = 86_400_000

it('raw feedback goes after seven days, its hourly counts stay', async () => {
  const loop = await runLoop()
  const { andon, clock, data } = loop
  const [old] = await andon.ingest(webPayload({ id: 'm-1', at: start }))
  await andon.settled()
  await clock.advance(7 * day - 3_600_000)
  expect(await andon.feedback(old?.id ?? '')).toBeDefined()
  const [young] = await andon.ingest(webPayload({ id: 'm-2', at: start }))
  await advanceUntil(loop, async () => (await andon.feedback(old?.id ?? '')) === undefined, 1_800_000)
  expect(clock.now() - start).toBeGreaterThan(7 * day)
  expect(await andon.feedback(young?.id ?? '')).toBeDefined()
  await andon.close()

  const store = sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  const counts = (await store.aggregates()).map(({ hour, count }) => [hour, count])
  await store.close()
  expect(counts).toEqual([
    [Math.floor(start / 3_600_000), 1],
    [Math.floor(start / 3_600_000) + 7 * 24 - 1, 1],
  ])
})

it('how long raw feedback is kept is an option', async () => {
  const loop = await runLoop({ retention: { rawDays: 1 } })
  const [old] = await loop.andon.ingest(webPayload({ id: 'm-1', at: start }))
  await loop.andon.settled()
  await advanceUntil(loop, async () => (await loop.andon.feedback(old?.id ?? '')) === undefined, 3_600_000)
  expect(loop.clock.now() - start).toBeGreaterThan(day)
  expect(loop.clock.now() - start).toBeLessThan(2 * day)
})

it('nothing is forgotten that a restart would need to replay', async () => {
  const rules = `CREATE RULE many AS SELECT product_model AS model FROM feedbacks
    GROUP BY product_model WINDOW SLIDING INTERVAL '30 days' HAVING COUNT(*) >= 2 ESCALATE TO quality;`
  const first = await runLoop({ rules })
  await first.andon.ingest(webPayload({ id: 'm-1', at: start }))
  await first.andon.settled()
  for (let step = 0; step < 20; step++) await first.clock.advance(day / 2)
  await first.andon.close()
  const { andon } = await runLoop({ rules, data: first.data, clock: first.clock })
  await andon.ingest(webPayload({ id: 'm-2', at: start }))
  await andon.settled()
  expect(await andon.signals.list()).toMatchObject([{ rule: 'many', occurrences: 2 }])
})

it('a journal that was trimmed to nothing goes on counting where it was', async () => {
  const loop = await runLoop({ retention: { rawDays: 1 } })
  const [old] = await loop.andon.ingest(webPayload({ id: 'm-1', at: start }))
  await loop.andon.settled()
  await advanceUntil(loop, async () => (await loop.andon.feedback(old?.id ?? '')) === undefined, 3_600_000)
  await loop.andon.close()
  const again = await runLoop({ data: loop.data, clock: loop.clock })
  const [young] = await again.andon.ingest(webPayload({ id: 'm-2', at: start }))
  await again.andon.settled()
  expect((await again.andon.feedback(young?.id ?? ''))?.offset).toBe(2)
})
