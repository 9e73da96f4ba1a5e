import { type Plant, plantTarget, sampleAction, startPlant } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contextOf } from '../support/plant-given.js'

let plant: Plant
beforeEach(async () => {
  plant = await startPlant({
    batches: [{ batch: 'C-1', component: 'compressor', quantity: 40, location: 'store 2' }, { batch: 'F-1' }],
    orders: [{ id: 'O-1', model: 'KX-500', status: 'released' }],
    units: [
      { serial: 'U-1', model: 'KX-500', batch: 'F-1', line: 'L-3', componentBatches: { compressor: 'C-1' } },
      { serial: 'U-2', model: 'KX-500', batch: 'F-1', componentBatches: { compressor: 'C-0' } },
      { serial: 'U-3', model: 'KX-500', componentBatches: { compressor: 'C-1' }, location: 'shipped' },
      // Another component's lot may have the same number.
      { serial: 'U-4', model: 'KX-500', componentBatches: { mainboard: 'C-1' } },
    ],
  })
})
afterEach(() => plant.close())

const make = () => plantTarget({ url: plant.url })
const hold = (serials: readonly string[], id = 'hold-1') =>
  sampleAction(1, { id, kind: 'material.hold', params: { serials, reason: 'no cooling' } })
const release = (serials: readonly string[], id = 'release-1') =>
  sampleAction(1, { id, kind: 'material.release', params: { serials, reason: 'inspected' } })
const post = (path: string, body: object): Promise<Response> =>
  fetch(plant.url + path, { method: 'POST', body: JSON.stringify(body) })
const heldUnits = (): readonly string[] =>
  plant.state().units.flatMap(({ serial, held }) => (held ? [serial] : []))

it('many units are held in one request, once for one action id', async () => {
  const target = make()
  const before = plant.requests
  const receipt = await target.execute(hold(['U-1', 'U-2']), contextOf())
  expect(plant.requests - before).toBe(1)
  expect(receipt.proof).toEqual({ units: 2, held: 2, confirmed: true })
  await target.execute(hold(['U-1', 'U-2']), contextOf())
  expect(heldUnits()).toEqual(['U-1', 'U-2'])
  expect(plant.state().units[0]?.holds).toHaveLength(1)
  expect(plant.state().actions).toMatchObject([{ id: 'hold-1', effects: 1, undone: 0 }])
})

it('units are held all or not at all', async () => {
  const execution = make().execute(hold(['U-1', 'U-404']), contextOf())
  await expect(execution).rejects.toMatchObject({ code: 'TARGET_REFUSED' })
  expect(heldUnits()).toEqual([])
})

it('units are released all or not at all', async () => {
  const target = make()
  await target.execute(hold(['U-1', 'U-2']), contextOf())
  await expect(target.execute(release(['U-1', 'U-4']), contextOf())).rejects.toThrow(/not_held, unit U-4/)
  expect(heldUnits()).toEqual(['U-1', 'U-2'])
  await target.execute(release(['U-1', 'U-2'], 'release-2'), contextOf())
  expect(heldUnits()).toEqual([])
  expect(plant.state().actions[0]).toMatchObject({ id: 'hold-1', effects: 1, undone: 1 })
})

it('taking a hold of units back leaves the hold of another standing', async () => {
  const target = make()
  const receipt = await target.execute(hold(['U-1', 'U-2']), contextOf())
  await target.execute(hold(['U-2'], 'hold-2'), contextOf())
  await target.revert(hold(['U-1', 'U-2']), receipt, contextOf())
  expect(heldUnits()).toEqual(['U-2'])
})

it('taking back a release of units holds them again', async () => {
  const target = make()
  await target.execute(hold(['U-1']), contextOf())
  const receipt = await target.execute(release(['U-1']), contextOf())
  await target.revert(release(['U-1']), receipt, contextOf())
  expect(heldUnits()).toEqual(['U-1'])
  expect(plant.state().actions[1]).toMatchObject({ id: 'release-1', effects: 1, undone: 1 })
})

