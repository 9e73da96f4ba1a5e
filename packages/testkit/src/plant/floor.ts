import * as z from 'zod'

const id = z.string().min(1).max(200)

/** A batch of components as it stands when the plant opens. */
const batchSetup = z.strictObject({ batch: id, component: id, quantity: z.int().min(0).optional() })

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
})

const equipmentSetup = z.strictObject({ id, parameters: z.record(id, parameterSetup) })

const unitSetup = z.strictObject({
  serial: id,
  model: id,
  componentBatches: z.record(id, id).default({}),
  location: id.default('line'),
})

/** What stands in the plant when it opens. */
export const floorSetup = z.strictObject({
  batches: z.array(batchSetup).default([]),
  orders: z.array(orderSetup).default([]),
  equipment: z.array(equipmentSetup).default([]),
  units: z.array(unitSetup).default([]),
})
export type FloorSetup = z.input<typeof floorSetup>
export type CheckedFloorSetup = z.output<typeof floorSetup>

/** The customer's words as the plant keeps them. */
export const quoteSchema = z.looseObject({ text: z.string() })
export type PlantQuote = z.infer<typeof quoteSchema>

/** One reason why a batch is held; a batch is free when none is left. */
export interface PlantHold {
  /** The action id, or null for a hold set at the plant itself. */
  readonly action: string | null
  readonly reason: string
  readonly at: number
}

export interface PlantBatch {
  readonly batch: string
  readonly component: string
  status: 'free' | 'held'
  /** The action id of the oldest hold. */
  heldBy: string | null
  reason: string | null
  holds: PlantHold[]
  quotes: PlantQuote[]
  /** What is left of it; null when nobody counts. */
  quantity: number | null
  consumed: number
}

export interface PlantOrder {
  readonly id: string
  readonly kind: 'production' | 'rework'
  readonly model: string | null
  priority: number
  status: 'planned' | 'released' | 'finished' | 'cancelled'
  reason: string | null
  /** What a rework order is about. */
  readonly about: { readonly order: string | null; readonly batch: string | null }
  readonly quantity: number | null
  readonly createdBy: string | null
}

export interface PlantParameter {
  value: number
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly maxStep: number
  readonly dwellSeconds: number
  /** Epoch ms of the last change; null before the first. */
  changedAt: number | null
  changedBy: string | null
  /** What the last change replaced. */
  previous: number | null
  /** Until when the writer meant it, in the writer's words. */
  expiry: string | null
}

export interface PlantEquipment {
  readonly id: string
  readonly parameters: Record<string, PlantParameter>
}

export interface PlantUnit {
  readonly serial: string
  readonly model: string
  readonly componentBatches: Record<string, string>
  location: string
}

export interface PlantNotification {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly productModel: string | null
  readonly batch: string | null
  readonly quotes: readonly PlantQuote[]
  readonly createdBy: string | null
  readonly at: number
  status: 'open' | 'withdrawn'
}

export interface PlantInspection {
  readonly id: string
  /** How many pieces to look at; null leaves it to the plant. */
  readonly sampleSize: number | null
  readonly batch: string | null
  readonly productModel: string | null
  readonly reason: string
  readonly quotes: readonly PlantQuote[]
  status: 'open' | 'cancelled'
  readonly createdBy: string | null
  readonly at: number
}

export interface PlantMessage {
  readonly id: string
  readonly to: string
  readonly text: string
  readonly priority: number | null
  readonly quotes: readonly PlantQuote[]
  readonly createdBy: string | null
  readonly at: number
}

/** Proof that an action id had its effect. */
export interface PlantDeed {
  readonly id: string
  /** What was asked, e.g. `POST /batches/C-1/hold`. */
  readonly request: string
  readonly reference: string
  readonly answer: Readonly<Record<string, unknown>>
  /** The customers' words that came with the request, whatever it asked for. */
  readonly quotes: readonly PlantQuote[]
  readonly at: number
}

/** Everything in the plant, by id. Only the routes change it, one request at a time. */
export interface Floor {
  readonly batches: Map<string, PlantBatch>
  readonly orders: Map<string, PlantOrder>
  readonly equipment: Map<string, PlantEquipment>
  readonly units: Map<string, PlantUnit>
  readonly notifications: Map<string, PlantNotification>
  readonly inspections: Map<string, PlantInspection>
  readonly messages: Map<string, PlantMessage>
  readonly deeds: Map<string, PlantDeed>
  /** The next number of every kind of document. */
  readonly numbers: Map<string, number>
}

/** The plant's state in plain JSON; lists in the order in which things came to be. */
export interface PlantState {
  readonly batches: readonly PlantBatch[]
  readonly orders: readonly PlantOrder[]
  readonly equipment: readonly PlantEquipment[]
  readonly units: readonly PlantUnit[]
  readonly notifications: readonly PlantNotification[]
  readonly inspections: readonly PlantInspection[]
  readonly messages: readonly PlantMessage[]
  readonly actions: readonly PlantDeed[]
}

export function openFloor(setup: CheckedFloorSetup): Floor {
  const byId = <T>(items: readonly T[], idOf: (item: T) => string): Map<string, T> =>
    new Map(items.map((item) => [idOf(item), item]))
  const batches = setup.batches.map(({ batch, component, quantity = null }) =>
    newBatch(batch, component, quantity),
  )
  const orders = setup.orders.map(
    ({ id, model, priority, status, quantity = null }): PlantOrder => ({
      ...{ id, kind: 'production', model, priority, status, quantity },
      ...{ reason: null, about: { order: null, batch: null }, createdBy: null },
    }),
  )
  const equipment = setup.equipment.map(({ id, parameters }): PlantEquipment => {
    const untouched = { changedAt: null, changedBy: null, previous: null, expiry: null }
    const entries = Object.entries(parameters).map(([name, limits]) => [name, { ...limits, ...untouched }])
    return { id, parameters: Object.fromEntries(entries) }
  })
  return {
    batches: byId(batches, ({ batch }) => batch),
    orders: byId(orders, ({ id }) => id),
    equipment: byId(equipment, ({ id }) => id),
    units: byId(structuredClone(setup.units), ({ serial }) => serial),
    notifications: new Map(),
    inspections: new Map(),
    messages: new Map(),
    deeds: new Map(),
    numbers: new Map(),
  }
}

export function newBatch(batch: string, component: string, quantity: number | null): PlantBatch {
  const free = { status: 'free', heldBy: null, reason: null } as const
  return { batch, component, quantity, consumed: 0, ...free, holds: [], quotes: [] }
}

/** A copy: what happens later does not change it. */
export function stateOf(floor: Floor): PlantState {
  return structuredClone({
    batches: [...floor.batches.values()],
    orders: [...floor.orders.values()],
    equipment: [...floor.equipment.values()],
    units: [...floor.units.values()],
    notifications: [...floor.notifications.values()],
    inspections: [...floor.inspections.values()],
    messages: [...floor.messages.values()],
    actions: [...floor.deeds.values()],
  })
}

/** The next document number, e.g. `HOLD-000001`; the same requests give the same numbers. */
export function nextNumber(floor: Floor, prefix: string): string {
  const number = (floor.numbers.get(prefix) ?? 0) + 1
  floor.numbers.set(prefix, number)
  return `${prefix}-${String(number).padStart(6, '0')}`
}
