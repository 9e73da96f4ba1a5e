import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'vitest'
import { context, type Given, given } from './support/s4-given.js'

let open: Given | undefined
afterEach(() => open?.close())

const issue = (batch: string, order: string, more = {}) => ({
  ...{ movement: '261', material: 'COMPRESSOR', batch, order, quantity: '2' },
  ...more,
})
const receipt = (batch: string, order: string, serials: readonly string[], more = {}) => ({
  ...{
    movement: '101',
    material: 'FRIDGE',
    batch,
    order,
    quantity: String(serials.length),
    serials: [...serials],
  },
  ...more,
})

const start = async (movements: readonly ReturnType<typeof issue>[]): Promise<Given> => {
  open = await given(
    {},
    {
      batches: ['C-1', 'C-2', 'F-1', 'F-2'].map((batch) => ({
        material: batch.startsWith('C') ? 'COMPRESSOR' : 'FRIDGE',
        ...{ batch, restricted: batch === 'C-2' },
      })),
      stock: [
        { material: 'COMPRESSOR', batch: 'C-1', quantity: '10.5' },
        { material: 'COMPRESSOR', batch: 'C-1', quantity: '2', storageLocation: '101B', type: '07' },
      ],
      orders: [],
      movements: [...movements],
    },
  )
  return open
}

const ask = (given: Given, question: { serials?: string[]; batches?: string[]; limit?: number }) =>
  given.target.trace({ serials: [], batches: [], limit: 100, ...question }, context())

describe('a trace', () => {
  it('finds what a lot went into, where it is now, and what is left of it', async () => {
    const all = await start([
      issue('C-1', '1000'),
      receipt('F-1', '1000', ['S-1', 'S-2']),
      receipt('F-1', '', ['S-2'], { movement: '601', delivery: '800' }),
      issue('C-2', '2000'),
      receipt('F-2', '2000', ['S-3']),
    ])
    const { units, batches } = await ask(all, { batches: ['C-1'] })
    const unit = { productModel: 'FRIDGE', batch: 'F-1', componentBatches: { compressor: 'C-1' } }
    assert.deepEqual(units, [
      { serial: 'S-1', ...unit, location: '1010/101A' },
      { serial: 'S-2', ...unit, location: 'shipped' },
    ])
    assert.deepEqual(batches, [
      {
        batch: 'C-1',
        component: 'compressor',
        location: '1010/101A, 1010/101B',
        quantity: 12.5,
        held: false,
      },
    ])
    assert.equal((await ask(all, { batches: ['C-2'] })).batches[0]?.held, true)
  })

  it('finds the units of a finished-goods lot, and the lots of a unit', async () => {
    const all = await start([issue('C-1', '1000'), receipt('F-1', '1000', ['S-1', 'S-2'])])
    assert.deepEqual(
      (await ask(all, { batches: ['F-1'] })).units.map(({ serial }) => serial),
      ['S-1', 'S-2'],
    )
    assert.deepEqual((await ask(all, { serials: ['S-2'] })).units[0]?.componentBatches, { compressor: 'C-1' })
  })

  it('does not count what was taken back: an issue by 262, a receipt by 102', async () => {
    const all = await start([
      issue('C-1', '1000'),
      issue('C-1', '1000', { movement: '262' }),
      issue('C-2', '1000'),
      receipt('F-1', '1000', ['S-1', 'S-2']),
      receipt('F-1', '1000', ['S-2'], { movement: '102' }),
    ])
    assert.deepEqual((await ask(all, { batches: ['C-1'] })).units, [])
    assert.deepEqual(
      (await ask(all, { batches: ['C-2'] })).units.map(({ serial }) => serial),
      ['S-1'],
    )
  })

  it('names both lots of a component where an order had two', async () => {
    const all = await start([issue('C-1', '1000'), issue('C-2', '1000'), receipt('F-1', '1000', ['S-1'])])
    const { units } = await ask(all, { serials: ['S-1'] })
    assert.deepEqual(units[0]?.componentBatches, { compressor: 'C-1', 'compressor#2': 'C-2' })
  })

  it('asks page by page and in several questions where there is much, and forgets nothing', async () => {
    const orders = Array.from({ length: 90 }, (_, index) => String(1000 + index))
    const all = await start(
      orders.flatMap((order) => [issue('C-1', order), receipt('F-1', order, [`S-${order}`])]),
    )
    const { units, cut } = await ask(all, { batches: ['C-1'] })
    assert.deepEqual([units.length, cut], [90, false])
  })

  it('says that it is cut where a serial number stands in more documents than are read', async () => {
    const all = await start([issue('C-1', '1000'), receipt('F-1', '1000', ['S-1'])])
    for (let index = 0; index <= 10_000; index += 1) {
      all.sap.add('A_SerialNumberMaterialDocument', {
        ...{ Material: 'FRIDGE', SerialNumber: 'S-1', MaterialDocumentYear: '2020' },
        ...{ MaterialDocument: String(index), MaterialDocumentItem: '1' },
      })
    }
    assert.equal((await ask(all, { serials: ['S-1'] })).cut, true)
  })

  it('says that it is cut where a lot has more deliveries than are read', async () => {
    const all = await start([issue('C-1', '1000'), receipt('F-1', '1000', ['S-1'])])
    for (let index = 0; index <= 20_000; index += 1) {
      all.sap.add('A_MaterialDocumentItem', {
        ...{ MaterialDocumentYear: '2020', MaterialDocument: String(index), MaterialDocumentItem: '1' },
        ...{ Material: 'FRIDGE', Plant: '1010', Batch: 'F-1', GoodsMovementType: '601' },
      })
    }
    assert.equal((await ask(all, { batches: ['C-1'] })).cut, true)
  })
})
