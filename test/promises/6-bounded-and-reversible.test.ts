import { defineTarget } from '@andon/core'
import { type Plant, plantTarget, startPlant } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const adjustRule = `CREATE RULE cooler AS SELECT * FROM feedbacks WHERE severity_score > 9
  THEN parameter.adjust (equipment = 'IM-04', parameter = 'mould_temperature', from = 60, to = 58, unit = 'Cel',
    low = 50, high = 70, max_step = 3, reason = 'grinding doors') ON plant;`

async function openPlant(): Promise<Plant> {
  const limits = { value: 60, unit: 'Cel', low: 40, high: 80, maxStep: 5 }
  const plant = await startPlant({ equipment: [{ id: 'IM-04', parameters: { mould_temperature: limits } }] })
  onTestFinished(() => plant.close())
  return plant
}

const mould = (plant: Plant): number | undefined =>
  plant.state().equipment[0]?.parameters.mould_temperature?.value

it('a change of production that has succeeded can be taken back, and the plant stands where it stood', async () => {
  const plant = await openPlant()
  const { andon } = await runLoop({ rules: adjustRule, targets: { plant: plantTarget({ url: plant.url }) } })
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await andon.settled()
  expect(mould(plant)).toBe(58)
  const [action] = await andon.actions.list()
  await andon.actions.revert(action?.id ?? '', 'the doors still grind')
  await andon.settled()
  expect(mould(plant)).toBe(60)
  expect(await andon.actions.get(action?.id ?? '')).toMatchObject({
    status: 'reverted',
    revertReceipt: { reference: expect.any(String) },
  })
})

for (const [what, to] of [
  ['outside its own limits', 90],
  ['of a larger step than allowed', 51],
] as const) {
  it(`a change ${what} is refused before it reaches the plant`, async () => {
    const plant = await openPlant()
    const { andon } = await runLoop({
      rules: adjustRule.replace('to = 58', `to = ${to}`),
      targets: { plant: plantTarget({ url: plant.url }) },
    })
    await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
    await andon.settled()
    expect(await andon.actions.list()).toMatchObject([
      { status: 'refused', note: { en: expect.stringContaining('to'), zh: expect.stringContaining('to') } },
    ])
    expect(mould(plant)).toBe(60)
    expect(plant.requests).toBe(0)
  })
}

it('without an inverse there is no auto mode: a person must sign', async () => {
  const done: string[] = []
  const oneWay = defineTarget({
    name: 'plant',
    capabilities: {},
    handles: ['parameter.adjust'],
    async execute({ id }) {
      done.push(id)
      return { reference: id }
    },
    check: async () => ({ ok: true }),
  })
  const { andon } = await runLoop({ rules: adjustRule, targets: { plant: oneWay } })
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await andon.settled()
  const [action] = await andon.actions.list()
  expect(action?.status).toBe('awaiting-approval')
  expect(done).toEqual([])

  await andon.actions.approve(action?.id ?? '', { name: 'A. Signer', meaning: 'approved for IM-04' })
  await andon.settled()
  expect(done).toEqual([action?.id])
  expect((await andon.actions.list())[0]?.signatures).toEqual([
    { name: 'A. Signer', meaning: 'approved for IM-04', at: new Date(start).toISOString() },
  ])
})
