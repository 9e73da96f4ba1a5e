import * as z from 'zod'

const id = z.string().min(1).max(200)

/** A batch of components or of finished goods as it stands when the plant opens. */
const batchSetup = z.strictObject({
  batch: id,
  /** Absent for a lot of finished goods. */
  component: id.optional(),
  quantity: z.int().min(0).optional(),
  location: id.optional(),
})

const orderSetup = z.strictObject({
  id,
  /** The product model it makes. */
  model: id,
  /** 1 (first) to 9; 5 when absent. */
  priority: z.int().min(1).max(9).default(5),
  status: z.enum(['planned', 'released', 'finished']).default('planned'),
  quantity: z.int().min(1).optional(),
})

const parameterSetup = z.strictObject({
  value: z.number(),
  /** UCUM, e.g. `Cel`. */
  unit: z.string().max(40),
  /** The machine's own clamp: it refuses whatever lies outside. */
  low: z.number(),
  high: z.number(),
  /** The largest change in one write. */
  maxStep: z.number().positive(),
  /** The shortest time between two changes. */
  dwellSeconds: z.number().min(0).default(0),
  /** Taking back the last change need not wait for the dwell time. */
  restoresAtOnce: z.boolean().default(true),
})

const equipmentSetup = z.strictObject({ id, parameters: z.record(id, parameterSetup) })

const unitSetup = z.strictObject({
  serial: id,
  model: id,
  componentBatches: z.record(id, id).default({}),
  /** Its lot as finished goods. */
  batch: id.optional(),
  /** The line that made it. */
  line: id.optional(),
  /** `shipped` when it has left the plant. */
  location: id.default('line'),
})

/** What stands in the plant when it opens. */
export const floorSetup = z.strictObject({
  batches: z.array(batchSetup).default([]),
  orders: z.array(orderSetup).default([]),
  equipment: z.array(equipmentSetup).default([]),
  units: z.array(unitSetup).default([]),
  /** How many changes each parameter remembers. */
  parameterHistory: z.int().min(0).max(1_000_000).default(1_000),
})
export type FloorSetup = z.input<typeof floorSetup>
export type CheckedFloorSetup = z.output<typeof floorSetup>
