import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plant, type PlantFault, plantTarget, startPlant } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../support/child.js'
import { advanceUntil, dataFolder, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const holdRule = `
CREATE RULE grave_hold AS
SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
THEN material.hold (batch = batch, reason = 'grave report') ON plant;`

async function openPlant(...script: readonly PlantFault[]): Promise<Plant> {
  const plant = await startPlant({
    batches: [{ batch: 'C-1', component: 'compressor' }],
    faults: { script: [...script] },
  })
  onTestFinished(() => plant.close())
  return plant
}

const cases: readonly {
  readonly faults: readonly PlantFault[]
  readonly what: string
  readonly wasDone: boolean
}[] = [
  { faults: ['error-before'], what: 'a plant that does nothing and fails', wasDone: false },
  { faults: ['timeout-after'], what: 'a time-out after the work', wasDone: true },
  { faults: ['lost-answer'], what: 'an answer that gets lost', wasDone: true },
  {
    faults: ['lost-answer', 'error-before', 'timeout-after'],
    what: 'one bad day after another',
    wasDone: true,
  },
]

for (const { faults, what, wasDone } of cases) {
  it(`${what} is tried again, and the batch is held once`, async () => {
    const plant = await openPlant(...faults)
    const loop = await runLoop({ rules: holdRule, targets: { plant: plantTarget({ url: plant.url }) } })
    await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
    // The time-out runs on the virtual clock, and only after the plant has begun its work does it count.
    await advanceUntil({ ...loop, andon: { ...loop.andon, settled: async () => undefined } }, async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      return (await loop.andon.actions.list({ status: ['succeeded', 'dead'] })).length > 0
    })
    const [action] = await loop.andon.actions.list()
    expect(action).toMatchObject({ status: 'succeeded', attempts: expect.any(Number) })
    expect(action?.attempts).toBeGreaterThan(1)
    expect(action?.receipt?.alreadyDone ?? false).toBe(wasDone)
    expect(plant.state().actions.map(({ id }) => id)).toEqual([action?.id])
    expect(plant.state().batches[0]?.holds).toHaveLength(1)
  })
}

it('a crash between the effect and its receipt makes the next try look before it acts', async () => {
  const data = dataFolder()
  const ledger = join(data, 'ledger')
  const rules = `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
    THEN quality.notification (title = 'grave report') ON ledger;`
  const task = {
    data,
    ledger,
    rules,
    at: start,
    payload: webPayload({ id: 'm-1', at: start, severity: 9.5 }),
  }
  const dying = runProgram('no-receipt', { ...task, dies: true })
  await expect(dying.message('action')).rejects.toThrow('ended')
  expect(effects(ledger)).toHaveLength(1)

  const next = await runProgram('no-receipt', { ...task, dies: false }).message('action')
  expect(next.action).toMatchObject({ status: 'succeeded', attempts: 2, receipt: { alreadyDone: true } })
  expect(effects(ledger)).toHaveLength(1)
})

it('the same finding asks for the same action, so what is sent again after a restart is no second hold', async () => {
  const plant = await openPlant()
  const options = { rules: holdRule, targets: { plant: plantTarget({ url: plant.url }) } }
  const payload = webPayload({ id: 'm-1', at: start, severity: 9.5 })
  const first = await runLoop(options)
  await first.andon.ingest(payload)
  await first.andon.settled()
  const ids = (await first.andon.actions.list()).map(({ id }) => id)
  await first.andon.close()

  // Another store knows nothing of the first: only the id can keep the two together.
  const second = await runLoop({ ...options, targets: { plant: plantTarget({ url: plant.url }) } })
  await second.andon.ingest(payload)
  await second.andon.settled()
  expect((await second.andon.actions.list()).map(({ id }) => id)).toEqual(ids)
  expect(plant.state().batches[0]?.holds).toHaveLength(1)
})

const effects = (ledger: string): readonly string[] => readFileSync(ledger, 'utf8').trim().split('\n')
