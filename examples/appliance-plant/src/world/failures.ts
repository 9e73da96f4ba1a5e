import { day, hour, start } from '../calendar.js'
import { type Draw, drawFrom } from '../random.js'
import { hotRegion } from './places.js'
import { secrets } from './setup.js'
import type { Unit } from './unit.js'

/** What a customer writes about. */
export const topics = [
  'cooling',
  'display',
  'seal',
  'heat',
  'danger',
  'praise',
  'question',
  'trifle',
] as const
export type Topic = (typeof topics)[number]

/** Something that makes the owner of a unit write. */
export interface Occasion {
  readonly at: number
  readonly topic: Topic
  /** 0 the first time, 1 when it is said again. */
  readonly again: number
}

/** From then on it is hot in the hot region. */
const heatFrom = start + 7.5 * day

/**
 * What will happen to a unit at its owner's, and when it will be said. It follows from what is inside the
 * unit: its batches and how its door seal was made.
 */
export function occasionsOf(seed: number, unit: Unit, deliveredAt: number): readonly Occasion[] {
  const draw = drawFrom(seed, `life/${unit.serial}`)
  const told: Occasion[] = []
  const happens = (topic: Topic, probability: number, from: number, to: number, repeats = 0): void => {
    // Drawn whether or not it happens, so that one unit's fate does not shift when its parts change.
    const is = draw.chance(probability)
    let at = deliveredAt + draw.between(from, to) * hour
    const more = draw.chance(repeats)
    const later = draw.between(4, 16) * hour
    if (!is) return
    told.push({ at, topic, again: 0 })
    at += later
    if (more) told.push({ at, topic, again: 1 })
  }
  const isHot = unit.place.salesRegion === hotRegion && deliveredAt > heatFrom
  happens('cooling', unit.batches.compressor === secrets.compressorBatch ? 0.6 : 0.008, 2, 16, 0.4)
  happens('display', unit.batches.mainboard === secrets.mainboardBatch ? 0.5 : 0.006, 2, 30, 0.3)
  happens('seal', sealRisk(unit), 2, 40, 0.2)
  happens('heat', isHot ? 0.75 : 0.012, 3, 30, 0.3)
  happens('danger', 0.006, 5, 60)
  for (const topic of ['praise', 'question', 'trifle'] as const) happens(topic, 0.3, 4, 72)
  return told
}

/** The new resin: per degree that the mould is too cold, seven more seals in a hundred gape. */
function sealRisk({ batches, sealTemperature }: Unit): number {
  const cold = Math.max(0, secrets.sealTemperature - sealTemperature)
  return 0.008 + (batches.door_seal === secrets.sealBatch ? cold * 0.07 : 0)
}

/** What owners of older refrigerators write within `span` ms: nothing that this plant could change. */
export function olderOccasions(draw: Draw, at: number, span: number, rate: number): readonly Occasion[] {
  return Array.from({ length: draw.poisson((rate * span) / hour) }, () => ({
    at: at + draw.next() * span,
    topic: draw.weighted<Topic>([
      ['praise', 30],
      ['question', 40],
      ['trifle', 28],
      ['cooling', 1],
      ['display', 1],
    ]),
    again: 0,
  }))
}
