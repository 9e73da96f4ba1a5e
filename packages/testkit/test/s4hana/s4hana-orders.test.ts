import { describe, expect, it } from 'vitest'
import { type Answered, s4Given } from '../support/s4-given.js'

const code = (answer: Answered): unknown => answer.at('error.code')

describe('a production order', () => {
  const order = "A_ProductionOrder_2('1000')"

  it('gets another importance and other dates before its release', async () => {
    const { patch, get } = await s4Given()
    const dates = {
      MfgOrderPlannedStartDate: '/Date(1772409600000)/',
      MfgOrderPlannedStartTime: 'PT06H00M00S',
      MfgOrderPlannedEndDate: '/Date(1772496000000)/',
    }
    expect((await patch('order', order, { ManufacturingOrderImportance: '1', ...dates })).status).toBe(204)
    expect((await get('order', order)).body).toMatchObject({ ManufacturingOrderImportance: '1', ...dates })
  })

  it('keeps its dates once it is released, and may still become more important', async () => {
    const { patch } = await s4Given()
    const released = "A_ProductionOrder_2('2000')"
    const moved = await patch('order', released, { MfgOrderPlannedEndDate: '/Date(1772496000000)/' })
    expect(code(moved)).toBe('CO/702')
    expect((await patch('order', released, { ManufacturingOrderImportance: '1' })).status).toBe(204)
  })

  it.each([
    ['an end before the start', { MfgOrderPlannedEndDate: '/Date(1000)/' }],
    ['an importance that is not configured', { ManufacturingOrderImportance: 'x' }],
    ['a quantity of 0', { TotalQuantity: '0' }],
    ['a time that is none', { MfgOrderPlannedStartTime: 'PT25H00M00S' }],
    ['a status', { OrderIsReleased: 'X' }],
  ])('is refused %s', async (_case, change) => {
    const { patch } = await s4Given()
    expect((await patch('order', order, change)).status).toBe(400)
  })

  it('is made with a number, released, completed and closed, in this order', async () => {
    const { write, call, s4, get } = await s4Given({ orderTypes: ['YBM1', 'REWK'] })
    const make = (type: string, more = {}) =>
      write('POST', 'order', 'A_ProductionOrder_2', {
        ManufacturingOrderType: type,
        Material: 'FRIDGE',
        ProductionPlant: '1010',
        TotalQuantity: '7',
        OrderLongText: 'rework',
        ...more,
      })
    expect((await make('NONE')).status).toBe(400)
    expect((await make('REWK', { Material: 'UNKNOWN' })).status).toBe(400)
    const made = await make('REWK')
    expect(made.status).toBe(201)
    const number = String(made.at('ManufacturingOrder'))
    const turn = (name: string) =>
      call('order', `${name}?ManufacturingOrder='${number}'`, `A_ProductionOrder_2('${number}')`)
    expect((await turn('TechlyCmpltOrder')).status).toBe(400)
    for (const name of ['ReleaseOrder', 'TechlyCmpltOrder', 'CloseOrder']) {
      const turned = await turn(name)
      expect([turned.status, turned.at(`${name}.SystemMessageType`)]).toEqual([200, 'S'])
    }
    expect((await turn('DiscardOrder')).status).toBe(400)
    expect((await get('order', `A_ProductionOrder_2('${number}')`)).at('OrderIsClosed')).toBe('X')
    expect(s4.effects('rework')).toBe(1)
  })

  it('can be discarded before its release, and then nothing of it is changed', async () => {
    const { call, patch } = await s4Given()
    expect((await call('order', "DiscardOrder?ManufacturingOrder='1000'", order)).status).toBe(200)
    expect((await patch('order', order, { ManufacturingOrderImportance: '1' })).status).toBe(400)
  })

  it('is not changed while another user works on it', async () => {
    const { patch, call } = await s4Given({ orders: [{ order: '1000', material: 'FRIDGE', locked: true }] })
    expect(code(await patch('order', order, { ManufacturingOrderImportance: '1' }))).toBe('CO/469')
    expect((await call('order', "ReleaseOrder?ManufacturingOrder='1000'", order)).status).toBe(400)
  })

  it('needs If-Match for its functions as well', async () => {
    const { write } = await s4Given()
    expect((await write('POST', 'order', "ReleaseOrder?ManufacturingOrder='1000'")).status).toBe(428)
    expect((await write('POST', 'order', "ReleaseOrder?ManufacturingOrder='none'")).status).toBe(404)
    expect((await write('POST', 'order', 'ReleaseOrder')).status).toBe(400)
  })
})
