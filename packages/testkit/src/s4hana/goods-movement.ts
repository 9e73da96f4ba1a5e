import { compareDecimals, subtractDecimals } from '../odata/decimals.js'
import type { Row, Value } from '../odata/field.js'
import type { DeepRow, EntitySet, RuleContext } from '../odata/model.js'
import { ODataProblem } from '../odata/problem.js'
import { completed, itemNumber, mark, midnight, refuse, secondOfDay, textOf } from './entity.js'
import { checkMaterial, isRestricted, namedBatch } from './master-data.js'
import { type MovementType, movementTypes } from './movement-types.js'
import { changeStock, type StockType, stockTypes } from './stock.js'

/** The two sets that a material document is made of. */
export interface DocumentSets {
  readonly header: EntitySet
  readonly item: EntitySet
}

const documents = { name: 'material document', first: 4_900_000_000 }

/** What is unrestricted of a restricted batch is for restricted use. */
const actualType = (type: StockType, restricted: boolean): StockType =>
  type === stockTypes.unrestricted && restricted ? stockTypes.restricted : type

function movementOf(row: Row, code: string | undefined): MovementType {
  const name = textOf(row, 'GoodsMovementType')
  const movement = Object.hasOwn(movementTypes, name) ? movementTypes[name] : undefined
  if (movement === undefined)
    return refuse('M7/098', `Movement type ${name} does not exist`, 'GoodsMovementType')
  if (code === undefined || movement.codes.includes(code)) return movement
  return refuse('M7/062', `Movement type ${name} is not allowed with code ${code}`, 'GoodsMovementType')
}

function checkOrder({ tables }: RuleContext, row: Row): void {
  const order = textOf(row, 'ManufacturingOrder')
  const found = tables.find('A_ProductionOrder_2', { ManufacturingOrder: order })
  if (found === undefined) refuse('M7/018', `Order ${order} does not exist`, 'ManufacturingOrder')
  else if (found.OrderIsReleased !== 'X' || found.OrderIsTechnicallyCompleted === 'X') {
    refuse('M7/361', `Goods movements are not allowed for order ${order}`, 'ManufacturingOrder')
  }
}

/** The rules of one item, then what it does to the stock. */
function move(context: RuleContext, row: Row, movement: MovementType): void {
  const quantity = textOf(row, 'QuantityInEntryUnit')
  const [material, plant, unit] = [textOf(row, 'Material'), textOf(row, 'Plant'), textOf(row, 'EntryUnit')]
  const place = {
    ...{ material, plant, batch: textOf(row, 'Batch') },
    storageLocation: textOf(row, 'StorageLocation'),
  }
  const restricted = isRestricted(namedBatch(context, row))
  if (movement.order === true) checkOrder(context, row)
  // Nothing is issued from restricted-use stock; from one place of it to another it may go.
  const from =
    movement.to === undefined ? movement.from : movement.from && actualType(movement.from, restricted)
  if (from !== undefined) changeStock(context, place, from, subtractDecimals('0', quantity), unit)
  if (movement.to === undefined) return
  const other =
    movement.elsewhere === true ? textOf(row, 'IssuingOrReceivingStorageLoc') : place.storageLocation
  if (other === '' || (movement.elsewhere === true && other === place.storageLocation)) {
    refuse(
      'M7/090',
      'Enter a storage location',
      movement.elsewhere === true ? 'IssuingOrReceivingStorageLoc' : 'StorageLocation',
    )
  }
  changeStock(
    context,
    { ...place, storageLocation: other },
    actualType(movement.to, restricted),
    quantity,
    unit,
  )
}

function checkItem(context: RuleContext, given: Row): string {
  const { BaseUnit: unit = '' } = checkMaterial(context, textOf(given, 'Material'), textOf(given, 'Plant'))
  if (compareDecimals(textOf(given, 'QuantityInEntryUnit'), '0') <= 0) {
    refuse('M7/064', 'Enter a quantity above 0', 'QuantityInEntryUnit')
  }
  if (given.EntryUnit !== unit) {
    refuse('M7/065', `Unit ${textOf(given, 'EntryUnit')} is not defined for the material`, 'EntryUnit')
  }
  if (textOf(given, 'StorageLocation') === '') refuse('M7/090', 'Enter a storage location', 'StorageLocation')
  return String(unit)
}

