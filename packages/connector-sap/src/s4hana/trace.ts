import type { CallContext, TraceAnswer, TracedBatch, TracedUnit, TraceQuestion } from '@andon/core/connector'
import { findBatches } from './batch-master.js'
import type { BatchEntity, DocumentItemEntity } from './entities.js'
import type { Means } from './means.js'
import { documentsOfSerials, itemsOf, movedItems, movement, netOf } from './movements.js'
import { isHeld } from './observe.js'
import { amountOf, stockOf } from './stock.js'

/** So many items of material documents are read for one question at most; beyond it the answer says that it is cut. */
const mostItems = 20_000

/** What an order was made from and what came of it. */
interface OrderGoods {
  /** Component → lot. */
  readonly componentBatches: Readonly<Record<string, string>>
  readonly receipts: readonly DocumentItemEntity[]
}

/**
 * Which units have a lot, and what lots a unit has. S/4HANA has no released service for it, so material documents are
 * joined on their order: what was issued to it (261) and what was received from it (101), with serial numbers where the
 * material has them. That everything received from an order has everything issued to it is inferred.
 */
export async function trace(
  means: Means,
  { serials, batches, limit }: TraceQuestion,
  context: CallContext,
): Promise<TraceAnswer> {
  const places = await documentsOfSerials(means, serials, context)
  const ofSerials = await itemsOf(means, places.items, context)
  const types = [movement.issue, movement.issueBack, movement.receipt, movement.receiptBack]
  const ofBatches = await movedItems(
    means,
    { field: 'Batch', values: lotNumbers(batches), types, limit: mostItems },
    context,
  )
  const orders = [...ofSerials.items, ...ofBatches.items]
    .map((item) => item.ManufacturingOrder)
    .filter((order) => order !== '')
  const ofOrders = await movedItems(
    means,
    { field: 'ManufacturingOrder', values: orders, types, limit: mostItems },
    context,
  )

  const units = unitsOf(means, ofOrders.items)
  const wantedSerials = new Set(serials)
  const wantedBatches = new Set(batches)
  const meant = units.filter(
    ({ serial, batch = '', componentBatches = {} }) =>
      wantedSerials.has(serial) ||
      wantedBatches.has(batch) ||
      Object.values(componentBatches).some((lot) => wantedBatches.has(lot)),
  )
  const shown = meant.slice(0, limit)
  const known = new Set(units.map(({ serial }) => serial))
  const lots = await tracedBatches(means, batches, context)
  const lotsKnown = new Set(lots.map(({ batch }) => batch))
  const delivered = await withDeliveries(means, shown, context)
  const read = [places, ofSerials, ofBatches, ofOrders, delivered]
  return {
    units: delivered.units,
    batches: lots,
    unknown: [
      ...serials.filter((serial) => !known.has(serial)),
      ...batches.filter((batch) => !lotsKnown.has(batch)),
    ],
    cut: meant.length > limit || read.some(({ cut }) => cut),
  }
}

const lotNumbers = (batches: readonly string[]): readonly string[] =>
  batches.filter((batch) => batch !== '' && batch.length <= 10)

/** The units received from orders, each with the lots that were issued to its order. */
function unitsOf(means: Means, items: readonly DocumentItemEntity[]): readonly TracedUnit[] {
  const byOrder = new Map<string, DocumentItemEntity[]>()
  for (const item of items) {
    const there = byOrder.get(item.ManufacturingOrder)
    if (there === undefined) byOrder.set(item.ManufacturingOrder, [item])
    else there.push(item)
  }
  return [...byOrder.values()].flatMap((ofOrder) => {
    const { componentBatches, receipts } = goodsOf(means, ofOrder)
    return receipts.flatMap((receipt) =>
      receipt.to_SerialNumbers.map(
        ({ SerialNumber: serial }): TracedUnit => ({
          serial,
          productModel: nameOf(means, receipt.Material),
          ...(receipt.Batch !== '' && { batch: receipt.Batch }),
          componentBatches,
          location: placeOf(receipt),
        }),
      ),
    )
  })
}

