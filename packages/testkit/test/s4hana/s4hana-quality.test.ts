import { describe, expect, it } from 'vitest'
import { s4Given } from '../support/s4-given.js'

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
