import { type Plant, startPlant, virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'

const opened: Plant[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((plant) => plant.close()))
})

const clock = virtualClock()
async function open(): Promise<Plant> {
  const plant = await startPlant({
    clock,
    batches: [
      { batch: 'C-1', component: 'compressor', quantity: 10 },
      { batch: 'M-1', component: 'mainboard' },
    ],
    orders: [
      { id: 'O-1', model: 'KX-500', status: 'released' },
      { id: 'O-2', model: 'KX-700', priority: 6 },
    ],
    equipment: [
      {
        id: 'IM-3',
        parameters: {
          temperature: { value: 220, unit: 'Cel', low: 200, high: 240, maxStep: 5, dwellSeconds: 60 },
        },
      },
    ],
    units: [
      { serial: 'U-1', model: 'KX-500', componentBatches: { compressor: 'C-1' }, location: 'station 4' },
    ],
  })
  opened.push(plant)
  return plant
}

async function ask(plant: Plant, request: string, body?: object, key?: string) {
  const [method = 'GET', path = '/'] = request.split(' ')
  const response = await fetch(plant.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = z.record(z.string(), z.unknown()).parse(await response.json())
  return { status: response.status, answer, replay: response.headers.get('idempotent-replay') }
}

const reason = 'cooling failures'
const step = (value: number) => ({ value, unit: 'Cel', reason })
const temperature = 'PUT /equipment/IM-3/parameters/temperature'

describe('batches', () => {
  it('a hold shows the units in process that have the batch in them', async () => {
    const plant = await open()
    const { status, answer } = await ask(plant, 'POST /batches/C-1/hold', { reason }, 'a-1')
    expect(status).toBe(200)
    expect(answer).toMatchObject({ status: 'held', heldBy: 'a-1', reason, unitsInProcess: ['U-1'] })
  })

  it('one action id holds once, and its answer is repeated', async () => {
    const plant = await open()
    const first = await ask(plant, 'POST /batches/C-1/hold', { reason }, 'a-1')
    const second = await ask(plant, 'POST /batches/C-1/hold', { reason }, 'a-1')
    expect(second.answer).toEqual(first.answer)
    expect([first.replay, second.replay]).toEqual([null, 'true'])
    expect(plant.state().batches[0]?.holds).toHaveLength(1)
  })

  it('an action id that stands for something else is refused', async () => {
    const plant = await open()
    await ask(plant, 'POST /batches/C-1/hold', { reason }, 'a-1')
    const { status, answer } = await ask(plant, 'POST /batches/M-1/hold', { reason }, 'a-1')
    expect([status, answer.code]).toEqual([409, 'action_id_reused'])
    expect(plant.state().batches[1]?.status).toBe('free')
  })

  it('an action id can be looked up, and an unknown one is not found', async () => {
    const plant = await open()
    await ask(
      plant,
      'POST /batches/C-1/hold',
      { reason, quotes: [{ text: '不制冷' }] },
      encodeURIComponent('动作/1'),
    )
    const { answer } = await ask(plant, `GET /actions/${encodeURIComponent('动作/1')}`)
    expect(answer).toMatchObject({
      id: '动作/1',
      request: 'POST /batches/C-1/hold',
      quotes: [{ text: '不制冷' }],
    })
    expect((await ask(plant, 'GET /actions/a-2')).status).toBe(404)
  })

  it('a held batch cannot be consumed by an order, a released one can', async () => {
    const plant = await open()
    await ask(plant, 'POST /batches/C-1/hold', { reason })
    const held = await ask(plant, 'POST /orders/O-1/consume', { batch: 'C-1' })
    expect([held.status, held.answer.code]).toEqual([409, 'batch_held'])
    await ask(plant, 'POST /batches/C-1/release', { reason: 'inspected, all good' })
    const free = await ask(plant, 'POST /orders/O-1/consume', { batch: 'C-1', serial: 'U-2' })
    expect(free.status).toBe(200)
    const state = plant.state()
    expect(state.batches[0]).toMatchObject({ consumed: 1, quantity: 9 })
    expect(state.units[1]).toMatchObject({ serial: 'U-2', componentBatches: { compressor: 'C-1' } })
  })

  it('a release needs a reason and something that is held', async () => {
    const plant = await open()
    expect((await ask(plant, 'POST /batches/C-1/release', {})).status).toBe(422)
    const free = await ask(plant, 'POST /batches/C-1/release', { reason })
    expect([free.status, free.answer.code]).toEqual([409, 'not_held'])
  })

  it('taking back one hold leaves the hold of another standing', async () => {
    const plant = await open()
    await ask(plant, 'POST /batches/C-1/hold', { reason }, 'a-1')
    await ask(plant, 'POST /batches/C-1/hold', { reason: 'another problem' }, 'a-2')
    await ask(plant, 'POST /batches/C-1/release', { reason, hold: 'a-1' })
    expect(plant.state().batches[0]).toMatchObject({
      status: 'held',
      heldBy: 'a-2',
      reason: 'another problem',
    })
  })

  it('a batch of another component, an unknown batch and a used-up one are refused', async () => {
    const plant = await open()
    const differs = await ask(plant, 'POST /batches/C-1/hold', { reason, component: 'mainboard' })
    expect([differs.status, differs.answer.code]).toEqual([422, 'component_differs'])
    expect((await ask(plant, 'POST /batches/C-9/hold', { reason })).status).toBe(404)
    const usedUp = await ask(plant, 'POST /orders/O-1/consume', { batch: 'C-1', quantity: 11 })
    expect([usedUp.status, usedUp.answer.code]).toEqual([409, 'used_up'])
  })
})

describe('machine parameters', () => {
  it('a write within the limits is there when it is read back', async () => {
    const plant = await open()
    await ask(plant, temperature, step(224), 'a-1')
    const { answer } = await ask(plant, 'GET /equipment/IM-3/parameters/temperature')
    expect(answer).toMatchObject({ value: 224, previous: 220, changedBy: 'a-1', secondsSinceChange: 0 })
  })

  it.each([
    ['beyond its limits', { value: 241 }, 422, 'out_of_limits'],
    ['in too large a step', { value: 226 }, 422, 'step_too_large'],
    ['in another unit', { value: 224, unit: 'K' }, 422, 'unit_differs'],
    ['on a value that is not there', { value: 224, expects: 210 }, 409, 'value_differs'],
    ['without a reason', { value: 224, reason: '' }, 422, 'invalid'],
  ])('a write %s is refused and changes nothing', async (_, overrides, status, code) => {
    const plant = await open()
    const refused = await ask(plant, temperature, { ...step(0), ...overrides })
    expect([refused.status, refused.answer.code]).toEqual([status, code])
    expect(plant.state().equipment[0]?.parameters.temperature?.value).toBe(220)
  })

  it('a second write before the dwell time is over is refused, after it not', async () => {
    const plant = await open()
    await ask(plant, temperature, step(222))
    const early = await ask(plant, temperature, step(224))
    expect([early.status, early.answer.code]).toEqual([409, 'dwell'])
    await clock.advance(60_000)
    expect((await ask(plant, temperature, step(224))).status).toBe(200)
  })

  it('the last change may be taken back at once, but not over the change of another', async () => {
    const plant = await open()
    await ask(plant, temperature, step(224), 'a-1')
    const back = { ...step(220), restores: 'a-1' }
    expect((await ask(plant, temperature, back, 'a-1:revert')).status).toBe(200)
    await clock.advance(60_000)
    await ask(plant, temperature, step(218), 'a-2')
    const late = await ask(plant, temperature, back)
    expect([late.status, late.answer.code]).toEqual([409, 'changed_since'])
  })
})

describe('orders', () => {
  it('a planned order takes a priority of 1 to 9, a released one refuses', async () => {
    const plant = await open()
    const changed = await ask(plant, 'PUT /orders/O-2/priority', { priority: 1, reason })
    expect(changed.answer).toMatchObject({ priority: 1, previousPriority: 6 })
    expect((await ask(plant, 'PUT /orders/O-2/priority', { priority: 10, reason })).status).toBe(422)
    const released = await ask(plant, 'PUT /orders/O-1/priority', { priority: 1, reason })
    expect([released.status, released.answer.code]).toEqual([409, 'order_released'])
  })

  it('a rework order is planned, names its origin, and can be cancelled until it is released', async () => {
    const plant = await open()
    const { answer } = await ask(plant, 'POST /rework', { order: 'O-1', quantity: 3, reason })
    const about = { order: 'O-1', batch: null }
    expect(answer).toMatchObject({ id: 'RW-000001', kind: 'rework', model: 'KX-500', priority: 1, about })
    await ask(plant, 'POST /orders/RW-000001/release', {})
    const late = await ask(plant, 'POST /orders/RW-000001/cancel', { reason })
    expect([late.status, late.answer.code]).toEqual([409, 'order_released'])
    expect((await ask(plant, 'POST /rework', { reason })).status).toBe(422)
  })

  it('a planned or a finished order consumes nothing', async () => {
    const plant = await open()
    expect((await ask(plant, 'POST /orders/O-2/consume', { batch: 'M-1' })).status).toBe(409)
    await ask(plant, 'POST /orders/O-1/finish', {})
    expect((await ask(plant, 'POST /orders/O-1/consume', { batch: 'M-1' })).status).toBe(409)
  })
})

describe('what is told', () => {
  it("a quality notification keeps the customers' words", async () => {
    const plant = await open()
    const quotes = [{ text: '夜里嗡嗡响', conditions: [{ quantity: 'time', text: '夜里' }] }]
    await ask(plant, 'POST /notifications', { title: 'Noise', text: 'At night', batch: 'C-1', quotes })
    expect(plant.state().notifications[0]).toMatchObject({ id: 'QN-000001', quotes, status: 'open' })
  })

  it('refusals are in the language that was asked for', async () => {
    const plant = await open()
    const headers = { 'accept-language': 'zh-CN,zh;q=0.9' }
    const response = await fetch(`${plant.url}/batches/C-9`, { headers })
    expect(await response.json()).toEqual({ code: 'unknown', message: '没有批次 C-9' })
  })

  it('what is not JSON, too large or nowhere is refused', async () => {
    const plant = await open()
    const post = (body: string) => fetch(`${plant.url}/messages`, { method: 'POST', body })
    expect((await post('{"to": ')).status).toBe(400)
    expect((await post(JSON.stringify({ to: 'x', text: 'y'.repeat(1_000_001) }))).status).toBe(413)
    expect((await ask(plant, 'DELETE /batches/C-1')).status).toBe(404)
    expect((await ask(plant, 'GET /health')).answer).toEqual({ status: 'ok' })
  })
})
