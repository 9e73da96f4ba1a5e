// The least that the services need to be themselves: numbers for what is made, functions, and stock that moves. The
// rest is @sap/cds: addresses, filters, expands, batches, values, ETags, errors.
import cds from '@sap/cds'

const { SELECT, UPDATE, INSERT } = cds.ql

/** Every change that was committed, oldest first. @type {Record<string, unknown>[]} */
export const changes = []

const numbers = { notification: 10_000_001, order: 2_000_001, lot: 890_000_000_001, document: 4_900_000_001 }
/** @param {keyof typeof numbers} range */
const next = (range) => String(numbers[range]++)
const today = () => new Date().toISOString().slice(0, 10)
/** @param {number} index */
const item = (index) => String(index + 1).padStart(4, '0')

/** A stamp of 14 digits is an ETag only if no two changes share it. @param {string | undefined} last */
function stampAfter(last) {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  return last !== undefined && last >= now ? String(BigInt(last) + 1n) : now
}

/** Remembers each change when it is committed. @param {cds.Service} service */
function journal(service) {
  service.before('UPDATE', '*', async (request) => {
    const before = await SELECT.one.from(request.subject)
    request.on('succeeded', () => {
      changes.push({ set: localName(request), kind: 'changed', before, after: { ...request.data } })
    })
  })
  service.after('CREATE', '*', (_result, request) => {
    request.on('succeeded', () => {
      changes.push({ set: localName(request), kind: 'created', after: { ...request.data } })
    })
  })
}
const localName = (request) => request.target.name.split('.').at(-1)

const notifications = (service) =>
  service.before('CREATE', 'QualityNotification', ({ data }) => {
    data.QualityNotification = next('notification')
    Object.assign(data, {
      CreationDate: today(),
      NotificationReportingDate: data.NotificationReportingDate ?? today(),
    })
    const id = { QualityNotification: data.QualityNotification }
    for (const text of data._QltyNotificationLongText ?? [])
      Object.assign(text, id, { LongTextInternalNumber: '1' })
    for (const [at, one] of (data._QualityNotificationItem ?? []).entries()) {
      Object.assign(one, id, { NotificationItem: item(at) })
      const own = { ...id, NotificationItem: item(at) }
      for (const text of one._QltyNotifItemLongText ?? [])
        Object.assign(text, own, { LongTextInternalNumber: '1' })
      for (const [index, cause] of (one._QltyNotificationItemCause ?? []).entries()) {
        Object.assign(cause, own, { NotificationCauseID: item(index) })
      }
    }
    for (const [at, one] of (data._QltyNotificationTask ?? []).entries()) {
      Object.assign(one, id, { NotificationTask: item(at) })
    }
    for (const one of data._QltyNotificationPartner ?? []) Object.assign(one, id)
  })

const movements = {
  344: ['01', '07'],
  343: ['07', '01'],
}

/** @param {Record<string, string>} row @param {string} type @param {number} by */
async function changeStock(row, type, by, request) {
  const { Material, Plant, StorageLocation, Batch = '' } = row
  const key = { Material, Plant, StorageLocation, Batch, InventoryStockType: type }
  const found = await SELECT.one.from('s4hana.Stock').where(key)
  const left = Number(found?.MatlWrhsStkQtyInMatlBaseUnit ?? 0) + by
  if (left < 0) request.reject(400, `Deficit of ${-left} PC in stock type ${type}`)
  if (found === undefined || found === null) {
    await INSERT.into('s4hana.Stock').entries({
      ...key,
      MaterialBaseUnit: 'PC',
      MatlWrhsStkQtyInMatlBaseUnit: String(left),
    })
  } else
    await UPDATE('s4hana.Stock')
      .with({ MatlWrhsStkQtyInMatlBaseUnit: String(left) })
      .where(key)
}

async function move(row, request, sign = 1) {
  const [from, to] = movements[row.GoodsMovementType] ?? request.reject(400, 'Movement type does not exist')
  await changeStock(row, from, -sign * Number(row.QuantityInEntryUnit), request)
  await changeStock(row, to, sign * Number(row.QuantityInEntryUnit), request)
}

