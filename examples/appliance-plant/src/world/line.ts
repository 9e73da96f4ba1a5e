import { hour } from '../calendar.js'
import { drawFrom } from '../random.js'
import { drawPlace } from './places.js'
import type { PlantTask, PlantTerminal, StockBatch } from './plant-terminal.js'
import { type Batches, type Component, components, drawModel } from './products.js'
import { mould } from './setup.js'
import type { Unit } from './unit.js'

/** Units of one lot; every hour one lot is built. */
const lotSize = 5

/** The assembly line: every lot takes its components out of batches that the plant's system lets it take. */
export function assemblyLine(
  seed: number,
  terminal: PlantTerminal,
): (at: number) => Promise<readonly Unit[]> {
  let built = 0
  return async (at) => {
    const draw = drawFrom(seed, `lot/${at}`)
    const model = drawModel(draw)
    const stock = await terminal.batches()
    const reworked = batchesInRework(await terminal.orders())
    const picked: Partial<Record<Component, string>> = {}
    for (const component of components) {
      const usable = stock.filter((batch) => isUsable(batch, component, reworked))
      for (const { batch } of draw.shuffled(usable)) {
        if (picked[component] !== undefined) break
        if (await terminal.consume(model.order, batch, lotSize)) picked[component] = batch
      }
    }
    const { compressor, mainboard, door_seal } = picked
    // Without one component the line stands still for this hour.
    if (compressor === undefined || mainboard === undefined || door_seal === undefined) return []
    const batches: Batches = { compressor, mainboard, door_seal }
    const sealTemperature = await terminal.parameter(mould.equipment, mould.parameter)
    return Array.from({ length: lotSize }, (): Unit => {
      built += 1
      const serial = `SN2603${String(built).padStart(6, '0')}`
      const own = drawFrom(seed, serial)
      return {
        ...{ serial, model, batches, builtAt: at, sealTemperature, place: drawPlace(own) },
        ...{ readyAt: at + 4 * hour, transport: own.between(4, 12) * hour },
      }
    })
  }
}

/** The batches that a rework order is about: nothing is built from them, and what was built is reworked. */
export const batchesInRework = (orders: readonly PlantTask[]): ReadonlySet<string> =>
  new Set(
    orders.flatMap(({ kind, status, about }) =>
      kind === 'rework' && status !== 'cancelled' && about.batch !== null ? [about.batch] : [],
    ),
  )

function isUsable(batch: StockBatch, component: Component, reworked: ReadonlySet<string>): boolean {
  return (
    batch.component === component &&
    batch.status === 'free' &&
    (batch.quantity ?? lotSize) >= lotSize &&
    !reworked.has(batch.batch)
  )
}