it('a held unit cannot be shipped, but moved about; nor can a unit of a held lot', async () => {
  const target = make()
  await target.execute(hold(['U-4']), contextOf())
  const inLot = sampleAction(1, { id: 'lot', params: { batch: 'F-1', reason: 'leaks' } })
  await target.execute(inLot, contextOf())
  const shipped = await Promise.all(
    ['U-4', 'U-1'].map((serial) => post(`/units/${serial}/move`, { location: 'shipped' })),
  )
  expect(shipped.map(({ status }) => status)).toEqual([409, 409])
  expect((await post('/units/U-4/move', { location: 'quarantine' })).status).toBe(200)
  await target.execute(release(['U-4']), contextOf())
  expect((await post('/units/U-4/move', { location: 'shipped' })).status).toBe(200)
})

it('a trace finds the units that have a lot, and tells where the lot and they are', async () => {
  const answer = await make().trace({ serials: [], batches: ['C-1', 'C-0'], limit: 10 }, contextOf())
  expect(answer.batches).toEqual([
    { batch: 'C-1', component: 'compressor', location: 'store 2', quantity: 40, held: false },
    { batch: 'C-0' },
  ])
  expect(answer.units.map(({ serial, location }) => [serial, location])).toEqual([
    ['U-1', 'line'],
    ['U-3', 'shipped'],
    ['U-4', 'line'],
    ['U-2', 'line'],
  ])
  expect(answer.units[0]).toMatchObject({ productModel: 'KX-500', batch: 'F-1', line: 'L-3' })
})

it('a trace finds a unit that was built after the plant opened', async () => {
  await post('/orders/O-1/consume', { batch: 'C-1', serial: 'U-9' })
  const answer = await make().trace({ serials: ['U-2'], batches: ['C-1'], limit: 2 }, contextOf())
  expect(answer).toMatchObject({ units: [{ serial: 'U-2' }, { serial: 'U-1' }], cut: true })
  const all = await make().trace({ serials: [], batches: ['C-1'], limit: 99 }, contextOf())
  expect(all.units.map(({ serial }) => serial)).toContain('U-9')
})

it('what the units of a batch are is told by component, not by number alone', async () => {
  const receipt = await make().execute(
    sampleAction(1, { id: 'lot', params: { batch: 'C-1', component: 'compressor', reason: 'leaks' } }),
    contextOf(),
  )
  expect(receipt.proof).toMatchObject({ unitsInProcess: ['U-1', 'U-3'], unitCount: 2 })
})

it('1,200 subjects are asked for in three requests, as they stand at that instant', async () => {
  const target = make()
  const subjects = Array.from({ length: 1_200 }, (_, index) => ({
    ...{ kind: 'unit' as const, id: index === 1_100 ? 'U-2' : `nobody-${index}` },
  }))
  await target.execute(hold(['U-2']), contextOf())
  const before = plant.requests
  const seen = await target.observe(subjects, contextOf())
  expect(plant.requests - before).toBe(3)
  expect(seen.flatMap(({ found }, index) => (found ? [index] : []))).toEqual([1_100])
  expect(seen[1_100]).toEqual({ found: true, fields: { held: true } })
})

it('asking meets no fault that is meant for writes', async () => {
  const target = make()
  plant.setFaults({ script: ['error-before'] })
  const seen = await target.observe([{ kind: 'batch', id: 'C-1' }], contextOf())
  expect(seen).toEqual([{ found: true, fields: { held: false } }])
  expect((await target.trace({ serials: ['U-1'], batches: [], limit: 1 }, contextOf())).units).toHaveLength(1)
  await expect(target.execute(hold(['U-1']), contextOf())).rejects.toMatchObject({
    code: 'TARGET_UNAVAILABLE',
  })
})
