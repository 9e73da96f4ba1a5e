import * as z from 'zod'
import type { MgpsPrior } from '../disproportionality/mgps-prior.js'
import { mostNamed } from './attributes.js'

export interface AssociationOptions {
  /** Names of `attributes` of the feedback that are looked at besides batches, plant, line and use; ['firmware'] unless told. */
  readonly attributes?: readonly string[]
  /** So many times as often as by chance, at the least (EB05), is told; 2 unless told. */
  readonly limit?: number
  /** Fewer cases with both are not told; 5 unless told. */
  readonly leastCases?: number
  /**
   * The chance that cases without any association raise something, over the time in which they fill the memory once; .05
   * unless told.
   */
  readonly falseAlarms?: number
  /** Reports of a unit and a fault within so many days are one case; 21 unless told. */
  readonly caseDays?: number
  /**
   * How ratios are in general, of `fitMgps` over a history; DuMouchel's start unless told. It is not fitted to the cases at
   * hand: among a few thousand pairs with one defect the likelihood clings to that one, and EB05 of 20 cases where 4 were
   * expected became anything from 1.0 to 10.3 by how expectations were rounded. That one of many pairs is high by accident is
   * kept out by p-values.
   */
  readonly prior?: MgpsPrior
  /** Also look for combinations that no single attribute explains; true unless told. */
  readonly patterns?: boolean
  /** Cases that are kept in mind, the latest; 20,000 unless told. What is found is found among them. */
  readonly mostCases?: number
  /** Attributes of one case that are kept in mind, batches of components last; 16 unless told, 64 at most. */
  readonly mostAttributes?: number
}

const positive = z.number().positive()

export const associationSchema = z.strictObject({
  attributes: z.array(z.string().min(1).max(200)).max(mostNamed).default(['firmware']),
  limit: z.number().min(1).default(2),
  leastCases: z.int().min(2).default(5),
  falseAlarms: z.number().gt(0).lt(1).default(0.05),
  caseDays: z.number().nonnegative().default(21),
  prior: z
    .looseObject({
      shape1: positive,
      rate1: positive,
      shape2: positive,
      rate2: positive,
      weight: z.number().gt(0).lt(1),
    })
    .default({ shape1: 0.2, rate1: 0.1, shape2: 2, rate2: 4, weight: 1 / 3 }),
  patterns: z.boolean().default(true),
  mostCases: z.int().min(100).max(1_000_000).default(20_000),
  mostAttributes: z.int().min(1).max(64).default(16),
})

export type AssociationSettings = z.output<typeof associationSchema>
