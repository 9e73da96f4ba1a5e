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

describe('an inspection lot', () => {
  const lot = {
    Material: 'COMPRESSOR',
    Plant: '1010',
    Batch: 'C-1',
    InspectionLotType: '89',
    InspectionLotQuantity: '5',
  }
  const decision = (number: string, decided = 'A') => ({
    InspectionLot: number,
    InspLotUsageDecisionCatalog: '3',
    InspLotUsgeDcsnSelectedSet: '01',
    InspLotUsageDecisionCodeGroup: '01',
    InspectionLotUsageDecisionCode: decided,
  })

  it('is made and decided once; the decision can be changed', async () => {
    const { write, patch, get } = await s4Given()
    const made = await write('POST', 'inspection', 'A_InspectionLot', lot)
    expect(made.status).toBe(201)
    const number = String(made.at('InspectionLot'))
    const decided = await write('POST', 'inspection', 'A_InspLotUsageDecision', decision(number))
    expect(decided.at('InspLotUsageDecisionValuation')).toBe('A')
    expect(
      (await get('inspection', `A_InspectionLot('${number}')`)).at('InspectionLotHasUsageDecision'),
    ).toBe(true)
    expect((await write('POST', 'inspection', 'A_InspLotUsageDecision', decision(number))).status).toBe(400)
    const path = `A_InspLotUsageDecision('${number}')`
    expect((await patch('inspection', path, { InspectionLotUsageDecisionCode: 'R' })).status).toBe(204)
    expect((await get('inspection', path)).at('InspLotUsageDecisionValuation')).toBe('R')
  })

  it('is refused a code, a lot, a batch or a quantity that does not exist', async () => {
    const { write } = await s4Given()
    const make = async (more: object) =>
      (await write('POST', 'inspection', 'A_InspectionLot', { ...lot, ...more })).status
    expect(await make({ Batch: 'none' })).toBe(400)
    expect(await make({ InspectionLotQuantity: '-1' })).toBe(400)
    expect(await make({ InspectionLotType: '' })).toBe(400)
    const decide = async (body: object) =>
      (await write('POST', 'inspection', 'A_InspLotUsageDecision', body)).status
    expect(await decide(decision('none'))).toBe(400)
    const made = await write('POST', 'inspection', 'A_InspectionLot', lot)
    expect(await decide(decision(String(made.at('InspectionLot')), 'Z'))).toBe(400)
  })

  it('cannot be made from outside where the release does not let it', async () => {
    const { write } = await s4Given({ inspectionLotCreate: false })
    expect((await write('POST', 'inspection', 'A_InspectionLot', lot)).status).toBe(405)
  })
})