function documents(service) {
  service.before('CREATE', 'A_MaterialDocumentHeader', async (request) => {
    const { data } = request
    const key = {
      MaterialDocumentYear: String(data.PostingDate ?? today()).slice(0, 4),
      MaterialDocument: next('document'),
    }
    Object.assign(data, key, { CreationDate: today() })
    for (const [at, row] of (data.to_MaterialDocumentItem ?? []).entries()) {
      Object.assign(row, key, { MaterialDocumentItem: item(at), QuantityInBaseUnit: row.QuantityInEntryUnit })
      await move(row, request)
    }
  })
  service.on('Cancel', async (request) => {
    const { MaterialDocumentYear, MaterialDocument, PostingDate = today() } = request.data
    const key = { MaterialDocumentYear, MaterialDocument }
    const rows = await SELECT.from('s4hana.MaterialDocumentItem').where(key)
    if (rows.length === 0) return request.reject(404, 'The document does not exist')
    if (rows.some((row) => row.GoodsMovementIsCancelled))
      return request.reject(400, 'It was cancelled before')
    for (const row of rows) await move(row, request, -1)
    await UPDATE('s4hana.MaterialDocumentItem').with({ GoodsMovementIsCancelled: true }).where(key)
    const made = { MaterialDocumentYear: PostingDate.slice(0, 4), MaterialDocument: next('document') }
    const header = {
      ...made,
      GoodsMovementCode: '04',
      PostingDate,
      DocumentDate: PostingDate,
      CreationDate: today(),
    }
    await INSERT.into('s4hana.MaterialDocumentHeader').entries(header)
    for (const row of rows) {
      const reversed = {
        ReversedMaterialDocumentYear: MaterialDocumentYear,
        ReversedMaterialDocument: MaterialDocument,
        ReversedMaterialDocumentItem: row.MaterialDocumentItem,
      }
      const type = row.GoodsMovementType === '344' ? '343' : '344'
      await INSERT.into('s4hana.MaterialDocumentItem').entries({
        ...row,
        ...made,
        ...reversed,
        GoodsMovementType: type,
      })
    }
    request.on('succeeded', () => {
      changes.push({ set: 'A_MaterialDocumentHeader', kind: 'cancelled', before: key, after: made })
    })
    return SELECT.one.from('s4hana.MaterialDocumentHeader').where(made)
  })
}

function orders(service) {
  service.before('CREATE', 'A_ProductionOrder_2', ({ data }) => {
    const start = data.MfgOrderPlannedStartDate ?? today()
    Object.assign(data, {
      ...{ ManufacturingOrder: next('order'), LastChangeDateTime: stampAfter(undefined) },
      ...{ MfgOrderCreationDate: today(), Plant: data.ProductionPlant, MfgOrderPlannedStartDate: start },
      MfgOrderPlannedEndDate: data.MfgOrderPlannedEndDate ?? start,
    })
  })
  service.before('UPDATE', 'A_ProductionOrder_2', async (request) => {
    const row = await SELECT.one.from(request.subject)
    if (row?.OrderIsReleased === 'X' && request.data.MfgOrderPlannedStartDate !== undefined) {
      request.reject(400, 'The order is released: its dates cannot be changed')
    }
    request.data.LastChangeDateTime = stampAfter(row?.LastChangeDateTime)
  })
  const turn = (name, allowed, patch) =>
    service.on(name, async (request) => {
      const key = { ManufacturingOrder: request.data.ManufacturingOrder }
      const row = await SELECT.one.from('s4hana.ProductionOrder').where(key)
      if (row === null || row === undefined) return request.reject(404, 'The order does not exist')
      if (row[allowed] !== 'X') return request.reject(400, `The status of the order does not allow: ${name}`)
      const after = { ...patch, LastChangeDateTime: stampAfter(row.LastChangeDateTime) }
      await UPDATE('s4hana.ProductionOrder').with(after).where(key)
      request.on('succeeded', () => {
        changes.push({
          set: 'A_ProductionOrder_2',
          kind: 'changed',
          before: row,
          after: { ...key, ...after },
        })
      })
      return { SystemMessageType: 'S', SystemMessageText: name }
    })
  turn('ReleaseOrder', 'OrderIsCreated', { OrderIsCreated: '', OrderIsReleased: 'X' })
  turn('TechlyCmpltOrder', 'OrderIsReleased', { OrderIsTechnicallyCompleted: 'X' })
  turn('CloseOrder', 'OrderIsTechnicallyCompleted', { OrderIsClosed: 'X' })
  turn('DiscardOrder', 'OrderIsCreated', { OrderIsCreated: '', OrderIsDeleted: 'X' })
}

function inspections(service) {
  service.before('CREATE', 'A_InspectionLot', ({ data }) => {
    Object.assign(data, { InspectionLot: next('lot'), InspLotCreatedOnLocalDate: today() })
  })
  service.before('CREATE', 'A_InspLotUsageDecision', async (request) => {
    const key = { InspectionLot: request.data.InspectionLot }
    const lot = await SELECT.one.from('s4hana.InspectionLot').where(key)
    if (lot === null || lot === undefined) request.reject(400, 'The lot does not exist')
    if (lot?.InspectionLotHasUsageDecision === true) request.reject(400, 'The lot has a usage decision')
    await UPDATE('s4hana.InspectionLot').with({ InspectionLotHasUsageDecision: true }).where(key)
  })
}

/** @type {Record<string, (service: cds.Service) => void>} */
const ruled = {
  QUALITYNOTIFICATION: notifications,
  API_MATERIAL_DOCUMENT_SRV: documents,
  API_PRODUCTION_ORDER_2_SRV: orders,
  API_INSPECTIONLOT_SRV: inspections,
}

export function addRules() {
  for (const service of cds.services) {
    if (!service.name.startsWith('s4hana.')) continue
    ruled[service.name.slice('s4hana.'.length)]?.(service)
    journal(service)
  }
}
