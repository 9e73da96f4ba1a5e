import { compareDecimals } from '../odata/decimals.js'
import { day, decimal, type Row, text, time, type Value } from '../odata/field.js'
import type { EntitySet, FunctionImport, RuleContext, Service } from '../odata/model.js'
import { ODataProblem } from '../odata/problem.js'
import { completed, customFields, mark, midnight, refuse, stampAfter, stampOf, textOf } from './entity.js'
import { checkMaterial } from './master-data.js'

const updatable = { updatable: true }
const computed = { computed: true }
const required = { required: true }

const orders = { name: 'production order', first: 1_000_001 }
const setName = 'A_ProductionOrder_2'

const dateFields = [
  ...[
    'MfgOrderPlannedStartDate',
    'MfgOrderPlannedStartTime',
    'MfgOrderPlannedEndDate',
    'MfgOrderPlannedEndTime',
  ],
]

function checkDates(row: Row): void {
  const at = (date: Value | undefined, seconds: Value | undefined): number =>
    Number(date ?? 0) + Number(seconds ?? 0) * 1000
  const start = at(row.MfgOrderPlannedStartDate, row.MfgOrderPlannedStartTime)
  const end = at(row.MfgOrderPlannedEndDate, row.MfgOrderPlannedEndTime)
  if (end < start) refuse('CO/254', 'The finish date lies before the start date', 'MfgOrderPlannedEndDate')
}

function checkQuantity(row: Row): void {
  if (compareDecimals(textOf(row, 'TotalQuantity'), '0') > 0) return
  refuse('CO/001', 'Enter an order quantity above 0', 'TotalQuantity')
}

/** Nothing of an order is changed that is completed, closed, deleted or locked. */
function checkOpen(row: Row): void {
  const order = textOf(row, 'ManufacturingOrder')
  if (row.OrderIsLocked === 'X') {
    throw new ODataProblem(400, 'CO/469', `Order ${order} is being processed by another user`)
  }
  const closed = ['OrderIsDeleted', 'OrderIsTechnicallyCompleted', 'OrderIsClosed'].some(
    (status) => row[status] === 'X',
  )
  if (closed) refuse('CO/688', `The status of order ${order} does not allow changes`)
}

function changeOrder(context: RuleContext, row: Row, patch: Row): void {
  const stamp = stampAfter(row.LastChangeDateTime, context.at)
  context.tables.change(setName, row, { ...patch, LastChangeDateTime: stamp }, mark(context))
}

function update(context: RuleContext, row: Row, patch: Row): void {
  checkOpen(row)
  const changed = { ...row, ...patch }
  const isDifferent = (name: string): boolean => row[name] !== changed[name]
  if (row.OrderIsReleased === 'X') {
    const field = [...dateFields, 'TotalQuantity'].find(isDifferent)
    if (field !== undefined) {
      refuse(
        'CO/702',
        `Order ${textOf(row, 'ManufacturingOrder')} is released: ${field} cannot be changed`,
        field,
      )
    }
  }
  if (!/^[1-9]?$/.test(textOf(changed, 'ManufacturingOrderImportance'))) {
    refuse('CO/703', 'The importance is not in the configuration', 'ManufacturingOrderImportance')
  }
  checkDates(changed)
  checkQuantity(changed)
  changeOrder(context, row, patch)
}

