import { createAndon } from '@andon/core'
import type { CloudEvent } from '@andon/core/connector'
import { memorySink, memoryStorage, memoryStore, memoryTarget, virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { dataFolder, loopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { runWorkers } from '../support/workers.js'

const rules = `
CREATE RULE compressor_hold AS
SELECT component_batches.compressor AS batch, COUNT(*) AS units
FROM feedbacks
GROUP BY component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(*) >= 2
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units') ON plant;
`

let made = 0
const complaint = (compressor: string) => {
  made += 1
  const text = `压缩机不制冷 ${made}`
  return webPayload({ id: `c-${made}`, at: start, text, language: 'zh-CN', compressor, serial: `SN-${made}` })
}
const complaints = (count: number, batch = 'C-1') => Array.from({ length: count }, () => complaint(batch))

const typesOf = (events: readonly CloudEvent[]) => events.map(({ type }) => type.replace('io.andon.', ''))

/** Reads on until so many have come. */
async function arrived(
  sink: { events(): readonly CloudEvent[] },
  count: number,
): Promise<readonly CloudEvent[]> {
  await expect.poll(() => sink.events().length).toBeGreaterThanOrEqual(count)
  return sink.events()
}

it('what happens to a signal and its action leaves as events, in order, with the texts in both languages', async () => {
  const sink = memorySink()
  const { andon } = await runLoop({ rules, targets: { plant: memoryTarget() }, sinks: { out: sink } })
  await andon.ingest(complaints(2))
  await andon.settled()
  const events = await arrived(sink, 5)
  expect(typesOf(events)).toEqual([
    'signal.opened',
    'action.proposed',
    'action.executing',
    'action.succeeded',
    'signal.contained',
  ])
  const [opened, , , succeeded] = events
  const [signal] = await andon.signals.list()
  const [action] = await andon.actions.list()
  expect(opened).toMatchObject({
    specversion: '1.0',
    source: '/andon/default',
    subject: signal?.id,
    tenant: 'default',
    data: { detail: { title: { en: signal?.title.en, zh: signal?.title.zh }, status: 'open' } },
  })
  expect(succeeded).toMatchObject({
    subject: action?.id,
    partitionkey: signal?.id,
    data: {
      action: { kind: 'material.hold', reason: action?.reason, params: { batch: 'C-1' } },
      detail: { reference: action?.receipt?.reference },
    },
  })
  expect(JSON.stringify(succeeded)).toContain('压缩机不制冷')
  await expect.poll(async () => (await andon.health()).sinks).toEqual({ out: { ok: true, behind: 0 } })
})

it('the events name the lines of the audit log by their hashes', async () => {
  const sink = memorySink()
  const { andon } = await runLoop({ rules, targets: { plant: memoryTarget() }, sinks: { out: sink } })
  await andon.ingest(complaints(2))
  await andon.settled()
  const events = await arrived(sink, 5)
  const hashes: string[] = []
  for await (const line of andon.audit.export('default')) hashes.push(JSON.parse(line).hash)
  expect(events.map(({ id }) => id)).toEqual(hashes)
})

it('what was published and not noted comes again after a crash, with the same ids and in the same order', async () => {
  const storage = memoryStorage()
  const log: string[] = []
  const clock = virtualClock(start)
  const dying = memorySink({ log })
  // It has published, and never comes to note it: what a kill -9 between the two leaves.
  const publish = async (events: readonly CloudEvent[]): Promise<void> => {
    await dying.publish(events)
    await new Promise(() => undefined)
  }
  const first = createAndon(
    loopOptions({
      rules,
      clock,
      store: memoryStore({ storage, clock }),
      targets: { plant: memoryTarget() },
      sinks: { out: { ...dying, publish } },
    }),
  )
  await first.start()
  await first.ingest(complaints(2))
  await first.settled()
  await arrived(dying, 1)
  const before = dying.events()
  const second = createAndon(
    loopOptions({
      rules,
      clock,
      store: memoryStore({ storage, clock }),
      targets: { plant: memoryTarget() },
      sinks: { out: memorySink({ log }) },
    }),
  )
  await second.start()
  // The sink is the dead one's until its claim ends.
  await clock.advance(31_000)
  await second.settled()
  await second.close()
  const after = dying.events().slice(before.length)
  expect(after.slice(0, before.length)).toEqual(before)
  const sequences = after.map(({ sequence }) => Number(sequence))
  expect(sequences).toEqual(sequences.map((_, index) => index + 1))
})

it('a sink that is down holds up nothing, says so, and gets everything when it is back', async () => {
  let down = true
  const sink = memorySink({ fault: () => (down ? new Error('connection refused') : undefined) })
  const { andon, clock } = await runLoop({ rules, targets: { plant: memoryTarget() }, sinks: { out: sink } })
  const errors: string[] = []
  andon.on('error', ({ code }) => errors.push(code))
  await andon.ingest(complaints(2))
  await andon.settled()
  expect((await andon.actions.list())[0]?.status).toBe('succeeded')
  await expect.poll(() => errors).toContain('SINK_FAILED')
  const { ok, sinks } = await andon.health()
  expect(ok).toBe(false)
  expect(sinks.out).toMatchObject({ ok: false, behind: 5 })
  down = false
  await clock.advance(60_000)
  expect(typesOf(await arrived(sink, 5))).toContain('action.succeeded')
})

it('closing delivers what is there, and the next run goes on behind it', async () => {
  const data = dataFolder()
  const log: string[] = []
  const clock = loopOptions().clock
  const run = async (batch: string) => {
    const options = {
      rules,
      data,
      clock,
      targets: { plant: memoryTarget() },
      sinks: { out: memorySink({ log }) },
    }
    const andon = createAndon(loopOptions(options))
    await andon.start()
    await andon.ingest(complaints(2, batch))
    await andon.settled()
    await andon.close()
  }
  await run('C-1')
  expect(log).toHaveLength(5)
  await run('C-2')
  const ids = new Set(log.map((text) => JSON.parse(text).id))
  expect(log).toHaveLength(10)
  expect(ids.size).toBe(10)
})

it('each sink has its own place, and one that is new gets what was before it', async () => {
  const data = dataFolder()
  const clock = loopOptions().clock
  const old = memorySink()
  const target = memoryTarget()
  const first = createAndon(loopOptions({ rules, data, clock, targets: { plant: target }, sinks: { old } }))
  await first.start()
  await first.ingest(complaints(2))
  await first.settled()
  await first.close()
  const [again, late] = [memorySink(), memorySink()]
  const second = createAndon(
    loopOptions({ rules, data, clock, targets: { plant: memoryTarget() }, sinks: { old: again, late } }),
  )
  await second.start()
  await second.close()
  expect(again.events()).toEqual([])
  expect(late.events()).toEqual(old.events())
})

it('more than a page leaves in order, tenant by tenant', async () => {
  const sink = memorySink()
  const each = `CREATE RULE tell AS SELECT * FROM feedbacks WHERE severity_score >= 0 THEN notify (to = 'crew', text = 'a report') ON plant;`
  const { andon } = await runLoop({ rules: each, targets: { plant: memoryTarget() }, sinks: { out: sink } })
  const tenants = ['one', 'two']
  await andon.ingest(
    complaints(400).map((payload, index) => ({ ...payload, tenant: tenants[index % 2] ?? 'one' })),
  )
  await andon.settled()
  await expect.poll(async () => (await andon.health()).sinks.out?.behind).toBe(0)
  for (const tenant of tenants) {
    const sequences = sink
      .events()
      .filter((event) => event.tenant === tenant)
      .map(({ sequence }) => Number(sequence))
    expect(sequences.length).toBeGreaterThan(500)
    expect(sequences).toEqual(sequences.map((_, index) => index + 1))
  }
})

it('of several workers one at a time delivers to a sink, and when it closes or dies another goes on behind it', async () => {
  const clock = virtualClock(start)
  const log: string[] = []
  const by: number[] = []
  const gone = new Set<number>()
  const workers = await runWorkers(3, { rules, targets: { plant: memoryTarget() }, clock }, (index) => {
    const sink = memorySink({ log })
    const publish = async (events: readonly CloudEvent[]): Promise<void> => {
      if (gone.has(index)) throw new Error('the process is gone')
      await sink.publish(events)
      by.push(index)
    }
    return { sinks: { out: { ...sink, publish } } }
  })
  const delivered = async (worker: number, batches: readonly string[]): Promise<void> => {
    await workers.andon(worker).ingest(batches.flatMap((batch) => complaints(2, batch)))
    for (let waited = 0; waited < 300_000; waited += 500) {
      const head = (await workers.store.audit.heads())[0]?.sequence ?? 0
      const has = (what: string, batch: string): boolean =>
        log.some((text) => text.includes(`io.andon.${what}`) && text.includes(`"${batch}"`))
      if (log.length >= head && batches.every((batch) => has('action.succeeded', batch))) return
      await clock.advance(500)
    }
    throw new Error(`${log.length} events are there`)
  }
  await delivered(0, ['C-1', 'C-2', 'C-3'])
  expect(new Set(by).size).toBe(1)
  const first = by[0] ?? 0
  await workers.andon(first).close()
  const [second = 0, third = 0] = [0, 1, 2].filter((index) => index !== first)
  await delivered(second, ['C-4'])
  const next = by.at(-1) ?? 0
  expect(next).not.toBe(first)
  workers.die(next)
  gone.add(next)
  await delivered(next === second ? third : second, ['C-5'])
  expect(by.at(-1)).not.toBe(next)
  const sequences = log.map((text) => Number(JSON.parse(text).sequence))
  // Who died may have delivered what it could not note any more: it comes again, and from there on in order.
  expect([...new Set(sequences)]).toEqual(
    Array.from({ length: new Set(sequences).size }, (_, index) => index + 1),
  )
})

it('a sink that is no sink is refused by name', () => {
  const { publish: _, ...rest } = memorySink()
  const sinks: object = { out: rest }
  expect(() => createAndon(Object.assign(loopOptions(), { sinks }))).toThrow('The sink "out"')
})
