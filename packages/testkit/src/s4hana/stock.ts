import { addDecimals, compareDecimals, subtractDecimals } from '../odata/decimals.js'
import { decimal, type Row, text } from '../odata/field.js'
import type { EntitySet, RuleContext, Service } from '../odata/model.js'
import { completed, mark, refuse, textOf } from './entity.js'

/** What stock may be used for. 01 to 07 are of the service; 08 for restricted use is inferred. */
export const stockTypes = { unrestricted: '01', inspection: '02', blocked: '07', restricted: '08' } as const
export type StockType = (typeof stockTypes)[keyof typeof stockTypes]

const names: Readonly<Record<StockType, string>> = {
  '01': 'Unrestricted-use',
  '02': 'Quality inspection',
  '07': 'Blocked',
  '08': 'Restricted-use',
}

const stockSet: EntitySet = {
  name: 'A_MatlStkInAcctMod',
  type: 'A_MatlStkInAcctModType',
  key: [
    ...['Material', 'Plant', 'StorageLocation', 'Batch', 'Supplier', 'Customer', 'WBSElementInternalID'],
    ...['SDDocument', 'SDDocumentItem', 'InventorySpecialStockType', 'InventoryStockType'],
  ],
  fields: {
    Material: text(40),
    Plant: text(4),
    StorageLocation: text(4),
    Batch: text(10),
    Supplier: text(10),
    Customer: text(10),
    WBSElementInternalID: text(24),
    SDDocument: text(10),
    SDDocumentItem: text(6),
    InventorySpecialStockType: text(1),
    InventoryStockType: text(2),
    MaterialBaseUnit: text(3),
    MatlWrhsStkQtyInMatlBaseUnit: decimal(31, 14),
  },
}

/** Where material lies. */
export interface StockPlace {
  readonly material: string
  readonly plant: string
  readonly storageLocation: string
  readonly batch: string
}

const rowOf = ({ material, plant, storageLocation, batch }: StockPlace, type: StockType): Row => ({
  Material: material,
  Plant: plant,
  StorageLocation: storageLocation,
  Batch: batch,
  InventoryStockType: type,
})

const keyRow = (place: StockPlace, type: StockType): Row => completed(stockSet, rowOf(place, type), {})

/** Adds to a stock, or takes from it where the quantity has a minus; refuses what is not there. */
export function changeStock(
  context: RuleContext,
  place: StockPlace,
  type: StockType,
  quantity: string,
  unit: string,
): void {
  const { tables } = context
  const key = keyRow(place, type)
  const row = tables.find(stockSet.name, key)
  const there = row === undefined ? '0' : textOf(row, 'MatlWrhsStkQtyInMatlBaseUnit')
  const left = addDecimals(there, quantity)
  if (compareDecimals(left, '0') < 0) {
    const deficit = subtractDecimals('0', left)
    const { material, plant, storageLocation, batch } = place
    const where = [material, plant, storageLocation, batch].filter((part) => part !== '').join(' ')
    refuse('M7/021', `Deficit of BA ${names[type]} ${deficit} ${unit} : ${where}`)
  }
  if (row === undefined) {
    const made = { ...key, MaterialBaseUnit: unit, MatlWrhsStkQtyInMatlBaseUnit: left }
    tables.insert(stockSet.name, made, mark(context))
  } else tables.change(stockSet.name, row, { MatlWrhsStkQtyInMatlBaseUnit: left }, mark(context))
}

/** When a batch becomes restricted, or free again, all its stock of the one type becomes the other. */
export function reclassify(context: RuleContext, batch: Row, restricted: boolean): void {
  const { unrestricted, restricted: held } = stockTypes
  const [from, to] = restricted ? [unrestricted, held] : [held, unrestricted]
  const [material, plant] = [textOf(batch, 'Material'), textOf(batch, 'BatchIdentifyingPlant')]
  for (const row of context.tables.rowsWith(stockSet.name, 'Batch', batch.Batch ?? '')) {
    if (row.Material !== material || row.InventoryStockType !== from) continue
    if (plant !== '' && row.Plant !== plant) continue
    const place = {
      ...{ material, plant: textOf(row, 'Plant'), storageLocation: textOf(row, 'StorageLocation') },
      batch: textOf(row, 'Batch'),
    }
    const quantity = textOf(row, 'MatlWrhsStkQtyInMatlBaseUnit')
    const unit = textOf(row, 'MaterialBaseUnit')
    changeStock(context, place, from, subtractDecimals('0', quantity), unit)
    changeStock(context, place, to, quantity, unit)
  }
}

export const stockService: Service = {
  root: '/sap/opu/odata/sap/API_MATERIAL_STOCK_SRV',
  namespace: 'API_MATERIAL_STOCK_SRV',
  version: 2,
  sets: { [stockSet.name]: stockSet },
}
