import { setImmediate } from 'node:timers/promises'
import { virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { contextOf, dmAction, opened, richFloor } from './dm-floor.js'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function given(...options: Parameters<typeof opened>) {
  const it = await opened(...options)
  close = async () => {
    await it.target.close()
    await it.dm.close()
  }
  const order = () => it.dm.state().orders[1] ?? expect.fail('no order')
  return { ...it, order }
}

/** Nine days before the order is to start. */
const clock = virtualClock('2026-01-01T06:00:00Z')
const context = (attempt = 1) => contextOf(attempt, { clock })
const first = '2026-01-10T06:00:00.000Z'
const prioritise = (id: string, priority = 1) =>
  dmAction('schedule.prioritise', 1, { id, params: { order: 'O-1', priority } })

describe('the priority of an order', () => {
  it.each([
    [1, '2026-01-01T06:00:00.000Z'],
    [5, '2026-01-05T18:00:00.000Z'],
    [9, first],
  ])('%d: it starts at %s', async (priority, start) => {
    const { target, order } = await given()
    const receipt = await target.execute(prioritise('a_1', priority), context())
    expect(order().scheduledStartDate).toBe(start)
    expect(receipt.proof).toMatchObject({ previousStart: '2026-01-10T06:00:00Z', confirmed: true })
    const [seen] = await target.observe([{ kind: 'order', id: 'O-1' }], context())
    expect(seen?.fields).toMatchObject({ priority, scheduledStart: start })
  })

  it("is DM's own on a scale of nine where Andon has not moved it, and again when somebody has moved it since", async () => {
    const floor = richFloor({
      orders: [
        { order: 'O-0', priority: 999 },
        { order: 'O-1', priority: 112 },
      ],
    })
    const { dm, target } = await given({ floor })
    const seen = async () =>
      (
        await target.observe(
          [
            { kind: 'order', id: 'O-0' },
            { kind: 'order', id: 'O-1' },
          ],
          context(),
        )
      ).map(({ fields }) => fields.priority)
    expect(await seen()).toEqual([9, 2])
    await target.execute(prioritise('a_1'), context())
    expect(await seen()).toEqual([9, 1])
    moveByHand(dm, '2026-01-03T00:00:00Z')
    expect(await seen()).toEqual([9, 2])
  })

  it('may come from a rule of the plant', async () => {
    const startFor = () => new Date('2026-01-02T03:04:05Z')
    const { target, order } = await given({}, { schedule: { startFor } })
    await target.execute(prioritise('a_1', 3), context())
    expect(order().scheduledStartDate).toBe('2026-01-02T03:04:05.000Z')
  })

  it('is refused when DM answers 200 and says that it failed to schedule, and leaves no mark', async () => {
    const { dm, target, order } = await given()
    dm.faults.next('schedule-failed')
    const error = await target.execute(prioritise('a_1'), context()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'TARGET_REFUSED',
      retryable: false,
      details: { sapText: expect.stringContaining('failed to schedule') },
      text: { zh: expect.stringContaining('failed to schedule') },
    })
    expect(order()).toMatchObject({ scheduledStartDate: first, customValues: { ANDON: '' } })
    await target.execute(prioritise('a_1'), context(2))
    expect(order().scheduledStartDate).toBe('2026-01-01T06:00:00.000Z')
  })

  it('is refused for an order that runs already', async () => {
    const floor = richFloor({ orders: [{ order: 'O-0' }, { order: 'O-1', executionStatus: 'ACTIVE' }] })
    const { target, order } = await given({ floor })
    await expect(target.execute(prioritise('a_1'), context())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    })
    expect(order().scheduledStartDate).toBe(first)
  })

  it('is refused where the custom field is not defined, before the order is moved', async () => {
    const { target, order } = await given({ floor: richFloor({ orderCustomFields: [] }) })
    await expect(target.execute(prioritise('a_1'), context())).rejects.toMatchObject({
      details: { sapCode: 'customfield.unknown' },
    })
    expect(order().scheduledStartDate).toBe(first)
  })

  it('goes back one step at a time, in whatever order', async () => {
    const { target, order } = await given()
    const receipt = await target.execute(prioritise('a_1', 5), context())
    await target.execute(prioritise('a_2', 1), context())
    await target.revert(prioritise('a_2', 1), receipt, context())
    expect(order().scheduledStartDate).toBe('2026-01-05T18:00:00.000Z')
    await target.execute(prioritise('a_3', 1), context())
    await target.revert(prioritise('a_1', 5), receipt, context())
    expect(order().scheduledStartDate).toBe('2026-01-01T06:00:00.000Z')
    await target.revert(prioritise('a_3', 1), receipt, context())
    expect(order().scheduledStartDate).toBe(first)
  })

  it('knows of both of two moves at once', async () => {
    const { target, order } = await given()
    const [receipt] = await Promise.all([
      target.execute(prioritise('a_1', 5), context()),
      target.execute(prioritise('a_2', 1), context()),
    ])
    await target.revert(prioritise('a_2', 1), receipt, context())
    expect(order().scheduledStartDate).toBe('2026-01-05T18:00:00.000Z')
    await target.revert(prioritise('a_1', 5), receipt, context())
    expect(order().scheduledStartDate).toBe(first)
  })

  it('stays where somebody else has moved the order since', async () => {
    const { dm, target, order } = await given()
    const receipt = await target.execute(prioritise('a_1'), context())
    moveByHand(dm, '2026-01-03T00:00:00Z')
    await expect(target.revert(prioritise('a_1'), receipt, context())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      text: { en: expect.stringContaining('moved by others since') },
    })
    // Neither is it moved again by a second try of the first action.
    expect((await target.execute(prioritise('a_1'), context(2))).alreadyDone).toBe(true)
    expect(order().scheduledStartDate).toBe('2026-01-03T00:00:00.000Z')
  })

  it('remembers as many moves as the field takes, and those that were taken back go first', async () => {
    const { target, order } = await given()
    const ids = Array.from({ length: 8 }, (_, index) => `a_${String(index).padEnd(22, 'x')}`)
    const receipts = []
    for (const [index, id] of ids.entries())
      receipts.push(await target.execute(prioritise(id, 9 - index), context()))
    const value = order().customValues.ANDON ?? ''
    expect(value.length).toBeLessThanOrEqual(255)
    expect(value).toContain(`andon:${ids.at(-1)},2,`)
  })
})

