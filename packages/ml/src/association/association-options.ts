import * as z from 'zod'
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
  /** Also look for combinations that no single attribute explains; true unless told. */
  readonly patterns?: boolean
  /** Cases that are kept in mind, the latest; 20,000 unless told. What is found is found among them. */
  readonly mostCases?: number
}

export const associationSchema = z.strictObject({
  attributes: z.array(z.string().min(1).max(200)).max(mostNamed).default(['firmware']),
  limit: z.number().min(1).default(2),
  leastCases: z.int().min(2).default(5),
  falseAlarms: z.number().gt(0).lt(1).default(0.05),
  caseDays: z.number().nonnegative().default(21),
  patterns: z.boolean().default(true),
  mostCases: z.int().min(100).max(1_000_000).default(20_000),
})

export type AssociationSettings = z.output<typeof associationSchema>
