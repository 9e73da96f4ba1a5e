import * as z from 'zod'
import type { InstalledBase } from './installed-base.js'

export interface RegionalConcentrationOptions {
  /** How many units are in service where; without it, or for models it does not know, regions are compared with their own past. */
  readonly installedBase?: InstalledBase
  /** Where the middle of each region is, in degrees: clusters are then found across borders. */
  readonly places?: Readonly<Record<string, { readonly longitude: number; readonly latitude: number }>>
  /** How many times the rate elsewhere is a concentration; 3 unless told. */
  readonly limit?: number
  /**
   * So many times the rate elsewhere is nothing unusual: climate and habits differ. Chance is ruled out when even this much
   * does not explain the cases. 1.5 unless told; 1 where regions are alike.
   */
  readonly usualRatio?: number
  /** Fewer cases in a place are not told; 5 unless told. */
  readonly leastCases?: number
  /**
   * The chance of a false finding in a year without any concentration, over all models, faults, regions and looks
   * together; .05 unless told.
   */
  readonly falseAlarms?: number
  /** Of the intervals in findings, two-sided; .95 unless told. */
  readonly confidence?: number
  /** What is older says nothing of now; 364 unless told, 28 at least; in whole weeks. */
  readonly windowDays?: number
  /** A circle around a place holds at most so many other places, the nearest, and half of all units; 8 unless told. */
  readonly mostNeighbours?: number
  /** Faults of models that are kept in mind, those reported last; 2,000 unless told. */
  readonly mostFaults?: number
  /** Names of regions that are kept in mind; cases in further ones are not counted; 1,000 unless told, 4,000 at most. */
  readonly mostRegions?: number
  /** Cases that are kept in mind so that a unit counts once, the latest; of more, a unit may count again. 20,000 unless told. */
  readonly mostCases?: number
}

const place = z.strictObject({
  longitude: z.number().min(-180).max(180),
  latitude: z.number().min(-90).max(90),
})

export const regionalSchema = z.strictObject({
  installedBase: z
    .custom<InstalledBase>(
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        'unitsInService' in value &&
        typeof value.unitsInService === 'function',
      'an installed base',
    )
    .optional(),
  places: z.record(z.string(), place).default({}),
  limit: z.number().gt(1).default(3),
  usualRatio: z.number().min(1).default(1.5),
  leastCases: z.int().min(2).default(5),
  falseAlarms: z.number().gt(0).lt(1).default(0.05),
  confidence: z.number().gt(0).lt(1).default(0.95),
  windowDays: z.int().min(28).default(364),
  mostNeighbours: z.int().min(0).max(100).default(8),
  mostFaults: z.int().positive().default(2000),
  mostRegions: z.int().positive().max(4000).default(1000),
  mostCases: z.int().positive().default(20_000),
})

export type RegionalSettings = z.output<typeof regionalSchema>
