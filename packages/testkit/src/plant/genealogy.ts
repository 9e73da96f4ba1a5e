import type { Floor, PlantBatch, PlantUnit } from './floor.js'

/** Lets the unit be found by its lots. */
export function indexUnit({ unitsByBatch }: Floor, { serial, batch, componentBatches }: PlantUnit): void {
  const lots = Object.values(componentBatches)
  for (const lot of batch === null ? lots : [batch, ...lots]) {
    const serials = unitsByBatch.get(lot)
    if (serials === undefined) unitsByBatch.set(lot, new Set([serial]))
    else serials.add(serial)
  }
}

/** Builds a piece of the batch into the unit, in the place of what was there. */
export function buildIn(floor: Floor, unit: PlantUnit, component: string, batch: string): void {
  const before = unit.componentBatches[component]
  unit.componentBatches[component] = batch
  const others = [unit.batch, ...Object.values(unit.componentBatches)]
  if (before !== undefined && !others.includes(before)) floor.unitsByBatch.get(before)?.delete(unit.serial)
  indexUnit(floor, unit)
}

/** The units that have the batch in them, or are of it. */
export function unitsWith(floor: Floor, { component, batch }: PlantBatch): readonly string[] {
  const serials = [...(floor.unitsByBatch.get(batch) ?? [])]
  // Lots of different components may have the same number.
  return serials.filter((serial) => {
    const unit = floor.units.get(serial)
    return batch === (component === null ? unit?.batch : unit?.componentBatches[component])
  })
}
