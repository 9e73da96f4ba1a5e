import { createServer } from 'node:http'
import {
  type Plant,
  type PlantState,
  plantTarget,
  sampleAction,
  startPlant,
  virtualClock,
} from '@andon/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../support/plant-given.js'

const plantClock = virtualClock()
let plant: Plant
beforeEach(async () => {
  plant = await startPlant({
    clock: plantClock,
    batches: [{ batch: 'C-1', component: 'compressor' }],
    orders: [{ id: 'O-1', model: 'KX-500', priority: 6 }],
    equipment: [
      {
        id: 'IM-3',
        parameters: { temperature: { value: 220, unit: 'Cel', low: 200, high: 240, maxStep: 10 } },
      },
    ],
  })
})
afterEach(() => plant.close())

const make = () => plantTarget({ url: plant.url })
const reason = 'cooling failures'
const adjust = {
  ...{ equipment: 'IM-3', parameter: 'temperature', from: 220, to: 224, unit: 'Cel' },
  ...{ low: 210, high: 230, max_step: 5, dwell: '10 minutes', expiry: '8 hours' },
}
const action = (kind: string, params: typeof adjust | Record<string, string | number>, id = kind) =>
  sampleAction(1, { id, kind, params })

/** What the plant shows of itself, without its list of deeds and what only records who wrote when. */
const visible = ({ batches, orders, equipment }: PlantState) => ({
  batches: batches.map(({ batch, status, heldBy }) => ({ batch, status, heldBy })),
  orders: orders.filter(({ status }) => status !== 'cancelled').map(({ id, priority }) => ({ id, priority })),
  values: equipment.flatMap(({ parameters }) => Object.values(parameters).map(({ value }) => value)),
})