function goodsOf(means: Means, items: readonly DocumentItemEntity[]): OrderGoods {
  const issued = items.filter(
    ({ GoodsMovementType: type }) => type === movement.issue || type === movement.issueBack,
  )
  const net = netOf(issued, movement.issueBack, ({ Material, Batch }) => `${Material}\0${Batch}`)
  const lots = new Map<string, string>()
  for (const key of net.keys()) {
    const [material = '', batch = ''] = key.split('\0')
    if (batch === '') continue
    const name = nameOf(means, material)
    // Two lots of one component in one order: which unit has which is not known, so each unit may have both.
    let slot = name
    for (let count = 2; lots.has(slot); count += 1) slot = `${name}#${count}`
    lots.set(slot, batch)
  }
  const back = new Set(
    items
      .filter(({ GoodsMovementType }) => GoodsMovementType === movement.receiptBack)
      .flatMap((item) => item.to_SerialNumbers.map(({ SerialNumber }) => SerialNumber)),
  )
  const receipts = items
    .filter((item) => item.GoodsMovementType === movement.receipt && !item.GoodsMovementIsCancelled)
    .map((item) => ({
      ...item,
      to_SerialNumbers: item.to_SerialNumbers.filter(({ SerialNumber }) => !back.has(SerialNumber)),
    }))
  return { componentBatches: Object.fromEntries(lots), receipts }
}

/** As Andon calls the material. */
const nameOf = ({ settings }: Means, material: string): string =>
  Object.entries(settings.materials).find(([, number]) => number === material)?.[0] ?? material

const placeOf = ({ Plant, StorageLocation }: DocumentItemEntity): string =>
  StorageLocation === '' ? Plant : `${Plant}/${StorageLocation}`

/** Units that have left for a customer are `shipped`. */
async function withDeliveries(
  means: Means,
  units: readonly TracedUnit[],
  context: CallContext,
): Promise<{ readonly units: readonly TracedUnit[]; readonly cut: boolean }> {
  const lots = units.flatMap(({ batch }) => (batch === undefined ? [] : [batch]))
  const types = [movement.delivery, movement.deliveryBack]
  const { items, cut } = await movedItems(
    means,
    { field: 'Batch', values: lots, types, limit: mostItems },
    context,
  )
  const shipped = new Set<string>()
  for (const item of items) {
    if (item.GoodsMovementIsCancelled) continue
    for (const { SerialNumber } of item.to_SerialNumbers) {
      if (item.GoodsMovementType === movement.delivery) shipped.add(SerialNumber)
      else shipped.delete(SerialNumber)
    }
  }
  return {
    units: units.map((unit) => (shipped.has(unit.serial) ? { ...unit, location: 'shipped' } : unit)),
    cut,
  }
}

async function tracedBatches(
  means: Means,
  batches: readonly string[],
  context: CallContext,
): Promise<readonly TracedBatch[]> {
  const found = new Map<string, BatchEntity[]>()
  for (const { entity } of await findBatches(means, batches, context)) {
    found.set(entity.Batch, [...(found.get(entity.Batch) ?? []), entity])
  }
  const traced: TracedBatch[] = []
  for (const [batch, entities] of found) {
    const [entity] = entities
    // Several materials with one batch number: which of them is meant is not known.
    if (entity === undefined || entities.length > 1) traced.push({ batch })
    else traced.push(await tracedBatch(means, entity, context))
  }
  return traced
}

async function tracedBatch(means: Means, entity: BatchEntity, context: CallContext): Promise<TracedBatch> {
  const entries = await stockOf(means, { material: entity.Material, batch: entity.Batch }, context)
  const places = [...new Set(entries.map(({ Plant, StorageLocation }) => `${Plant}/${StorageLocation}`))]
  return {
    batch: entity.Batch,
    component: nameOf(means, entity.Material),
    ...(places.length > 0 && { location: places.join(', ') }),
    // The contract counts pieces: the one place where an amount becomes a number.
    quantity: Number(amountOf(entries)),
    held: await isHeld(means, entity, context),
  }
}
