import { join } from 'node:path'
import * as core from '@andon/core'
import { plantTarget, startPlant, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../support/child.js'
import { resultOf } from '../support/crash/result.mjs'
import { differences, killsOf, runPlan } from '../support/crash/run.mjs'
import { dataFolder, loopOptions, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `
CREATE RULE compressor_batch_hold AS
SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 3
THEN material.hold (batch = batch, reason = '{reports} reports') ON plant;
CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO production_team;`

const floor = { batches: ['C-1', 'C-2'].map((batch) => ({ batch, component: 'compressor' })) }

const batches = Array.from({ length: 16 }, (_, batch) => {
  const at = start + batch * 60_000
  return {
    at,
    payloads: [0, 1].map((index) =>
      webPayload({
        id: `m-${batch}-${index}`,
        at,
        compressor: `C-${1 + index}`,
        severity: batch === 2 ? 9.5 : 5,
      }),
    ),
  }
})

it('a loop killed after its first commit, then after its second, and so on, ends as an undisturbed one does', async () => {
  const run = async (
    isKilled: boolean,
  ): Promise<{ lives: number; result: Awaited<ReturnType<typeof resultOf>> }> => {
    const clock = virtualClock(start)
    const plant = await startPlant({ ...floor, clock })
    onTestFinished(() => plant.close())
    const data = dataFolder()
    let lives = 0
    for (let done = false; !done && lives < 30; lives++) {
      const dies = isKilled ? lives + 1 : 0
      const program = runProgram('one-commit', { data, plantUrl: plant.url, dies, rules, batches })
      done = await program.message('done').then(
        () => true,
        () => false,
      )
      await program.kill()
    }
    return { lives, result: await resultOf(core, data, plant.state()) }
  }
  const undisturbed = await run(false)
  const killed = await run(true)
  expect(undisturbed.lives).toBe(1)
  expect(undisturbed.result.signals).toHaveLength(3)
  expect(undisturbed.result.plant.batches.map(({ status }) => status)).toEqual(['held', 'held'])
  expect(killed.lives).toBeGreaterThan(4)
  expect(differences(undisturbed.result, killed.result)).toEqual([])
})

it('a batch whose effects cannot be committed leaves no trace, and all of it when they can', async () => {
  const options = loopOptions({
    rules,
    targets: { plant: plantTarget({ url: 'http://127.0.0.1:9' }) },
    mode: 'advise',
  })
  const store = core.sqliteStore({ path: join(options.data, 'andon.db') })
  let isFailing = true
  const andon = core.createAndon({
    ...options,
    store: new Proxy(store, {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name)
        const transaction: typeof store.transaction = (work) =>
          target.transaction(async (inside) => {
            const made = await work(inside)
            if (isFailing) throw new Error('no space left on device')
            return made
          })
        return transaction
      },
    }),
  })
  onTestFinished(() => andon.close())
  const failed = new Promise<core.AndonError>((resolve) => andon.on('error', resolve))
  await andon.start()
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.8 }))
  expect((await failed).code).toBe('STORE_FAILED')
  expect(await andon.signals.list()).toEqual([])
  expect(await andon.actions.list()).toEqual([])
  expect(await store.checkpoint('analysis')).toBe(0)

  isFailing = false
  await options.clock.advance(1000)
  await andon.settled()
  const [signal, ...others] = await andon.signals.list()
  expect(others).toEqual([])
  expect(signal).toMatchObject({ rule: 'grave', firings: 1, occurrences: 1 })
  expect(await andon.actions.list()).toHaveLength(1)
  expect(await store.checkpoint('analysis')).toBe(1)
})

it('a loop that is closed while it cannot commit finds the same again at the next start', async () => {
  const options = loopOptions({
    rules,
    targets: { plant: plantTarget({ url: 'http://127.0.0.1:9' }) },
    mode: 'advise',
  })
  const store = core.sqliteStore({ path: join(options.data, 'andon.db') })
  const andon = core.createAndon({
    ...options,
    store: new Proxy(store, {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name)
        return () => Promise.reject(new Error('no space left on device'))
      },
    }),
  })
  const failed = new Promise((resolve) => andon.on('error', resolve))
  await andon.start()
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.8 }))
  await failed
  await andon.close()

  const again = core.createAndon(options)
  onTestFinished(() => again.close())
  await again.start()
  await again.settled()
  expect(await again.signals.list()).toMatchObject([{ rule: 'grave', firings: 1, occurrences: 1 }])
})

it('a listener that throws makes nothing happen twice', async () => {
  const options = loopOptions({
    rules,
    targets: { plant: plantTarget({ url: 'http://127.0.0.1:9' }) },
    mode: 'advise',
  })
  const andon = core.createAndon(options)
  onTestFinished(() => andon.close())
  for (const event of ['feedback', 'signal', 'action', 'quarantined'] as const) {
    andon.on(event, () => {
      throw new Error('a mistake of the host')
    })
  }
  await andon.start()
  const results = await andon.ingest([
    webPayload({ id: 'm-1', at: start, severity: 9.8 }),
    { body: 'nothing' },
  ])
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'quarantined'])
  await andon.settled()
  expect(await andon.signals.list()).toMatchObject([{ firings: 1, occurrences: 1 }])
})

const soakSeed = 20_260_301

it(`kill -9 at 50 random moments under load changes nothing (seed ${soakSeed})`, async () => {
  const plan = { seed: soakSeed, batches: 300, perBatch: 10 }
  const undisturbed = await runPlan({ plan })
  const killed = await runPlan({ plan, kills: killsOf(soakSeed, 50, plan) })
  expect(killed.kills).toBe(50)
  expect(undisturbed.result.signals.length).toBeGreaterThan(20)
  expect(differences(undisturbed.result, killed.result)).toEqual([])
}, 240_000)
