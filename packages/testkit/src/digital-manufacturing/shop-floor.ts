import type { CheckedShopFloorSetup, DmSfcStatus } from './shop-floor-setup.js'

export interface DmRouting {
  readonly routing: string
  readonly type: string
  readonly version: string
}

export interface DmHold {
  readonly holdId: string
  readonly comments: string
}

export interface DmSfc extends Omit<CheckedShopFloorSetup['sfcs'][number], 'status' | 'routing'> {
  status: DmSfcStatus
  /** What it goes back to when it is released. */
  statusBeforeHold: DmSfcStatus
  routing: DmRouting
  hold: DmHold | null
}

export interface DmOrder extends Omit<CheckedShopFloorSetup['orders'][number], 'scheduledStartDate'> {
  scheduledStartDate: string
  readonly customValues: Record<string, string>
}

export interface DmStock
  extends Omit<CheckedShopFloorSetup['stocks'][number], 'status' | 'comments' | 'quantity'> {
  status: string
  quantity: number
  comments: string
  modifiedDateTime: string
}

export interface DmNonconformance {
  readonly id: string
  readonly code: string
  readonly sfc: string
  state: 'OPEN' | 'CLOSED'
  comments: string
  readonly dataFields: readonly { readonly key: string; readonly value: string }[]
  readonly files: readonly { readonly fileName: string; readonly text: string }[]
  readonly createdDateTime: string
  modifiedDateTime: string
}

export interface DmSetPointParameter {
  readonly parameter: string
  numericValue: number
  readonly lowerLimitValue: number
  readonly upperLimitValue: number
}

export interface DmSetPointGroup extends Omit<CheckedShopFloorSetup['setPointGroups'][number], 'parameters'> {
  parameters: DmSetPointParameter[]
  customValues: { readonly attribute: string; readonly value: string }[]
  modifiedDatetime: string
}

/** One thing that became different. */
export interface DmChange {
  /** Epoch ms. */
  readonly at: number
  readonly what:
    | 'sfc.hold'
    | 'sfc.release'
    | 'sfc.routing'
    | 'nonconformance.log'
    | 'nonconformance.close'
    | 'stock.status'
    | 'order.schedule'
    | 'set-point.value'
    | 'indicator.value'
  /** e.g. `SFC-1`, `order 1000`, `IM-04/TEMPERATURE`. */
  readonly object: string
  readonly from: string
  readonly to: string
  /** The request's own body: an id of an action that stands there is the action's. */
  readonly request: string
}

/** Everything on the shop floor. Only the routes change it, one request at a time. */
export interface ShopFloor {
  readonly setup: CheckedShopFloorSetup
  readonly sfcs: Map<string, DmSfc>
  readonly orders: Map<string, DmOrder>
  readonly stocks: Map<string, DmStock>
  readonly nonconformances: Map<string, DmNonconformance>
  readonly setPointGroups: DmSetPointGroup[]
  /** `resource/parameter` → what the machine runs with. */
  readonly indicators: Map<string, number>
  readonly routings: DmRouting[]
  readonly changes: DmChange[]
  /** The next number of holds and nonconformances. */
  numbers: number
}

/** The shop floor in plain JSON; lists in the order in which things came to be. */
export interface DigitalManufacturingState {
  readonly sfcs: readonly DmSfc[]
  readonly orders: readonly DmOrder[]
  readonly stocks: readonly DmStock[]
  readonly nonconformances: readonly DmNonconformance[]
  readonly setPointGroups: readonly DmSetPointGroup[]
  readonly indicators: Readonly<Record<string, number>>
  readonly changes: readonly DmChange[]
}

const byKey = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]))

export function openShopFloor(setup: CheckedShopFloorSetup, at: number): ShopFloor {
  const now = new Date(at).toISOString()
  const sfcs = setup.sfcs.map(
    ({ status, ...sfc }): DmSfc => ({
      ...sfc,
      components: [...sfc.components],
      status,
      statusBeforeHold: status === 'HOLD' ? 'IN_QUEUE' : status,
      hold: status === 'HOLD' ? { holdId: 'set up', comments: '' } : null,
    }),
  )
  const orders = setup.orders.map((order): DmOrder => ({ ...order, customValues: {} }))
  const stocks = setup.stocks.map((stock): DmStock => ({ ...stock, modifiedDateTime: now }))
  const setPointGroups = setup.setPointGroups.map(
    (group): DmSetPointGroup => ({
      ...group,
      parameters: group.parameters.map((parameter) => ({ ...parameter })),
      customValues: [],
      modifiedDatetime: now,
    }),
  )
  const values = setPointGroups.flatMap(({ resource, parameters }) =>
    parameters.map(({ parameter, numericValue }) => [`${resource}/${parameter}`, numericValue] as const),
  )
  return {
    setup,
    sfcs: byKey(sfcs, ({ sfc }) => sfc),
    orders: byKey(orders, ({ order }) => order),
    stocks: byKey(stocks, ({ inventoryId }) => inventoryId),
    nonconformances: new Map(),
    setPointGroups,
    indicators: new Map(values),
    routings: [...setup.routings, ...sfcs.map(({ routing }) => routing)],
    changes: [],
    numbers: 0,
  }
}

/** A copy: what happens later does not change it. */
export function stateOf(floor: ShopFloor): DigitalManufacturingState {
  return structuredClone({
    sfcs: [...floor.sfcs.values()],
    orders: [...floor.orders.values()],
    stocks: [...floor.stocks.values()],
    nonconformances: [...floor.nonconformances.values()],
    setPointGroups: floor.setPointGroups,
    indicators: Object.fromEntries(floor.indicators),
    changes: floor.changes,
  })
}

/** The next number of a kind of thing; the same requests give the same numbers. */
export function nextNumber(floor: ShopFloor, prefix: string): string {
  floor.numbers += 1
  return `${prefix}-${String(floor.numbers).padStart(6, '0')}`
}
