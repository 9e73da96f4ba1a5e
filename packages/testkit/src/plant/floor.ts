import type { CheckedFloorSetup } from './floor-setup.js'
import { indexUnit } from './genealogy.js'
import type { PlantQuote } from './quotes.js'

/** One reason why a batch or a unit is held; it is free when none is left. */
export interface PlantHold {
  /** The action id, or null for a hold set at the plant itself. */
  readonly action: string | null
  readonly reason: string
  readonly at: number
}

export interface PlantBatch {
  readonly batch: string
  /** What the pieces are; null for a lot of finished goods. */
  readonly component: string | null
  status: 'free' | 'held'
  /** The action id of the oldest hold. */
  heldBy: string | null
  reason: string | null
  holds: PlantHold[]
  quotes: PlantQuote[]
  /** What is left of it; null when nobody counts. */
  quantity: number | null
  consumed: number
  readonly location: string | null
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
  /** The action id of the last change of its priority. */
  changedBy: string | null
}

/** One change of a parameter's value. */
export interface PlantChange {
  /** Epoch ms. */
  readonly at: number
  readonly value: number
  readonly previous: number
  /** The action id; null for a change made at the plant itself. */
  readonly by: string | null
  /** The action whose change this one took back. */
  readonly restores: string | null
}

export interface PlantParameter {
  value: number
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly maxStep: number
  readonly dwellSeconds: number
  /** Taking back the last change need not wait for the dwell time. */
  readonly restoresAtOnce: boolean
  /** Epoch ms of the last change; null before the first. */
  changedAt: number | null
  changedBy: string | null
  /** What the last change replaced. */
  previous: number | null
  /** Until when the writer meant it, in the writer's words. */
  expiry: string | null
  /** The latest changes of its value, oldest first. */
  readonly history: PlantChange[]
}

export interface PlantEquipment {
  readonly id: string
  readonly parameters: Record<string, PlantParameter>
}

export interface PlantUnit {
  readonly serial: string
  readonly model: string
  readonly componentBatches: Record<string, string>
  /** Its lot as finished goods. */
  readonly batch: string | null
  readonly line: string | null
  location: string
  /** It cannot be shipped. */
  held: boolean
  holds: PlantHold[]
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
  /** How often it took effect: 1, or 0 for a write that was only acknowledged. */
  readonly effects: number
  /** How often its effect was taken away. */
  readonly undone: number
}

/** A deed as the floor keeps it: the answer is the text that was sent. */
export interface KeptDeed extends Omit<PlantDeed, 'answer' | 'effects' | 'undone'> {
  readonly text: string
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
  readonly deeds: Map<string, KeptDeed>
  /** How often each action id took effect and was undone, counted where it happens and not from the deeds. */
  readonly effects: Map<string, number>
  readonly undone: Map<string, number>
  /** Lot, of components or finished goods → serial numbers of the units that have it, in the order in which they came. */
  readonly unitsByBatch: Map<string, Set<string>>
  /** How many changes each parameter remembers. */
  readonly historyLimit: number
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
  const batches = setup.batches.map(({ batch, component = null, quantity = null, location = null }) =>
    newBatch(batch, component, quantity, location),
  )
  const orders = setup.orders.map(
    ({ id, model, priority, status, quantity = null }): PlantOrder => ({
      ...{ id, kind: 'production', model, priority, status, quantity },
      ...{ reason: null, about: { order: null, batch: null }, createdBy: null },
      changedBy: null,
    }),
  )
  const equipment = setup.equipment.map(({ id, parameters }): PlantEquipment => {
    const untouched = { changedAt: null, changedBy: null, previous: null, expiry: null }
    const entries = Object.entries(parameters).map(([name, limits]) => [
      name,
      { ...limits, ...untouched, history: [] },
    ])
    return { id, parameters: Object.fromEntries(entries) }
  })
  const units = setup.units.map(
    ({ batch = null, line = null, ...unit }): PlantUnit => ({
      ...structuredClone(unit),
      ...{ batch, line, held: false, holds: [] },
    }),
  )
  const floor: Floor = {
    batches: byId(batches, ({ batch }) => batch),
    orders: byId(orders, ({ id }) => id),
    equipment: byId(equipment, ({ id }) => id),
    units: byId(units, ({ serial }) => serial),
    notifications: new Map(),
    inspections: new Map(),
    messages: new Map(),
    deeds: new Map(),
    numbers: new Map(),
    effects: new Map(),
    undone: new Map(),
    unitsByBatch: new Map(),
    historyLimit: setup.parameterHistory,
  }
  for (const unit of floor.units.values()) indexUnit(floor, unit)
  return floor
}

export function newBatch(
  batch: string,
  component: string | null,
  quantity: number | null,
  location: string | null = null,
): PlantBatch {
  const free = { status: 'free', heldBy: null, reason: null } as const
  return { batch, component, quantity, location, consumed: 0, ...free, holds: [], quotes: [] }
}

/** A deed as the plant shows it. */
export function deedOf(floor: Floor, { text, ...kept }: KeptDeed): PlantDeed {
  const effects = floor.effects.get(kept.id) ?? 0
  const undone = floor.undone.get(kept.id) ?? 0
  return { ...kept, answer: JSON.parse(text), effects, undone }
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
    actions: [...floor.deeds.values()].map((deed) => deedOf(floor, deed)),
  })
}

/** The next document number, e.g. `HOLD-000001`; the same requests give the same numbers. */
export function nextNumber(floor: Floor, prefix: string): string {
  const number = (floor.numbers.get(prefix) ?? 0) + 1
  floor.numbers.set(prefix, number)
  return `${prefix}-${String(number).padStart(6, '0')}`
}