/** Inserts a header and its items. What it does to the stock is the caller's. */
export function insertDocument(
  context: RuleContext,
  { header, item }: DocumentSets,
  given: Row,
  items: readonly Row[],
): Row {
  const { tables, at, user } = context
  const posted = given.PostingDate ?? midnight(at)
  const key = {
    MaterialDocumentYear: new Date(Number(posted)).toISOString().slice(0, 4),
    MaterialDocument: context.next(documents),
  }
  const ofSystem = { ...key, CreationDate: midnight(at), CreationTime: secondOfDay(at), CreatedByUser: user }
  const dates = { PostingDate: posted, DocumentDate: given.DocumentDate ?? posted }
  const row = tables.insert(header.name, completed(header, given, { ...ofSystem, ...dates }), mark(context))
  items.forEach((one, index) => {
    const movement = movementOf(one, undefined)
    const computed = {
      ...key,
      MaterialDocumentItem: itemNumber(index),
      QuantityInBaseUnit: one.QuantityInEntryUnit ?? '0',
      MaterialBaseUnit: one.EntryUnit ?? '',
      InventoryStockType: movement.from ?? movement.to ?? '',
      DebitCreditCode: movement.from === undefined ? 'S' : 'H',
    }
    tables.insert(item.name, completed(item, one, computed), mark(context))
  })
  return row
}

/** Posts a material document: every item by its rules, the whole or nothing. */
export function postDocument(context: RuleContext, sets: DocumentSets, { given, parts }: DeepRow): Row {
  const items = (parts.to_MaterialDocumentItem ?? []).map((part) => part.given)
  if (items.length === 0) {
    throw new ODataProblem(400, 'M7/001', 'Enter at least one item', 'to_MaterialDocumentItem')
  }
  for (const one of items) {
    checkItem(context, one)
    const movement = movementOf(one, textOf(given, 'GoodsMovementCode'))
    move(context, one, movement)
  }
  return insertDocument(context, sets, given, items)
}

/** Takes a document back by another one: each item once. */
export function cancelDocument(
  context: RuleContext,
  sets: DocumentSets,
  key: Row,
  postingDate: Value | undefined,
  only?: string,
): Row {
  const { tables, at } = context
  const header = tables.find(sets.header.name, key)
  const items = tables
    .rowsWith(sets.item.name, 'MaterialDocument', key.MaterialDocument ?? '')
    .filter((row) => row.MaterialDocumentYear === key.MaterialDocumentYear)
    .filter((row) => only === undefined || row.MaterialDocumentItem === only)
  if (header === undefined || items.length === 0) {
    return refuse('M7/067', `Document ${textOf(key, 'MaterialDocument')} does not exist`, 'MaterialDocument')
  }
  const reversals = items.map((row) => {
    if (row.GoodsMovementIsCancelled === true || row.ReversedMaterialDocument !== '') {
      refuse('M7/120', `Item ${textOf(row, 'MaterialDocumentItem')} cannot be cancelled: it already was`)
    }
    const reversal = {
      ...row,
      GoodsMovementType: movementOf(row, undefined).reversal,
      ReversedMaterialDocumentYear: row.MaterialDocumentYear ?? '',
      ReversedMaterialDocument: row.MaterialDocument ?? '',
      ReversedMaterialDocumentItem: row.MaterialDocumentItem ?? '',
    }
    move(context, swapped(reversal), movementOf(reversal, undefined))
    tables.change(sets.item.name, row, { GoodsMovementIsCancelled: true }, mark(context))
    return reversal
  })
  const date = postingDate ?? midnight(at)
  const given = { GoodsMovementCode: header.GoodsMovementCode ?? '', PostingDate: date, DocumentDate: date }
  return insertDocument(context, sets, given, reversals)
}

/** A transfer between storage locations goes back from where it went to. */
function swapped(row: Row): Row {
  const { StorageLocation: from = '', IssuingOrReceivingStorageLoc: to = '' } = row
  return to === '' ? row : { ...row, StorageLocation: to, IssuingOrReceivingStorageLoc: from }
}