describe('the plant target', () => {
  it.each([
    ['material.hold', { batch: 'C-1', reason }, { status: 'held', confirmed: true }],
    ['parameter.adjust', adjust, { value: 224, previousValue: 220, confirmed: true, expiry: '8 hours' }],
    ['schedule.prioritise', { order: 'O-1', priority: 1, reason }, { priority: 1, previousPriority: 6 }],
    ['schedule.rework', { batch: 'C-1', quantity: 4, reason }, { kind: 'rework', quantity: 4 }],
  ])('proves %s with what it read back, and takes it back without a trace', async (kind, params, proof) => {
    const before = visible(plant.state())
    const asked = action(kind, params)
    const receipt = await make().execute(asked, contextOf())
    expect(receipt.proof).toMatchObject(proof)
    expect(visible(plant.state())).not.toEqual(before)
    await make().revert(asked, receipt, contextOf())
    expect(visible(plant.state())).toEqual(before)
  })

  it('takes a release back by holding again', async () => {
    const target = make()
    await target.execute(action('material.hold', { batch: 'C-1', reason }), contextOf())
    const release = action('material.release', { batch: 'C-1', reason: 'inspected' })
    const receipt = await target.execute(release, contextOf())
    expect(plant.state().batches[0]?.status).toBe('free')
    await target.revert(release, receipt, contextOf())
    expect(plant.state().batches[0]?.status).toBe('held')
  })

  it('has nothing left to undo when somebody released the batch before', async () => {
    const target = make()
    const hold = action('material.hold', { batch: 'C-1', reason })
    const receipt = await target.execute(hold, contextOf())
    await target.execute(action('material.release', { batch: 'C-1', reason: 'inspected' }), contextOf())
    const reverted = await target.revert(hold, receipt, contextOf())
    expect(reverted).toMatchObject({ alreadyDone: true, proof: { status: 'free' } })
  })

  it.each([
    ['schedule.prioritise', { order: 'O-1', priority: 1 }],
    ['schedule.rework', { batch: 'C-1', priority: 2 }],
    ['inspection.request', { product_model: 'KX-500', sample_size: 12 }],
    ['quality.notification', { title: 'Cooling failures' }],
    ['notify', { to: 'line' }],
  ])(
    'gives %s the reason of the action, in both languages, where the rule has no words',
    async (kind, params) => {
      const asked = action(kind, params)
      const receipt = await make().execute(asked, contextOf())
      const { orders, inspections, notifications, messages } = plant.state()
      const texts = [...orders, ...inspections].map((item) => item.reason)
      const said = [...texts, ...[...notifications, ...messages].map((item) => item.text)]
      expect(said).toContain(`${asked.reason.en}\n${asked.reason.zh}`)
      expect(receipt.proof).toMatchObject({ confirmed: true })
    },
  )

  it('cannot take back what was said', async () => {
    const target = make()
    const escalate = action('escalate', { to: 'production_team' })
    const receipt = await target.execute(escalate, contextOf())
    expect(plant.state().messages[0]?.text).toBe(`${escalate.reason.en}\n${escalate.reason.zh}`)
    await expect(target.revert(escalate, receipt, contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    })
  })

  it.each([
    ['beyond its own limits', { to: 231 }, /params.to/],
    ['in a step beyond max_step', { to: 226 }, /params.to/],
    ['with a dwell that is no interval', { dwell: 'a while' }, /params.dwell/],
    ['from a value that is not there', { from: 219, to: 223 }, /value_differs/],
  ])('refuses an adjustment %s', async (_, overrides, message) => {
    const asked = action('parameter.adjust', { ...adjust, ...overrides })
    await expect(make().execute(asked, contextOf())).rejects.toThrow(message)
    expect(plant.state().equipment[0]?.parameters.temperature?.value).toBe(220)
  })

  it("keeps the action's own dwell, which is longer than the machine's", async () => {
    const target = make()
    await target.execute(action('parameter.adjust', adjust, 'first'), contextOf())
    const second = action('parameter.adjust', { ...adjust, from: 224, to: 228 }, 'second')
    await expect(target.execute(second, contextOf())).rejects.toThrow(
      /dwell, it was changed 0 s ago and must stand for 600 s/,
    )
    await plantClock.advance(600_000)
    expect((await target.execute(second, contextOf())).proof).toMatchObject({ value: 228 })
  })

  it('keeps its own max_step when "from" is not given', async () => {
    const { from: _, ...rest } = adjust
    const asked = action('parameter.adjust', { ...rest, to: 228 })
    await expect(make().execute(asked, contextOf())).rejects.toThrow(
      /step_too_large, a step of 8 is larger than 5/,
    )
  })

  it('runs its time-out on the clock of the execution', async () => {
    plant.setFaults({ script: ['timeout-after'] })
    const clock = virtualClock()
    const waiting = make().execute(action('notify', { to: 'line', text: 'stop' }), { ...contextOf(), clock })
    const checked = expect(waiting).rejects.toMatchObject({
      code: 'TARGET_TIMEOUT',
      details: { milliseconds: 5000 },
    })
    while (plant.state().messages.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(5000)
    await checked
  })

  it('takes an answer that is no JSON for a system that is not well', async () => {
    const proxy = createServer((_, response) => response.end('<html>login</html>'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = proxy.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const target = plantTarget({ url: `http://127.0.0.1:${port}` })
    const asked = action('notify', { to: 'line', text: 'stop' })
    await expect(target.execute(asked, contextOf())).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE' })
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  })

  it('is refused without the token of the plant, and says that it is not well when nobody answers', async () => {
    const guarded = await startPlant({ token: 'the-right-one' })
    const target = plantTarget({ url: guarded.url, token: 'a-wrong-one' })
    const asked = action('notify', { to: 'line', text: 'stop' })
    await expect(target.execute(asked, contextOf())).rejects.toMatchObject({ code: 'TARGET_REFUSED' })
    expect(await target.check()).toEqual({ ok: true })
    await guarded.close()
    expect((await target.check()).ok).toBe(false)
  })

  it('ends what it waits for when it is closed', async () => {
    plant.setFaults({ script: ['timeout-after'] })
    const target = make()
    const waiting = target.execute(action('notify', { to: 'line', text: 'stop' }), contextOf())
    const checked = expect(waiting).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE', retryable: true })
    while (plant.state().messages.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await target.close()
    await checked
    const late = target.execute(action('notify', { to: 'line', text: 'go' }, 'late'), contextOf())
    await expect(late).rejects.toThrow(/closed/)
  })
})
