import * as z from 'zod'
import type { Geography } from './zones.js'

export interface ScanOptions {
  /** The largest circle, as a share of all exposure, above 0 to .5; .5 unless told. */
  readonly share?: number
  /** `plane` unless told; `globe`: x is the longitude, y the latitude, in degrees. */
  readonly geography?: Geography
  /** How often chance plays the whole map; 999 unless told. 0: no p-values. */
  readonly replicas?: number
  /** The same seed gives the same p-values; 1 unless told. */
  readonly seed?: number
  /** At most so many clusters, none of which overlap; 10 unless told. */
  readonly clusters?: number
}

export interface PeriodScanOptions extends ScanOptions {
  /** The longest time a cluster may last, as a share of all periods, above 0 to 1; .5 unless told. */
  readonly duration?: number
  /** Only clusters that last until the end: those that are there now. On unless told. */
  readonly alive?: boolean
}

const common = {
  share: z.number().positive().max(0.5).default(0.5),
  geography: z.enum(['plane', 'globe']).default('plane'),
  replicas: z.int().min(0).max(99_999).default(999),
  seed: z.int().default(1),
  clusters: z.int().min(1).default(10),
}

export const scanSchema = z.strictObject(common)

export const periodScanSchema = z.strictObject({
  ...common,
  duration: z.number().positive().max(1).default(0.5),
  alive: z.boolean().default(true),
})
