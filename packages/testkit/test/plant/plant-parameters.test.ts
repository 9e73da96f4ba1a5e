import { type Plant, plantTarget, sampleAction, startPlant, virtualClock } from '@andon/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../support/plant-given.js'

const clock = virtualClock()
const limits = { value: 220, unit: 'Cel', low: 200, high: 240, maxStep: 5, dwellSeconds: 60 }
let plant: Plant
beforeEach(async () => {
  plant = await startPlant({
    clock,
    parameterHistory: 3,
    orders: [{ id: 'O-1', model: 'KX-500', priority: 6 }],
    batches: [{ batch: 'C-1', component: 'compressor' }],
    equipment: [{ id: 'IM-3', parameters: { eager: limits, patient: { ...limits, restoresAtOnce: false } } }],
  })
})
afterEach(() => plant.close())

const make = () => plantTarget({ url: plant.url })
const adjust = (to: number, id: string, parameter = 'eager') =>
  sampleAction(1, {
    ...{ id, kind: 'parameter.adjust' },
    params: { equipment: 'IM-3', parameter, to, unit: 'Cel', low: 200, high: 240, max_step: 5 },
  })
const standing = (parameter = 'eager') => plant.state().equipment[0]?.parameters[parameter]

describe('a parameter', () => {
  it('is adjusted in one request, and its receipt tells what the plant answered', async () => {
    const before = plant.requests
    const receipt = await make().execute(adjust(224, 'a-1'), contextOf())
    expect(plant.requests - before).toBe(1)
    expect(receipt.proof).toMatchObject({ value: 224, previousValue: 220, confirmed: true })
  })

  it('is observed with its bounds and the instant of its last change', async () => {
    const subject = { kind: 'parameter', equipment: 'IM-3', id: 'eager' } as const
    const { value: _, ...bounds } = limits
    const before = await make().observe([subject], contextOf())
    expect(before).toEqual([{ found: true, fields: { value: 220, ...bounds } }])
    await make().execute(adjust(224, 'a-1'), contextOf())
    const after = await make().observe([subject], contextOf())
    expect(after[0]?.fields).toEqual({ value: 224, ...bounds, secondsSinceChange: 0 })
  })

  it('remembers the latest changes of its value: when, by whom, and what they took back', async () => {
    const target = make()
    const first = clock.now()
    for (const to of [222, 224, 226]) {
      await target.execute(adjust(to, `to-${to}`), contextOf())
      await clock.advance(60_000)
    }
    const last = adjust(228, 'to-228')
    const receipt = await target.execute(last, contextOf())
    await target.revert(last, receipt, contextOf())
    expect(standing()?.history).toEqual([
      { at: first + 120_000, value: 226, previous: 224, by: 'to-226', restores: null },
      { at: first + 180_000, value: 228, previous: 226, by: 'to-228', restores: null },
      { at: first + 180_000, value: 226, previous: 228, by: 'to-228:revert', restores: 'to-228' },
    ])
  })

  it('that does not restore at once is taken back after its dwell time', async () => {
    const target = make()
    const asked = adjust(224, 'a-1', 'patient')
    const receipt = await target.execute(asked, contextOf())
    await expect(target.revert(asked, receipt, contextOf())).rejects.toThrow(/dwell/)
    expect(standing('patient')?.value).toBe(224)
    await clock.advance(60_000)
    await target.revert(asked, receipt, contextOf())
    expect(standing('patient')?.value).toBe(220)
  })

  it('never leaves its limits, its step and its dwell time, whatever is asked in whatever order', async () => {
    const write = fc.record({
      to: fc.integer({ min: 190, max: 250 }),
      waits: fc.constantFrom(0, 30_000, 60_000, 600_000),
      reverts: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
        const own = await startPlant({ clock, equipment: [{ id: 'IM-3', parameters: { eager: limits } }] })
        const target = plantTarget({ url: own.url })
        for (const [index, { to, waits, reverts }] of writes.entries()) {
          await clock.advance(waits)
          const asked = adjust(to, `a-${index}`)
          const receipt = await target.execute(asked, contextOf()).catch(() => undefined)
          if (reverts && receipt !== undefined) await target.revert(asked, receipt, contextOf())
        }
        const { history = [] } = own.state().equipment[0]?.parameters.eager ?? {}
        await target.close()
        await own.close()
        for (const [index, change] of history.entries()) {
          expect(change.value).toBeGreaterThanOrEqual(200)
          expect(change.value).toBeLessThanOrEqual(240)
          expect(Math.abs(change.value - change.previous)).toBeLessThanOrEqual(5)
          const before = history[index - 1]
          if (before === undefined) continue
          expect(change.previous).toBe(before.value)
          if (change.restores === null) expect(change.at - before.at).toBeGreaterThanOrEqual(60_000)
        }
      }),
      { numRuns: 25, seed: 20_261_126 },
    )
  })
})

describe('a write that is only acknowledged', () => {
  const cases = [
    [adjust(224, 'wrong'), { kind: 'parameter', equipment: 'IM-3', id: 'eager' }, { value: 220 }],
    [
      sampleAction(1, { id: 'wrong', params: { batch: 'C-1', reason: 'leaks' } }),
      { kind: 'batch', id: 'C-1' },
      { held: false },
    ],
  ] as const

  it.each(cases)('has a receipt, and is seen not to be done: %#', async (asked, subject, fields) => {
    const target = make()
    plant.setFaults({ script: ['wrong-write'] })
    const receipt = await target.execute(asked, contextOf())
    expect(receipt.proof?.confirmed).toBe(true)
    expect((await target.observe([subject], contextOf()))[0]).toMatchObject({ found: true, fields })
    expect(plant.state().actions).toMatchObject([{ id: 'wrong', effects: 0 }])
    expect((await target.revert(asked, receipt, contextOf())).alreadyDone).toBe(true)
  })

  it('is one in so many at a rate, and other writes pass', async () => {
    const target = make()
    plant.setFaults({ rates: { 'wrong-write': 1 } })
    await target.execute(adjust(224, 'a-1'), contextOf())
    await target.execute(sampleAction(1, { id: 'm-1', kind: 'notify', params: { to: 'line' } }), contextOf())
    expect(standing()).toMatchObject({ value: 220, changedBy: null, history: [] })
    expect(plant.state().messages).toHaveLength(1)
  })
})

it('the priority of an order is not taken back over the change of another', async () => {
  const target = make()
  const prioritise = (priority: number, id: string) =>
    sampleAction(1, { id, kind: 'schedule.prioritise', params: { order: 'O-1', priority } })
  const first = await target.execute(prioritise(2, 'a-1'), contextOf())
  await target.execute(prioritise(1, 'a-2'), contextOf())
  await expect(target.revert(prioritise(2, 'a-1'), first, contextOf())).rejects.toThrow(/changed_since/)
  expect(plant.state().orders[0]?.priority).toBe(1)
  await target.execute(prioritise(6, 'a-3'), contextOf())
  const late = await target.revert(prioritise(2, 'a-1'), first, contextOf())
  expect(late).toMatchObject({ alreadyDone: true, proof: { priority: 6 } })
})
