import * as z from 'zod'

export interface RecurrenceOptions {
  /** The share of repaired units above which a fault that comes back is a potential design defect; .15 unless told. */
  readonly limit?: number
  /** A recurrence later than this after the repair is another story; 180 unless told. */
  readonly horizonDays?: number
  /** Reports of a unit within so many days are one case, unless a repair lies between; 21 unless told. */
  readonly caseDays?: number
  /** Of the lower end that confirms, two-sided; .99 unless told: it is looked at again with every recurrence. */
  readonly confidence?: number
  /**
   * Also tell a rate above the limit whose lower end is not: off unless told. With ten faults that come back on 5 % of units
   * each, chance alone makes such a finding in 62 of 100 years; a confirmed one in 2.
   */
  readonly watch?: boolean
  /** Fewer units that had the fault confirm nothing; 10 unless told. */
  readonly leastUnits?: number
  /** Fewer units on which it came back are not told; 3 unless told. */
  readonly leastRecurrences?: number
  /**
   * Units that are kept in mind, for each fault that they had; 100,000 unless told. Those whose first report came first are
   * forgotten first. It holds for a new memory.
   */
  readonly mostUnits?: number
  /** Models whose reports without serial numbers are counted, those reported last; 1,000 unless told. */
  readonly mostModels?: number
}

export const recurrenceSchema = z.strictObject({
  limit: z.number().gt(0).lt(1).default(0.15),
  horizonDays: z.number().positive().default(180),
  caseDays: z.number().nonnegative().default(21),
  confidence: z.number().gt(0).lt(1).default(0.99),
  watch: z.boolean().default(false),
  leastUnits: z.int().positive().default(10),
  leastRecurrences: z.int().positive().default(3),
  mostUnits: z.int().positive().default(100_000),
  mostModels: z.int().positive().default(1000),
})

export type RecurrenceSettings = z.output<typeof recurrenceSchema>
