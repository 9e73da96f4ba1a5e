import { join } from 'node:path'
import { sqliteStore } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const grouped = `CREATE RULE many AS SELECT serial_number, COUNT(*) AS reports FROM feedbacks
  GROUP BY serial_number WINDOW SLIDING INTERVAL '10 minutes' HAVING COUNT(*) >= 1000 ESCALATE TO quality;`

const payloads = (count: number, serial: (index: number) => string, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    webPayload({ id: `m-${from + index}`, at: start, serial: serial(index) }),
  )

const group = z.object({
  values: z.array(z.string()),
  window: z.object({ times: z.array(z.number()) }),
})
const matches = z.object({ waiting: z.array(z.array(z.object({ key: z.string() }))) })
const snapshot = z.object({
  rules: z.object({
    windows: z.array(z.object({ rules: z.record(z.string(), z.string()), groups: z.array(group) })),
    patterns: z.record(z.string(), z.object({ matches })),
  }),
})

/** What rules keep, as the snapshot on disk shows it after closing. */
async function kept(data: string): Promise<z.infer<typeof snapshot>['rules']> {
  const store = sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  try {
    return snapshot.parse((await store.snapshot('analysis'))?.state).rules
  } finally {
    await store.close()
  }
}

async function keptGroups(data: string): Promise<readonly z.infer<typeof group>[]> {
  const { windows } = await kept(data)
  return windows.filter(({ rules }) => 'many' in rules).flatMap(({ groups }) => groups)
}

it('a window keeps no more entries than its cap, forgets the oldest, and health says how many', async () => {
  const { andon, data } = await runLoop({ rules: grouped, limits: { maxEntriesPerGroup: 10 } })
  await andon.ingest(payloads(50, () => 'SN-1'))
  await andon.settled()
  const { warnings } = await andon.health()
  expect(warnings).toMatchObject([{ code: 'window-capped' }])
  expect(warnings[0]?.text.en).toMatch(/many.* 40 entries/)
  expect(warnings[0]?.text.zh).toMatch(/many.* 40 /)
  await andon.close()
  expect((await keptGroups(data)).map(({ window }) => window.times.length)).toEqual([10])
})

it('a rule keeps no more groups than its cap, forgets the stalest, and health says how many', async () => {
  const { andon, data } = await runLoop({ rules: grouped, limits: { maxGroupsPerRule: 5 } })
  await andon.ingest(payloads(20, (index) => `SN-${index}`))
  await andon.settled()
  const { warnings } = await andon.health()
  expect(warnings).toMatchObject([{ code: 'window-capped' }])
  expect(warnings[0]?.text.en).toMatch(/15 groups/)
  await andon.close()
  const freshest = ['SN-15', 'SN-16', 'SN-17', 'SN-18', 'SN-19']
  expect((await keptGroups(data)).flatMap(({ values }) => values)).toEqual(freshest)
})

it('a group that nobody speaks of any more is forgotten when its window has passed', async () => {
  const { andon, clock, data } = await runLoop({ rules: grouped })
  await andon.ingest(payloads(20, (index) => `SN-${index}`))
  await clock.advance(600_000)
  await andon.ingest(webPayload({ id: 'the-last', at: start, serial: 'SN-last' }))
  await andon.settled()
  expect((await andon.health()).warnings).toEqual([])
  await andon.close()
  expect((await keptGroups(data)).flatMap(({ values }) => values)).toEqual(['SN-last'])
})

it('a pattern follows no more matches than its cap, forgets the oldest, and health says how many', async () => {
  const rules = `CREATE RULE again AS SELECT b.serial_number AS unit FROM feedbacks MATCH (a, b)
    WHERE a.severity_score = 0 AND b.serial_number = a.serial_number AND b.severity_score > 0
    WITHIN INTERVAL '1 hour' ESCALATE TO quality;`
  const { andon, data } = await runLoop({ rules, limits: { maxGroupsPerRule: 5 } })
  const mild = Array.from({ length: 20 }, (_, index) =>
    webPayload({ id: `m-${index}`, at: start, serial: `SN-${index}`, severity: 0 }),
  )
  await andon.ingest(mild)
  await andon.settled()
  const { warnings } = await andon.health()
  expect(warnings).toMatchObject([{ code: 'window-capped' }])
  expect(warnings[0]?.text.en).toMatch(/again.* 15 matches/)
  expect(warnings[0]?.text.zh).toMatch(/again.* 15 /)
  await andon.close()
  const { patterns } = await kept(data)
  expect(patterns.again?.matches.waiting.map((waiting) => waiting.length)).toEqual([5])
})

it('more payloads than may wait for the disk are refused with OVERLOADED, and the call can be made again', async () => {
  const { andon } = await runLoop({ limits: { maxPending: 100 } })
  const first = andon.ingest(payloads(80, () => 'SN-1'))
  const second = payloads(30, () => 'SN-1', 80)
  await expect(andon.ingest(second)).rejects.toMatchObject({
    code: 'OVERLOADED',
    retryable: true,
    details: { pending: 80, limit: 100 },
  })
  expect((await andon.health()).pending).toBeLessThanOrEqual(80)
  await first
  expect(await andon.ingest(second)).toHaveLength(30)
})

it('one call may be larger than what may wait, or it could never be made', async () => {
  const { andon } = await runLoop({ limits: { maxPending: 10 } })
  const results = await andon.ingest(payloads(600, () => 'SN-1'))
  expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(600)
})

it('a target gets no more actions at once than allowed; the others wait and are shown', async () => {
  const target = memoryTarget({ name: 'mes' })
  let running = 0
  let most = 0
  const gate = Promise.withResolvers<void>()
  const slow = {
    ...target,
    execute: async (...given: Parameters<typeof target.execute>) => {
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
      return target.execute(...given)
    },
  }
  const { andon } = await runLoop({
    rules: `CREATE RULE every AS SELECT * FROM feedbacks THEN quality.notification (title = 'report') ON mes;`,
    targets: { mes: slow },
    limits: { concurrency: 3 },
  })
  await andon.ingest(payloads(40, () => 'SN-1'))
  while (running < 3 || (await andon.health()).lag > 0) await new Promise((resolve) => setImmediate(resolve))
  expect((await andon.health()).actionsPending).toBe(40)
  gate.resolve()
  await andon.settled()
  expect(most).toBe(3)
  expect(target.effects()).toHaveLength(40)
  expect((await andon.health()).actionsPending).toBe(0)
})

it('a signal keeps ten quotes and its counts, however many speak of it', async () => {
  const { andon } = await runLoop({
    rules: `CREATE RULE every AS SELECT * FROM feedbacks ESCALATE TO quality;`,
    mode: 'shadow',
  })
  await andon.ingest(payloads(300, (index) => `SN-${index}`))
  await andon.settled()
  const [signal, ...others] = await andon.signals.list()
  expect(others).toEqual([])
  expect(signal).toMatchObject({ firings: 300, occurrences: 300 })
  expect(signal?.quotes).toHaveLength(10)
  expect(signal?.quotes.at(-1)?.serialNumber).toBe('SN-299')
})
