import * as z from 'zod'

export interface EmergingIssueOptions {
  /**
   * Findings without cause that are accepted for each model and year, however many faults it has; .01 unless told: a plant
   * with a hundred models gets one a year.
   */
  readonly falseAlarms?: number
  /** How many times as many cases as expected are worth telling; 2 unless told. */
  readonly rise?: number
  /** Fewer cases than these in a window are not told; 5 unless told. */
  readonly leastCases?: number
  /** What is counted together: weeks unless told, 7. Nothing is found before a period has ended. */
  readonly periodDays?: number
  /** Reports of a unit within so many days are one case; 21 unless told. */
  readonly caseDays?: number
  /** Weeks of which less than this share is reported by now are not judged; .2 unless told. */
  readonly leastReported?: number
  /** Safety flags that are watched like faults, whatever the fault code says; fire, injury and electricShock unless told. */
  readonly safety?: readonly ('fire' | 'injury' | 'electricShock' | 'leak' | 'breakdown' | 'reportable')[]
  /** Faults of models that are kept in mind, those reported last; 5,000 unless told. */
  readonly mostFaults?: number
  /** Cases that are kept in mind to know them when they are told again, the latest; 20,000 unless told. */
  readonly mostCases?: number
}

export const emergingSchema = z.strictObject({
  falseAlarms: z.number().positive().max(10).default(0.01),
  rise: z.number().min(1).default(2),
  leastCases: z.int().min(2).default(5),
  periodDays: z.number().positive().max(31).default(7),
  caseDays: z.number().nonnegative().default(21),
  leastReported: z.number().min(0).max(1).default(0.2),
  safety: z
    .array(z.enum(['fire', 'injury', 'electricShock', 'leak', 'breakdown', 'reportable']))
    .default(['fire', 'injury', 'electricShock']),
  mostFaults: z.int().min(10).default(5000),
  mostCases: z.int().positive().default(20_000),
})

export type EmergingSettings = z.output<typeof emergingSchema>