function orderSet(custom: readonly string[], types: readonly string[] | undefined): EntitySet {
  const set: EntitySet = {
    name: setName,
    type: 'A_ProductionOrder_2Type',
    key: ['ManufacturingOrder'],
    etag: 'LastChangeDateTime',
    fields: {
      ManufacturingOrder: text(12, computed),
      ManufacturingOrderCategory: text(2, computed),
      ManufacturingOrderType: text(4, required),
      OrderLongText: text(Number.POSITIVE_INFINITY, updatable),
      ManufacturingOrderImportance: text(1, updatable),
      OrderIsCreated: text(1, computed),
      OrderIsReleased: text(1, computed),
      OrderIsConfirmed: text(1, computed),
      OrderIsDelivered: text(1, computed),
      OrderIsDeleted: text(1, computed),
      OrderIsLocked: text(1, computed),
      OrderIsTechnicallyCompleted: text(1, computed),
      OrderIsClosed: text(1, computed),
      MfgOrderCreationDate: day(computed),
      LastChangeDateTime: text(14, computed),
      Material: text(40, required),
      StorageLocation: text(4),
      GoodsRecipientName: text(12, updatable),
      UnloadingPointName: text(25, updatable),
      ProductionPlant: text(4, required),
      Plant: text(4, computed),
      ProductionVersion: text(4),
      MRPController: text(3, computed),
      MfgOrderPlannedStartDate: day(updatable),
      MfgOrderPlannedStartTime: time(updatable),
      MfgOrderPlannedEndDate: day(updatable),
      MfgOrderPlannedEndTime: time(updatable),
      MfgOrderScheduledStartDate: day(computed),
      MfgOrderScheduledEndDate: day(computed),
      ProductionUnit: text(3),
      TotalQuantity: decimal(13, 3, { ...required, ...updatable }),
      MfgOrderConfirmedYieldQty: decimal(13, 3, computed),
      ...customFields(custom),
    },
    create(context, { given }) {
      const { tables, at } = context
      const type = textOf(given, 'ManufacturingOrderType')
      if (types !== undefined && !types.includes(type)) {
        refuse('CO/062', `Order type ${type} does not exist`, 'ManufacturingOrderType')
      }
      const plant = textOf(given, 'ProductionPlant')
      const { BaseUnit: unit = '' } = checkMaterial(context, textOf(given, 'Material'), plant)
      const start = given.MfgOrderPlannedStartDate ?? midnight(at)
      const end = given.MfgOrderPlannedEndDate ?? start
      const row = completed(set, given, {
        ...{ ManufacturingOrder: context.next(orders), ManufacturingOrderCategory: '10' },
        ...{ OrderIsCreated: 'X', MfgOrderCreationDate: midnight(at), LastChangeDateTime: stampOf(at) },
        ...{ Plant: plant, ProductionUnit: given.ProductionUnit ?? unit },
        ...{ MfgOrderPlannedStartDate: start, MfgOrderPlannedEndDate: end },
        ...{ MfgOrderPlannedStartTime: given.MfgOrderPlannedStartTime ?? 0 },
        ...{ MfgOrderPlannedEndTime: given.MfgOrderPlannedEndTime ?? 0 },
        ...{ MfgOrderScheduledStartDate: start, MfgOrderScheduledEndDate: end },
      })
      checkDates(row)
      checkQuantity(row)
      return tables.insert(setName, row, mark(context))
    },
    update,
  }
  return set
}

function existingOrder({ tables }: RuleContext, given: Row): Row {
  const row = tables.find(setName, given)
  if (row !== undefined) return row
  throw new ODataProblem(404, 'CO/017', `Order ${textOf(given, 'ManufacturingOrder')} does not exist`)
}

/** A function that turns an order from one status to another, and says so. */
function turning(allowed: (row: Row) => boolean, patch: Row, said: string): FunctionImport {
  return {
    parameters: { ManufacturingOrder: text(12) },
    precondition: (context, given) => ({ set: setName, row: existingOrder(context, given) }),
    call(context, given) {
      const row = existingOrder(context, given)
      const order = textOf(row, 'ManufacturingOrder')
      if (row.OrderIsLocked === 'X') checkOpen(row)
      if (!allowed(row)) refuse('BS/007', `The status of order ${order} does not allow: ${said}`)
      changeOrder(context, row, patch)
      return { SystemMessageType: 'S', SystemMessageText: `Order ${order} ${said}` }
    },
  }
}

const isOpen = (row: Row): boolean =>
  row.OrderIsDeleted !== 'X' && row.OrderIsTechnicallyCompleted !== 'X' && row.OrderIsClosed !== 'X'

export function productionOrderService(
  custom: readonly string[],
  types: readonly string[] | undefined,
): Service {
  return {
    root: '/sap/opu/odata/sap/API_PRODUCTION_ORDER_2_SRV',
    namespace: 'API_PRODUCTION_ORDER_2_SRV',
    version: 2,
    sets: { [setName]: orderSet(custom, types) },
    functions: {
      ReleaseOrder: turning(
        (row) => isOpen(row) && row.OrderIsCreated === 'X',
        { OrderIsCreated: '', OrderIsReleased: 'X' },
        'released',
      ),
      TechlyCmpltOrder: turning(
        (row) => isOpen(row) && row.OrderIsReleased === 'X',
        { OrderIsTechnicallyCompleted: 'X' },
        'technically completed',
      ),
      CloseOrder: turning(
        (row) => row.OrderIsTechnicallyCompleted === 'X' && row.OrderIsClosed !== 'X',
        { OrderIsClosed: 'X' },
        'closed',
      ),
      DiscardOrder: turning(
        (row) => isOpen(row) && row.OrderIsCreated === 'X',
        { OrderIsCreated: '', OrderIsDeleted: 'X' },
        'discarded',
      ),
    },
  }
}