describe('a quality notification', () => {
  const notification = {
    NotificationType: 'Q3',
    NotificationText: 'Compressor hums MARK0123456789AB',
    Material: 'COMPRESSOR',
    Batch: 'C-1',
    _QltyNotificationLongText: [{ QltyNotificationLongText: 'Es brummt — “jede Nacht”\nsince March' }],
    _QualityNotificationItem: [
      {
        NotificationItemText: 'noise',
        DefectCodeCatalog: '9',
        DefectCodeGroup: 'QM-E',
        DefectCode: '1',
        NumberOfDefects: 3,
        ExternalDefectiveQuantity: 7.5,
        DefectiveQuantityUnit: 'PC',
        _QltyNotificationItemCause: [{ NotificationCauseText: 'bearing' }],
      },
    ],
    _QltyNotificationTask: [{ NotificationTaskText: 'look at it' }],
    _QltyNotificationPartner: [{ PartnerFunction: 'KU', Partner: 'ANDON' }],
  }

  it('is made with its parts in one request, and found by a mark in its text', async () => {
    const { write, get, s4 } = await s4Given()
    const made = await write('POST', 'notification', 'QualityNotification', notification)
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ QualityNotification: '10000001', NotifProcessingPhase: '1' })
    const expand =
      '_QltyNotificationLongText,_QualityNotificationItem($expand=_QltyNotificationItemCause;$select=NotificationItem,ExternalDefectiveQuantity)'
    const found = await get(
      'notification',
      `QualityNotification?$filter=endswith(NotificationText,'MARK0123456789AB') and Batch eq 'C-1'&$expand=${expand}&$select=QualityNotification`,
      { accept: 'application/json;IEEE754Compatible=true' },
    )
    expect(found.rows).toEqual([
      {
        '@odata.etag': expect.any(String),
        QualityNotification: '10000001',
        _QltyNotificationLongText: [
          {
            QualityNotification: '10000001',
            LongTextInternalNumber: '1',
            Language: 'EN',
            QltyNotificationLongText: 'Es brummt — “jede Nacht”\nsince March',
          },
        ],
        _QualityNotificationItem: [
          {
            NotificationItem: '0001',
            ExternalDefectiveQuantity: '7.5',
            _QltyNotificationItemCause: [expect.objectContaining({ NotificationCauseText: 'bearing' })],
          },
        ],
      },
    ])
    expect(s4.effects('MARK0123456789AB')).toBe(1)
    expect(s4.kept('MARK0123456789AB')).toContain('“jede Nacht”')
  })

  it('has decimals as numbers, or as text where both sides say so', async () => {
    const { write } = await s4Given()
    const asText = { 'content-type': 'application/json;IEEE754Compatible=true' }
    const item = (ExternalDefectiveQuantity: unknown) => ({
      ...notification,
      _QualityNotificationItem: [{ ExternalDefectiveQuantity }],
    })
    const status = async (body: unknown, headers = {}) =>
      (await write('POST', 'notification', 'QualityNotification', body, headers)).status
    expect(await status(item('7.5'))).toBe(400)
    expect(await status(item('7.5'), asText)).toBe(201)
    expect(await status(item(7.5), asText)).toBe(400)
  })

  it('cannot be changed from outside, and has one long text', async () => {
    const { write } = await s4Given()
    await write('POST', 'notification', 'QualityNotification', notification)
    const path = "QualityNotification('10000001')"
    expect(
      (await write('PATCH', 'notification', path, { NotificationText: 'x' }, { 'if-match': '*' })).status,
    ).toBe(405)
    const two = {
      ...notification,
      _QltyNotificationLongText: [{ QltyNotificationLongText: 'a' }, { QltyNotificationLongText: 'b' }],
    }
    expect((await write('POST', 'notification', 'QualityNotification', two)).status).toBe(400)
  })

  it.each([
    ['a text of 41 characters', { NotificationText: 'x'.repeat(41) }],
    ['no text', { NotificationText: '' }],
    ['an unknown material', { Material: 'UNKNOWN' }],
    ['an unknown batch', { Batch: 'none' }],
    ['a batch without a material', { Material: '' }],
    ['an unknown field', { Priority: '1' }],
    ['a day that is an instant', { NotificationReportingDate: '2026-03-01T00:00:00Z' }],
    [
      'an unknown code',
      { _QualityNotificationItem: [{ DefectCodeCatalog: '9', DefectCodeGroup: 'X', DefectCode: '9' }] },
    ],
  ])('is refused with %s, whole', async (_case, more) => {
    const { write, s4 } = await s4Given({ codes: [{ catalog: '9', codeGroup: 'QM-E', code: '1' }] })
    const made = await write('POST', 'notification', 'QualityNotification', { ...notification, ...more })
    expect(made.status).toBe(400)
    expect(s4.state().notifications).toEqual([])
    expect(s4.state().notificationTexts).toEqual([])
  })

  it('keeps the whole action id in a field that the customer added', async () => {
    const { write, get } = await s4Given({ customFields: { notification: ['YY1_AndonAction_QNH'] } })
    const id = '01J9ZC8M1T6V5W4X3Y2Z1A0B9C'
    await write('POST', 'notification', 'QualityNotification', { ...notification, YY1_AndonAction_QNH: id })
    const found = await get(
      'notification',
      `QualityNotification?$filter=YY1_AndonAction_QNH eq '${id}'&$count=true`,
    )
    expect(found.body).toMatchObject({ '@odata.count': 1 })
  })
})

describe('other users', () => {
  it('make and change entities, and the client sees it', async () => {
    const { s4, get, clock } = await s4Given()
    s4.add('A_Defect', { DefectInternalID: '1', DefectText: 'scratch', ChangedDateTime: clock.now() })
    await clock.advance(60_000)
    s4.change('A_Defect', { DefectInternalID: '1' }, { DefectText: 'deep scratch' })
    const since = "datetimeoffset'2026-03-01T08:00:30Z'"
    const { rows } = await get('defect', `A_Defect?$filter=ChangedDateTime gt ${since}`)
    expect(rows).toEqual([expect.objectContaining({ DefectText: 'deep scratch' })])
  })
})
