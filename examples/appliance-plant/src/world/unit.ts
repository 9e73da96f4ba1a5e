import type { Place } from './places.js'
import type { Batches, Model } from './products.js'

/** One refrigerator. */
export interface Unit {
  readonly serial: string
  readonly model: Model
  readonly builtAt: number
  /** Sold to. */
  readonly place: Place
  /** The batches inside; rework exchanges one. */
  batches: Batches
  /** The mould's temperature (°C) when its door seal was made. */
  readonly sealTemperature: number
  /** When it leaves the warehouse at the earliest, and how long the way is. */
  readonly readyAt: number
  readonly transport: number
}
