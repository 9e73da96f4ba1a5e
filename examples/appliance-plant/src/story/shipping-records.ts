import type { Channel } from '@andon/core'
import { salesRegionOf } from '../world/places.js'
import type { Unit } from '../world/unit.js'

type Draft = Awaited<ReturnType<Channel['parse']>>[number]

/**
 * What the company knows of a serial number. Customers read a sticker; which compressor is inside only the
 * plant can tell, so every draft that names a unit is completed from the traceability records.
 */
export interface ShippingRecords {
  add(units: readonly Unit[]): void
  /** The same parser, with the records' knowledge added; what the payload says itself stands. */
  complete(channel: Channel): Channel
}

export function shippingRecords(): ShippingRecords {
  const bySerial = new Map<string, Unit>()

  const completed = (draft: Draft): Draft => {
    const region = draft.region === undefined ? {} : { region: salesRegionOf(draft.region) }
    const unit = draft.serialNumber === undefined ? undefined : bySerial.get(draft.serialNumber)
    if (unit === undefined) return { ...draft, ...region }
    const { model, place, batches, builtAt } = unit
    return {
      productModel: model.model,
      productLine: model.line,
      productCategory: model.category,
      manufacturedAt: builtAt,
      productionSite: { plant: 'Foshan', line: model.assemblyLine },
      ...draft,
      region: region.region ?? place.salesRegion,
      componentBatches: { ...batches, ...draft.componentBatches },
    }
  }

  return {
    add(units) {
      for (const unit of units) bySerial.set(unit.serial, unit)
    },
    complete: (channel) => ({
      ...channel,
      async parse(payload) {
        return (await channel.parse(payload)).map(completed)
      },
    }),
  }
}