describe('rework', () => {
  const rework = (id: string, params: object = { order: 'O-1' }) =>
    dmAction('schedule.rework', 1, { id, params: { ...params, reason: 'fans fail' } })
  const floor = (status: 'IN_QUEUE' | 'DONE') =>
    richFloor({
      sfcs: [
        { sfc: 'A-1', order: 'O-1' },
        { sfc: 'A-2', order: 'O-1', status, routing: { routing: 'OTHER' } },
        { sfc: 'A-3', order: 'O-1', components: [{ component: 'MAT-FAN', batchNumber: 'LOT-1' }] },
      ],
      stocks: [{ inventoryId: 'INV-1', material: 'MAT-FAN', batchNumber: 'LOT-1' }],
    })
  const routings = (dm: Awaited<ReturnType<typeof opened>>['dm']) =>
    dm.state().sfcs.map(({ routing }) => routing.routing)

  it('takes so many units of the order as were asked for, and sends each back to where it was', async () => {
    const { dm, target } = await given({ floor: floor('IN_QUEUE') })
    const receipt = await target.execute(rework('a_1', { order: 'O-1', quantity: 2 }), context())
    expect(routings(dm)).toEqual(['REWORK', 'REWORK', 'ASSEMBLY'])
    expect(receipt.proof).toMatchObject({ units: ['A-1', 'A-2'], confirmed: true })
    await target.revert(rework('a_1', { order: 'O-1', quantity: 2 }), receipt, context())
    expect(routings(dm)).toEqual(['ASSEMBLY', 'OTHER', 'ASSEMBLY'])
    expect(dm.state().nonconformances.every(({ state }) => state === 'CLOSED')).toBe(true)
  })

  it.each([
    [{ batch: 'LOT-1' }, 'the units that have a lot'],
    [{ batch: 'LOT-1', order: 'O-1' }, 'those of an order that have it'],
  ])('%j: %s', async (params: object, _: string) => {
    const { dm, target } = await given({ floor: floor('IN_QUEUE') })
    await target.execute(rework('a_1', params), context())
    expect(routings(dm)).toEqual(['ASSEMBLY', 'OTHER', 'REWORK'])
  })

  it('is refused as a whole when DM changes some units and refuses others', async () => {
    const { dm, target } = await given({ floor: floor('IN_QUEUE'), faults: { slowMs: 60 } })
    // One of them is finished between the questions and the change.
    dm.faults.next('slow', { path: '/changeProduction' })
    const attempt = target.execute(rework('a_1'), context()).catch((thrown: unknown) => thrown)
    while (!dm.requests.some(({ target: path }) => path.endsWith('/changeProduction'))) await setImmediate()
    dm.byHand('POST', '/sfc/v1/sfcs/complete', {
      plant: 'P001',
      sfcs: ['A-2'],
      operation: 'ASSEMBLE',
      resource: 'LINE-1',
    })
    expect(await attempt).toMatchObject({
      code: 'TARGET_REFUSED',
      details: { status: 400, sapCode: 'sfc.invalid.status', sapText: 'SFC A-2 is DONE' },
    })
    expect(dm.state().changes.filter(({ what }) => what === 'sfc.routing')).toHaveLength(4)
    expect(routings(dm)).toEqual(['ASSEMBLY', 'OTHER', 'ASSEMBLY'])
    expect(dm.state().nonconformances.every(({ state }) => state === 'CLOSED')).toBe(true)
  })

  it('is refused where there is no such unit', async () => {
    const { target } = await given({ floor: floor('IN_QUEUE') })
    for (const params of [{ order: 'O-404' }, { batch: 'LOT-404' }]) {
      await expect(target.execute(rework('a_1', params), context())).rejects.toMatchObject({
        code: 'TARGET_REFUSED',
      })
    }
  })
})

const moveByHand = (dm: Awaited<ReturnType<typeof opened>>['dm'], dateTime: string) =>
  dm.byHand('POST', '/reo/v1/rescheduleOrder', { plant: 'P001', order: 'O-1', dateTime })
