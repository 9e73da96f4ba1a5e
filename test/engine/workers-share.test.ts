import { createAndon, defineSource, parseRules } from '@andon/core'
import type { Source, Store } from '@andon/core/connector'
import { memoryBus, memoryStore, memoryTarget, type VirtualClock, virtualClock } from '@andon/testkit'
import { describe, expect, it } from 'vitest'
import { loopOptions, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { runWorkers } from '../support/workers.js'

const critical = `CREATE RULE critical AS SELECT * FROM feedbacks WHERE severity_score > 8 ESCALATE TO production_team;`
const hold = `CREATE RULE many AS SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
  GROUP BY product_model, component_batches.compressor WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 3
  ONCE PER INTERVAL '1 day' THEN material.hold (batch = batch, reason = '{reports} reports') ON plant;`

let made = 0
const complaint = (severity: number, model = 'KX-500'): ReturnType<typeof webPayload> =>
  webPayload({ id: `shared-${made++}`, at: start, severity, model })

/** Moves the clock on until it holds; fails with its failure when it does not within five minutes. */
async function until(clock: VirtualClock, holds: () => Promise<void>): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    try {
      await holds()
      return
    } catch (error) {
      if (waited > 300_000) throw error
      await clock.advance(500)
    }
  }
}

const statusOf = async (store: Store): Promise<readonly string[]> =>
  (await store.actions.list()).map(({ kind, status }) => `${kind} ${status}`)

describe('a silence', () => {
  it('that one worker begins holds for all, at once; each lists it within seconds', async () => {
    const clock = virtualClock(start)
    const workers = await runWorkers(2, { rules: critical, clock })
    const silence = { rule: 'critical', until: start + 3_600_000, by: 'Ms Lin', reason: 'a trial run' }
    const { id } = await workers.andon(0).silences.add(silence)
    // Models enough that either worker has some of them.
    const models = Array.from({ length: 20 }, (_, index) => `KX-${index}`)
    await workers.andon(1).ingest(models.map((model) => complaint(9, model)))
    await until(clock, async () => {
      expect(await workers.store.signals.list()).toHaveLength(20)
    })
    expect(await workers.store.actions.list()).toEqual([])
    await until(clock, async () => {
      expect(
        workers
          .andon(1)
          .silences.list()
          .map((one) => one.id),
      ).toEqual([id])
    })
    await workers.andon(1).silences.end(id)
    await clock.advance(1000)
    await workers.andon(0).ingest([complaint(9)])
    await until(clock, async () => expect(await statusOf(workers.store)).toEqual(['escalate succeeded']))
  })

  it('is not lost when several workers begin one each', async () => {
    const clock = virtualClock(start)
    const workers = await runWorkers(3, { rules: critical, clock })
    const begun = await Promise.all(
      [0, 1, 2].map((index) =>
        workers
          .andon(index)
          .silences.add({ rule: 'critical', until: start + 60_000, by: `worker ${index}`, reason: 'a test' }),
      ),
    )
    expect(new Set(begun.map(({ id }) => id)).size).toBe(3)
    await clock.advance(6000)
    for (const index of [0, 1, 2]) expect(workers.andon(index).silences.list()).toHaveLength(3)
  })
})

it('what a worker cannot read is in quarantine with the reason, and goes on when it can be read', async () => {
  const clock = virtualClock(start)
  const workers = await runWorkers(2, { rules: critical, clock })
  await workers.andon(0).ingest([complaint(9)])
  await until(clock, async () => expect(await statusOf(workers.store)).toEqual(['escalate succeeded']))
  const [lane = ''] = workers.lanes()
  const [message] = workers.read(lane)
  const bytes = Buffer.from(message?.body ?? [])
  const end = Number(message?.headers?.['andon-record'])
  const feedback = JSON.parse(bytes.toString('utf8', 0, end))
  const feedbackId = `${feedback.feedbackId.slice(0, -4)}${feedback.feedbackId.endsWith('abcd') ? 'dcba' : 'abcd'}`
  const another = { ...feedback, feedbackId, sourceMessageId: 'of a later version' }
  const record = (version: number): string => JSON.stringify({ ...another, schemaVersion: version })
  const later = Buffer.from(record(99))
  const bus = memoryBus({ broker: workers.broker })
  await bus.publish('feedback.appliance', [
    { id: 'poison', key: message?.key ?? '', body: Buffer.from('\u0000{') },
    {
      ...{ id: 'later', key: message?.key ?? '', body: Buffer.concat([later, bytes.subarray(end)]) },
      headers: { 'andon-record': String(later.length) },
    },
  ])
  const desk = workers.andon(1).quarantine
  await until(clock, async () => {
    const found = await desk.list()
    expect(found.map(({ problems }) => problems[0]?.field).toSorted()).toEqual(['headers', 'schemaVersion'])
  })
  const unknown = (await desk.list()).find(({ problems }) => problems[0]?.field === 'schemaVersion')
  expect(unknown?.problems[0]?.reason.en).toContain('schema version 99 is not known here')
  const id = unknown?.id ?? ''
  expect(await desk.replay(id)).toMatchObject([{ status: 'quarantined', id }])
  expect(await desk.list()).toHaveLength(2)
  expect(await desk.replay(id, { body: record(feedback.schemaVersion) })).toMatchObject([
    { status: 'accepted' },
  ])
  await until(clock, async () => {
    expect(await statusOf(workers.store)).toEqual(['escalate succeeded', 'escalate succeeded'])
  })
  expect(await desk.list()).toHaveLength(1)
})

