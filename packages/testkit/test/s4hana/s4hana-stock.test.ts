import { describe, expect, it } from 'vitest'
import { type Answered, compressor, documentOf, movementItem, s4Given } from '../support/s4-given.js'

const code = (answer: Answered): unknown => answer.at('error.code')

describe('a batch', () => {
  it('is restricted by a change, its stock with it, and freed by another', async () => {
    const { patch, get, s4 } = await s4Given()
    const stock = async (): Promise<Record<string, unknown>> => {
      const { rows } = await get('stock', "A_MatlStkInAcctMod?$filter=Batch eq 'C-1'")
      return Object.fromEntries(
        rows.map((row) => [String(row.InventoryStockType), row.MatlWrhsStkQtyInMatlBaseUnit]),
      )
    }
    expect(await stock()).toEqual({ '01': '100' })
    await patch('batch', compressor, { MatlBatchIsInRstrcdUseStock: true })
    expect(await stock()).toEqual({ '01': '0', '08': '100' })
    await patch('batch', compressor, { MatlBatchIsInRstrcdUseStock: false })
    expect(await stock()).toEqual({ '01': '100', '08': '0' })
    expect(
      s4.changes.filter(({ set, kind }) => set === 'Batch' && kind === 'changed').map(({ after }) => after),
    ).toEqual([
      expect.objectContaining({ MatlBatchIsInRstrcdUseStock: true }),
      expect.objectContaining({ MatlBatchIsInRstrcdUseStock: false }),
    ])
  })

  it('takes no unknown field, no wrong type, no text that is too long and no key', async () => {
    const { patch } = await s4Given()
    for (const wrong of [
      { Status: 'x' },
      { MatlBatchIsInRstrcdUseStock: 'true' },
      { BatchBySupplier: 'more than fifteen' },
      { Batch: 'C-9' },
      { ManufactureDate: '2026-02-31T00:00:00' },
    ]) {
      expect((await patch('batch', compressor, wrong)).status).toBe(400)
    }
    expect((await patch('batch', compressor, { ManufactureDate: '/Date(1772323200000)/' })).status).toBe(204)
  })

  it('can be made for a material that exists, once', async () => {
    const { write } = await s4Given()
    const make = (Material: string, Batch: string) => write('POST', 'batch', 'Batch', { Material, Batch })
    expect((await make('COMPRESSOR', 'N-1')).status).toBe(201)
    expect((await make('COMPRESSOR', 'N-1')).status).toBe(400)
    expect(code(await make('UNKNOWN', 'N-1'))).toBe('M3/305')
  })
})

