import type { CallContext, TraceAnswer, TracedBatch, TracedUnit, TraceQuestion } from '@andon/core/connector'
import { assembledAt } from './calls/assembly.js'
import type { Dm } from './calls/dm.js'
import { stocksOf } from './calls/inventory.js'
import { inParallel } from './in-parallel.js'
import { unitsOfLot } from './log-notification.js'
import type { CheckedDmOptions } from './options.js'
import { type DmUnit, unitOf } from './units.js'

/**
 * Who has what: a lot leads to the units that it was issued to (goods issues of its batch), a unit to what was built in
 * at each of its operations. DM has no list of the units of a lot of finished goods: a unit says its own lot, and a
 * question for such a lot finds it only through the units that are asked for.
 */
export async function traceIn(
  dm: Dm,
  { unitsBy, stock }: CheckedDmOptions,
  { serials, batches, limit }: TraceQuestion,
  context: CallContext,
): Promise<TraceAnswer> {
  const nameOf = componentNames(stock.materials)
  const lots = await inParallel([...new Set(batches)], async (batch) => ({
    batch,
    known: batch.length > 412 ? undefined : await lotOf(dm, batch, nameOf, context),
    units: batch.length > 412 ? [] : await unitsOfLot(dm, batch, context),
  }))
  const wanted = [...new Set(serials)]
  const asked = await inParallel(wanted, (serial) => unitOf(dm, unitsBy, serial, context, true))
  const unknown = [
    ...wanted.filter((_, index) => asked[index] === undefined),
    ...lots.filter(({ known }) => known === undefined).map(({ batch }) => batch),
  ]
  const named = asked.filter((unit) => unit !== undefined)
  const others = [...new Set(lots.flatMap(({ units }) => units))].filter(
    (sfc) => !named.some((unit) => unit.sfc === sfc),
  )
  const room = Math.max(0, limit - named.length)
  const found = await inParallel(others.slice(0, room), (sfc) => unitOf(dm, 'sfc', sfc, context, true))
  const units = [...named.slice(0, limit), ...found.filter((unit) => unit !== undefined)]
  return {
    units: await inParallel(units, (unit) => traced(dm, unit, nameOf, context)),
    batches: lots.flatMap(({ known }) => known ?? []),
    unknown,
    cut: named.length > limit || others.length > room,
  }
}

type NameOf = (material: string) => string

/** A component by the name that rules have for its material, else by the material's. */
function componentNames(materials: CheckedDmOptions['stock']['materials']): NameOf {
  const names = new Map(Object.entries(materials).map(([name, material]) => [material, name]))
  return (material) => names.get(material) ?? material
}

async function lotOf(
  dm: Dm,
  batch: string,
  nameOf: NameOf,
  context: CallContext,
): Promise<TracedBatch | undefined> {
  const stocks = await stocksOf(dm, { batchNumber: batch }, context)
  const [first] = stocks
  if (first === undefined) return undefined
  const quantity = stocks.reduce((sum, { quantityOnHand }) => sum + (quantityOnHand?.value ?? 0), 0)
  const places = [...new Set(stocks.flatMap(({ storageLocation }) => storageLocation ?? []))]
  return {
    ...{ batch, component: nameOf(first.material), quantity },
    held: stocks.every(({ status }) => status !== 'UNRESTRICTED'),
    ...(places.length > 0 && { location: places.join(', ') }),
  }
}

async function traced(
  dm: Dm,
  { serial, sfc, detail }: DmUnit,
  nameOf: NameOf,
  context: CallContext,
): Promise<TracedUnit> {
  const steps = detail.steps ?? []
  const operations = [...new Set(steps.flatMap(({ operation }) => operation?.operation ?? []))]
  const components = await inParallel(operations, (operation) => assembledAt(dm, sfc, operation, context))
  const lots = components
    .flat()
    .flatMap(({ component, batchNumber }) =>
      typeof batchNumber === 'string' ? [[nameOf(component), batchNumber] as const] : [],
    )
  const line = steps.find(({ plannedWorkCenter }) => typeof plannedWorkCenter === 'string')?.plannedWorkCenter
  const batch = detail.defaultBatchId ?? detail.order?.batchNumber
  return {
    serial,
    ...(typeof detail.material?.material === 'string' && { productModel: detail.material.material }),
    ...(typeof batch === 'string' && { batch }),
    ...(lots.length > 0 && { componentBatches: Object.fromEntries(lots) }),
    ...(typeof line === 'string' && { line }),
    location: detail.status.description ?? detail.status.code,
  }
}