it("health tells what each worker has: every partition and every duty is one worker's", async () => {
  const clock = virtualClock(start)
  const workers = await runWorkers(3, { rules: critical, targets: { plant: memoryTarget() }, clock })
  const healths = async (of: readonly number[]) =>
    Promise.all(of.map(async (index) => (await workers.andon(index).health()).worker))
  const all = Array.from({ length: 8 }, (_, number) => `feedback.appliance/${number}`)
  const duties = ['actuation/host', 'actuation/plant', 'verification']
  const isShared = async (of: readonly number[]): Promise<void> => {
    const found = await healths(of)
    expect(found.flatMap((one) => one?.partitions.map(({ name }) => name) ?? []).toSorted()).toEqual(all)
    expect(found.flatMap((one) => one?.duties ?? []).toSorted()).toEqual(duties)
  }
  await until(clock, () => isShared([0, 1, 2]))
  expect((await healths([0]))[0]).toMatchObject({ stage: 'quality', name: expect.any(String) })
  await workers.andon(0).close()
  await until(clock, () => isShared([1, 2]))
  workers.die(1)
  await until(clock, () => isShared([2]))
  expect((await workers.andon(2).health()).ok).toBe(true)
})

it('a source is read by one worker, and by another when that one is gone', async () => {
  const clock = virtualClock(start)
  const readers: number[] = []
  const source = (worker: number): Source =>
    defineSource({
      name: 'form',
      capabilities: {},
      async *receive({ signal, resumeFrom }) {
        readers.push(worker)
        const from = typeof resumeFrom?.next === 'number' ? resumeFrom.next : 0
        for (let next = from; !signal.aborted; next++) {
          yield {
            items: [
              webPayload({ id: `from-source-${next}`, at: start, severity: 9, model: `KX-${next % 7}` }),
            ],
            position: { next: next + 1 },
            commit: async () => undefined,
          }
          await new Promise<void>((resolve) => {
            clock.setTimer(1000, resolve)
            signal.addEventListener('abort', () => resolve(), { once: true })
          })
        }
      },
    })
  const workers = await runWorkers(2, { rules: critical, clock }, (index) => ({
    sources: { form: source(index) },
  }))
  await clock.advance(10_000)
  expect(readers).toHaveLength(1)
  const [first = 0] = readers
  await workers.andon(first).close()
  await clock.advance(10_000)
  expect(readers).toEqual([first, 1 - first])
  const position = await workers.store.position('form')
  await until(clock, async () => {
    const signals = await workers.store.signals.list()
    expect(signals.reduce((sum, { firings }) => sum + firings, 0)).toBeGreaterThanOrEqual(15)
  })
  expect(position?.next).toBeGreaterThanOrEqual(15)
})

it('an effect is judged by whoever judges, also when the one that began to wait for it is gone', async () => {
  const clock = virtualClock(start)
  const verification = { settleMs: 20_000, windowMs: 60_000, minimumEffect: 0.5 }
  const workers = await runWorkers(3, {
    rules: hold,
    targets: { plant: memoryTarget() },
    clock,
    verification,
  })
  await workers.andon(1).ingest([complaint(5), complaint(5), complaint(5)])
  await until(clock, async () => {
    expect(await workers.store.signals.list()).toMatchObject([{ status: 'contained' }])
  })
  const judges = async (index: number): Promise<boolean> =>
    (await workers.andon(index).health()).worker?.duties.includes('verification') === true
  const judge = (await judges(0)) ? 0 : (await judges(1)) ? 1 : 2
  await workers.andon(judge).close()
  await until(clock, async () => {
    const [signal] = await workers.store.signals.list()
    expect(signal?.verification?.verdict).toBeDefined()
  })
})

it('what expires is taken back in time, though the worker that did it is gone', async () => {
  const clock = virtualClock(start)
  const workers = await runWorkers(2, { rules: hold, clock }, () => ({
    targets: { plant: memoryTarget() },
    policy: () => ({
      status: 'approved',
      expiryMs: 90_000,
      note: { en: 'for a while', zh: '暂时' },
    }),
  }))
  await workers.andon(1).ingest([complaint(5), complaint(5), complaint(5)])
  await until(clock, async () => {
    expect(await statusOf(workers.store)).toEqual(['material.hold succeeded'])
  })
  const duties = (await workers.andon(0).health()).worker?.duties ?? []
  workers.die(duties.includes('actuation/plant') ? 0 : 1)
  await clock.advance(90_000)
  // The release of a hold needs people: they are asked at its time.
  expect(await workers.store.actions.list()).toMatchObject([
    { reversal: { cause: 'expiry', askedAt: start + 90_000 } },
  ])
})

it('rules are the same for all workers of a stage: none can be changed in one of them', async () => {
  const workers = await runWorkers(1, { rules: critical, clock: virtualClock(start) })
  const [rule] = parseRules(hold.replace(/THEN .*;/, 'ESCALATE TO quality;'))
  if (rule === undefined) throw new TypeError('there is a rule')
  await expect(workers.andon(0).rules.put(rule)).rejects.toMatchObject({ code: 'RULES_SHARED' })
})

it('a rule that one of another stage inhibits is refused: the workers of its stage would never see that one', () => {
  const inhibitor = critical
    .replace('critical AS', 'first FOR STAGE assembly AS')
    .replace('*', 'COUNT(*) AS n')
  const rules = `${inhibitor.replace(
    'ESCALATE',
    "WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) > 1 ESCALATE",
  )} CREATE RULE second AS SELECT * FROM feedbacks WHERE severity_score > 3 INHIBITED BY first ESCALATE TO q;`
  const { clock, data, ...options } = loopOptions({ rules })
  expect(() => createAndon({ ...options, clock, bus: memoryBus(), store: memoryStore() })).toThrow(
    'rule "second" is INHIBITED BY "first", whose stage other workers run',
  )
  expect(() => createAndon({ ...options, clock, data })).not.toThrow()
})