describe('a goods movement', () => {
  it('turns stock and makes a document with its items', async () => {
    const { write, get, s4 } = await s4Given()
    const made = await write(
      'POST',
      'document',
      'A_MaterialDocumentHeader',
      documentOf('04', [movementItem('344', '60.5')], { ReferenceDocument: 'MARK0123456789AB' }),
    )
    expect(made.status).toBe(201)
    expect(made.at('to_MaterialDocumentItem.results.0')).toMatchObject({
      QuantityInEntryUnit: '60.5',
      GoodsMovementIsCancelled: false,
    })
    const found = await get(
      'document',
      "A_MaterialDocumentHeader?$filter=ReferenceDocument eq 'MARK0123456789AB'",
    )
    expect(found.rows).toHaveLength(1)
    expect(s4.state().stock.map((row) => [row.InventoryStockType, row.MatlWrhsStkQtyInMatlBaseUnit])).toEqual(
      [
        ['01', '39.5'],
        ['07', '60.5'],
      ],
    )
    expect(s4.effects('MARK0123456789AB')).toBe(1)
  })

  it('is refused where the stock does not suffice, whole', async () => {
    const { write, s4 } = await s4Given()
    const items = [movementItem('344', '60'), movementItem('344', '40.001')]
    const refused = await write('POST', 'document', 'A_MaterialDocumentHeader', documentOf('04', items))
    expect(code(refused)).toBe('M7/021')
    expect(refused.at('error.message.value')).toBe(
      'Deficit of BA Unrestricted-use 0.001 PC : COMPRESSOR 1010 101A C-1',
    )
    expect(s4.state().materialDocuments).toEqual([])
    expect(s4.state().stock.map((row) => row.MatlWrhsStkQtyInMatlBaseUnit)).toEqual(['100'])
  })

  it('does not consume a restricted batch, and does when it is free', async () => {
    const { write, patch } = await s4Given()
    const consume = () =>
      write(
        'POST',
        'document',
        'A_MaterialDocumentHeader',
        documentOf('03', [movementItem('261', '1', { ManufacturingOrder: '2000' })]),
      )
    await patch('batch', compressor, { MatlBatchIsInRstrcdUseStock: true })
    expect(code(await consume())).toBe('M7/021')
    await patch('batch', compressor, { MatlBatchIsInRstrcdUseStock: false })
    expect((await consume()).status).toBe(201)
  })

  it('consumes only for an order that is released', async () => {
    const { write } = await s4Given()
    const consume = async (order: string) =>
      code(
        await write(
          'POST',
          'document',
          'A_MaterialDocumentHeader',
          documentOf('03', [movementItem('261', '1', { ManufacturingOrder: order })]),
        ),
      )
    expect(await consume('1000')).toBe('M7/361')
    expect(await consume('none')).toBe('M7/018')
    expect(await consume('2000')).toBeUndefined()
  })

  it.each([
    ['no item', '04', []],
    ['a type of another code', '03', [movementItem('344', '1')]],
    ['an unknown type', '04', [movementItem('999', '1')]],
    ['a quantity of 0', '04', [movementItem('344', '0')]],
    ['a quantity that is a number', '04', [movementItem('344', '1', { QuantityInEntryUnit: 1 })]],
    ['four decimal places', '04', [movementItem('344', '1.0001')]],
    ['four decimal places that say nothing', '04', [movementItem('344', '1.0000')]],
    ['another unit', '04', [movementItem('344', '1', { EntryUnit: 'KG' })]],
    ['an unknown batch', '04', [movementItem('344', '1', { Batch: 'none' })]],
    ['an unknown plant', '04', [movementItem('344', '1', { Plant: '9999' })]],
    ['no material', '04', [movementItem('344', '1', { Material: '' })]],
    ['a field of the system', '04', [movementItem('344', '1', { GoodsMovementIsCancelled: true })]],
  ])('is refused with %s', async (_case, movementCode, items) => {
    const { write, s4 } = await s4Given()
    const made = await write('POST', 'document', 'A_MaterialDocumentHeader', documentOf(movementCode, items))
    expect(made.status).toBe(400)
    expect(s4.state().materialDocuments).toEqual([])
  })

  it('is cancelled by another document, once, and the stock is as before', async () => {
    const { write, s4 } = await s4Given()
    const made = await write(
      'POST',
      'document',
      'A_MaterialDocumentHeader',
      documentOf('04', [movementItem('344', '60')], { ReferenceDocument: 'MARK' }),
    )
    const [MaterialDocument, MaterialDocumentYear] = [
      made.at('MaterialDocument'),
      made.at('MaterialDocumentYear'),
    ]
    const cancel = () =>
      write(
        'POST',
        'document',
        `Cancel?MaterialDocumentYear='${MaterialDocumentYear}'&MaterialDocument='${MaterialDocument}'&PostingDate=datetime'2026-03-01T00:00:00'`,
      )
    const cancelled = await cancel()
    expect(cancelled.status).toBe(200)
    expect(cancelled.at('MaterialDocument')).not.toBe(MaterialDocument)
    expect(s4.documentsWith('MARK')).toEqual([
      { set: 'A_MaterialDocumentHeader', key: { MaterialDocumentYear, MaterialDocument }, cancelled: true },
    ])
    expect(
      s4.state().materialDocumentItems.map((row) => [row.GoodsMovementType, row.ReversedMaterialDocument]),
    ).toEqual([
      ['344', ''],
      ['343', MaterialDocument],
    ])
    expect(s4.state().stock.map((row) => row.MatlWrhsStkQtyInMatlBaseUnit)).toEqual(['100', '0'])
    expect(code(await cancel())).toBe('M7/120')
  })

  it('can say what a function returned under its name, as some releases do', async () => {
    const { write } = await s4Given({ functionResults: 'named' })
    const made = await write(
      'POST',
      'document',
      'A_MaterialDocumentHeader',
      documentOf('04', [movementItem('344', '60')]),
    )
    const [MaterialDocument, MaterialDocumentYear] = [
      made.at('MaterialDocument'),
      made.at('MaterialDocumentYear'),
    ]
    const arguments_ = `MaterialDocumentYear='${MaterialDocumentYear}'&MaterialDocument='${MaterialDocument}'`
    const one = await write('POST', 'document', `CancelItem?${arguments_}&MaterialDocumentItem='0001'`)
    expect(one.at('CancelItem.GoodsMovementType')).toBe('343')
  })
})
