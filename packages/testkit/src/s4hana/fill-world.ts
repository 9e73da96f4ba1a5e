import type { Row } from '../odata/field.js'
import type { EntitySet, RuleContext } from '../odata/model.js'
import { completed, mark, midnight, stampOf } from './entity.js'
import { insertDocument } from './goods-movement.js'
import { batchOf, isRestricted, materialSet } from './master-data.js'
import type { CheckedS4HanaOptions } from './setup.js'
import { changeStock, stockTypes } from './stock.js'
import type { World } from './world.js'

/** Who the set-up is by. */
const founder = 'SETUP'

type Fill = (set: string, given: Row) => Row

function filler(world: World, context: RuleContext): Fill {
  return (name, given) => {
    const set = world.set(name)
    if (set === undefined) throw new RangeError(`no set ${name}`)
    return world.tables.insert(name, completed(set, given, {}), mark(context))
  }
}

function fillMaterials(fill: Fill, options: CheckedS4HanaOptions): void {
  const known = new Map<string, Row>()
  const { materials, batches, stock, orders, inspectionLots: lots, movements } = options
  for (const { material, plant, baseUnit } of materials) {
    known.set(`${material} ${plant}`, { Material: material, Plant: plant, BaseUnit: baseUnit })
  }
  // Whatever has a batch, a stock or an order is there: nobody has to name it twice.
  const inPlants = [...stock, ...orders, ...lots, ...movements]
  const named = [
    ...inPlants,
    ...batches.map(({ material, identifyingPlant }) => ({ material, plant: identifyingPlant || '1010' })),
  ]
  for (const { material, plant } of named) {
    const key = `${material} ${plant}`
    if (!known.has(key)) known.set(key, { Material: material, Plant: plant, BaseUnit: 'PC' })
  }
  for (const row of known.values()) fill(materialSet.name, row)
}

const statusFields = {
  created: { OrderIsCreated: 'X' },
  released: { OrderIsReleased: 'X' },
  completed: { OrderIsReleased: 'X', OrderIsTechnicallyCompleted: 'X' },
  closed: { OrderIsReleased: 'X', OrderIsTechnicallyCompleted: 'X', OrderIsClosed: 'X' },
  deleted: { OrderIsDeleted: 'X' },
} as const

function fillOrders(fill: Fill, { orders }: CheckedS4HanaOptions, at: number): void {
  for (const { order, type, material, plant, status, importance, quantity, start, end, locked } of orders) {
    const begins = start ?? midnight(at)
    fill('A_ProductionOrder_2', {
      ...{ ManufacturingOrder: order, ManufacturingOrderCategory: '10', ManufacturingOrderType: type },
      ...{ Material: material, ProductionPlant: plant, Plant: plant, ProductionUnit: 'PC' },
      ...{ TotalQuantity: quantity, ManufacturingOrderImportance: importance, ...statusFields[status] },
      ...{ OrderIsLocked: locked ? 'X' : '', MfgOrderCreationDate: midnight(at) },
      ...{ LastChangeDateTime: stampOf(at), MfgOrderPlannedStartTime: 0, MfgOrderPlannedEndTime: 0 },
      ...{ MfgOrderPlannedStartDate: begins, MfgOrderPlannedEndDate: end ?? begins },
      ...{ MfgOrderScheduledStartDate: begins, MfgOrderScheduledEndDate: end ?? begins },
    })
  }
}

function fillStock(context: RuleContext, { stock }: CheckedS4HanaOptions): void {
  const { unrestricted, restricted } = stockTypes
  for (const { material, plant, storageLocation, batch, type, quantity } of stock) {
    const held = type === unrestricted && isRestricted(batchOf(context, material, plant, batch))
    const place = { material, plant, storageLocation, batch }
    changeStock(context, place, held ? restricted : type, quantity, unitOf(context, material, plant))
  }
}

const unitOf = ({ tables }: RuleContext, material: string, plant: string): string =>
  String(tables.find(materialSet.name, { Material: material, Plant: plant })?.BaseUnit ?? 'PC')

function needed(set: EntitySet | undefined): EntitySet {
  if (set === undefined) throw new RangeError('no such set')
  return set
}

function fillMovements(world: World, context: RuleContext, { movements }: CheckedS4HanaOptions): void {
  const header = needed(world.set('A_MaterialDocumentHeader'))
  const item = needed(world.set('A_MaterialDocumentItem'))
  for (const one of movements) {
    const row = {
      ...{ Material: one.material, Plant: one.plant, StorageLocation: one.storageLocation },
      ...{ Batch: one.batch, GoodsMovementType: one.movement, QuantityInEntryUnit: one.quantity },
      ...{ EntryUnit: unitOf(context, one.material, one.plant), ManufacturingOrder: one.order },
      ...{ Supplier: one.supplier, Customer: one.customer, Delivery: one.delivery },
    }
    const made = insertDocument(context, { header, item }, { GoodsMovementCode: '04' }, [row])
    for (const serial of one.serials) {
      world.tables.insert(
        'A_SerialNumberMaterialDocument',
        {
          ...{ Material: one.material, SerialNumber: serial, MaterialDocumentItem: '0001' },
          ...{
            MaterialDocument: made.MaterialDocument ?? '',
            MaterialDocumentYear: made.MaterialDocumentYear ?? '',
          },
          ManufacturerSerialNumber: '',
        },
        mark(context),
      )
    }
  }
}

/** Puts into a system what the options say is there. */
export function fillWorld(world: World, options: CheckedS4HanaOptions): void {
  const context = world.context(founder)
  const { at } = context
  const fill = filler(world, context)
  fillMaterials(fill, options)
  for (const {
    material,
    batch,
    identifyingPlant,
    restricted,
    supplier,
    batchBySupplier,
  } of options.batches) {
    fill('Batch', {
      ...{ Material: material, BatchIdentifyingPlant: identifyingPlant, Batch: batch },
      ...{ MatlBatchIsInRstrcdUseStock: restricted, Supplier: supplier, BatchBySupplier: batchBySupplier },
      ...{ CreationDateTime: at, LastChangeDateTime: at },
    })
  }
  fillStock(context, options)
  fillOrders(fill, options, at)
  fillMovements(world, context, options)
  for (const { lot, material, plant, batch, type, quantity, order } of options.inspectionLots) {
    fill('A_InspectionLot', {
      ...{ InspectionLot: lot, Material: material, Plant: plant, Batch: batch, InspectionLotType: type },
      ...{ InspectionLotQuantity: quantity, InspectionLotQuantityUnit: unitOf(context, material, plant) },
      ...{ ManufacturingOrder: order, InspectionLotOrigin: type, ChangedDateTime: at },
      InspLotCreatedOnLocalDate: midnight(at),
    })
  }
}
