import { virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { instantOf, payloadsOf } from '../support/crash/plan.mjs'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE many AS SELECT product_model AS model, COUNT(*) AS reports, AVG(severity_score) AS mean
  FROM feedbacks WHERE severity_score > 3 GROUP BY product_model
  WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 20 ESCALATE TO quality;
CREATE RULE noisy AS SELECT * FROM feedbacks WHERE fault_code = 'E-NOISE-03' AND severity_score > 8 ESCALATE TO quality;`

it('payloads read on threads become what they become when they are read here', async () => {
  const payloads = payloadsOf({ seed: 5, batches: 1, perBatch: 900 }).flat()
  const run = async (readers: number) => {
    const { andon } = await runLoop({ rules, clock: virtualClock(instantOf(0)), limits: { readers } })
    const warnings: string[] = []
    andon.on('warning', ({ code }) => warnings.push(code))
    const results = await andon.ingest(payloads)
    await andon.settled()
    const outcome = {
      results,
      signals: await andon.signals.list(),
      actions: (await andon.actions.list()).map(({ id, params, quotes }) => ({ id, params, quotes })),
      quarantine: await andon.quarantine.list({ limit: 10_000 }),
      records: await Promise.all(results.slice(0, 50).map(({ id }) => andon.feedback(id))),
    }
    await andon.close()
    return { outcome, warnings }
  }
  const here = await run(0)
  const elsewhere = await run(2)
  expect(here.outcome.signals.length).toBeGreaterThan(3)
  expect(here.outcome.quarantine.length).toBeGreaterThan(10)
  expect(elsewhere.outcome).toEqual(here.outcome)
  expect(elsewhere.warnings).toEqual([])
})

it('small calls never overtake a large one that a thread is reading', async () => {
  const { andon } = await runLoop({ limits: { readers: 2 } })
  const heard: string[] = []
  andon.on('feedback', ({ sourceMessageId }) => heard.push(sourceMessageId))
  const ids = Array.from({ length: 1400 }, (_, index) => `m-${index}`)
  const cuts = [0, 600, 601, 602, 1300, 1400]
  const calls = cuts.slice(1).map((end, index) => ids.slice(cuts[index], end))
  await Promise.all(
    calls.map(async (call, index) => {
      for (let turn = 0; turn < index; turn++) await new Promise((resolve) => setImmediate(resolve))
      return andon.ingest(call.map((id) => webPayload({ id, at: start })))
    }),
  )
  expect(heard).toEqual(ids)
})
