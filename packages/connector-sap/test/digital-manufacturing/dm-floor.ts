import type { Action, ExecuteContext, JsonObject } from '@andon/core/connector'
import { silentLogger, systemClock } from '@andon/core/connector'
import {
  type DigitalManufacturing,
  type RequestMatch,
  type ShopFloorSetup,
  type DigitalManufacturingOptions as SimulatorOptions,
  sampleAction,
  sampleQuote,
  startDigitalManufacturing,
} from '@andon/testkit'
import { digitalManufacturing } from '../../src/digital-manufacturing/digital-manufacturing.js'
import type { DigitalManufacturingOptions } from '../../src/digital-manufacturing/options.js'

const count = 40
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))

const compressor = (batchNumber: string) => [{ component: 'MAT-COMPRESSOR', batchNumber }]

/** A shop floor with so much on it that every action of a suite finds something of its own. */
export const richFloor = (overrides: ShopFloorSetup = {}): ShopFloorSetup => ({
  plant: 'P001',
  sfcs: [
    ...many((index) => ({ sfc: `U-${index}A`, order: `O-${index}` })),
    ...many((index) => ({ sfc: `U-${index}B`, order: `O-${index}` })),
    ...many((index) => ({ sfc: `H-${index}`, status: 'HOLD' as const })),
    { sfc: 'T-1', components: compressor('C-T'), batch: 'F-1' },
    { sfc: 'T-2', components: [...compressor('C-T'), { component: 'MAT-BOARD', batchNumber: 'M-1' }] },
    { sfc: 'T-3', components: compressor('C-OTHER') },
  ],
  orders: many((index) => ({ order: `O-${index}` })),
  stocks: [
    ...many((index) => ({
      inventoryId: `INV-${index}`,
      material: 'MAT-COMPRESSOR',
      batchNumber: `C-${index}`,
    })),
    // The stock of these lots lies in two places.
    ...many((index) => ({
      inventoryId: `IND-${index}-1`,
      material: 'MAT-COMPRESSOR',
      batchNumber: `D-${index}`,
    })),
    ...many((index) => ({
      inventoryId: `IND-${index}-2`,
      material: 'MAT-COMPRESSOR',
      batchNumber: `D-${index}`,
    })),
    ...many((index) => ({
      ...{ inventoryId: `INB-${index}`, material: 'MAT-COMPRESSOR', batchNumber: `B-${index}` },
      status: 'BLOCKED' as const,
    })),
    { inventoryId: 'INV-T', material: 'MAT-COMPRESSOR', batchNumber: 'C-T' },
    { inventoryId: 'INV-ERP', material: 'MAT-COMPRESSOR', batchNumber: 'C-ERP', origin: 'ERP' },
  ],
  setPointGroups: many((index) => ({
    setPointGroup: `MOULD-${index}`,
    resource: `IM-${index}`,
    parameters: [
      { parameter: 'TEMPERATURE', numericValue: 220, lowerLimitValue: 200, upperLimitValue: 240 },
      { parameter: 'PRESSURE', numericValue: 90, lowerLimitValue: 50, upperLimitValue: 120 },
    ],
  })),
  nonconformanceCodes: { ANDON: ['ANDON_RECORD', 'ANDON_WORDS_1', 'ANDON_WORDS_2'] },
  orderCustomFields: ['ANDON'],
  routings: [{ routing: 'REWORK' }],
  ...overrides,
})

export const kinds = [
  'material.hold of units',
  'material.hold',
  'material.release of units',
  'material.release',
  'quality.notification',
  'schedule.prioritise',
  'schedule.rework',
  'parameter.adjust',
] as const
export type KindOfCase = (typeof kinds)[number]

const kindOf = (name: KindOfCase): string => name.replace(' of units', '')

const reason = 'cooling failure on 7 units in 24 h'

function paramsOf(name: KindOfCase, index: number): JsonObject {
  switch (name) {
    case 'material.hold of units':
      return { serials: [`U-${index}A`, `U-${index}B`], reason }
    case 'material.hold':
      return { batch: `C-${index}`, component: 'compressor', reason }
    case 'material.release of units':
      return { serials: [`H-${index}`], reason }
    case 'material.release':
      return { batch: `B-${index}`, reason }
    case 'quality.notification':
      return { title: 'Cooling failures', text: '制冷故障', product_model: 'KX-500' }
    case 'schedule.prioritise':
      return { order: `O-${index}`, priority: 1, reason }
    case 'schedule.rework':
      return { order: `O-${index}`, reason }
    case 'parameter.adjust':
      return {
        ...{ equipment: `IM-${index}`, parameter: 'temperature', from: 220, to: 224, unit: 'Cel' },
        ...{ low: 210, high: 230, max_step: 5 },
      }
  }
}

/** An action on the `index`-th things of the floor. */
export const dmAction = (name: KindOfCase, index: number, overrides: Partial<Action> = {}): Action =>
  sampleAction(index, {
    id: `${name}/动作 ${index}`,
    kind: kindOf(name),
    params: paramsOf(name, index),
    quotes: [
      { ...sampleQuote(1), serialNumber: `U-${index}A` },
      {
        ...{ ...sampleQuote(2), serialNumber: `U-${index}A` },
        evidence: [{ uri: 'https://evidence.example/1.jpg', mime: 'image/jpeg', derivedText: 'E-COOL-01' }],
      },
    ],
    ...overrides,
  })

/** The request that makes the effect of each kind: what a fault is meant for. */
export const deciding: Readonly<Record<KindOfCase, RequestMatch>> = {
  'material.hold of units': { path: '/sfc/v1/sfcs/hold' },
  'material.hold': { method: 'PATCH', path: '/inventories/' },
  'material.release of units': { path: '/sfc/v1/sfcs/release' },
  'material.release': { method: 'PATCH', path: '/inventories/' },
  'quality.notification': { path: '/nonconformance/v1/log' },
  'schedule.prioritise': { path: '/rescheduleOrder' },
  'schedule.rework': { path: '/changeProduction' },
  'parameter.adjust': { method: 'PATCH', path: '/setpoint/v3/groups' },
}

/** And the one that takes it back. */
export const undoing: Readonly<Record<KindOfCase, RequestMatch>> = {
  ...deciding,
  'material.hold of units': deciding['material.release of units'],
  'material.release of units': deciding['material.hold of units'],
  'quality.notification': { path: '/nonconformance/v1/close' },
}

export const contextOf = (attempt = 1, overrides: Partial<ExecuteContext> = {}): ExecuteContext => ({
  attempt,
  signal: new AbortController().signal,
  clock: systemClock,
  logger: silentLogger,
  ...overrides,
})

export const optionsFor = (
  { url, tokenUrl, clientId, clientSecret, plant }: DigitalManufacturing,
  overrides: Partial<DigitalManufacturingOptions> = {},
): DigitalManufacturingOptions => ({
  ...{ url, plant, timeoutMs: 250 },
  auth: { kind: 'oauth2', tokenUrl, clientId, clientSecret },
  nonconformance: { code: 'ANDON', wordsFields: ['ANDON_WORDS_1', 'ANDON_WORDS_2'] },
  stock: { materials: { compressor: 'MAT-COMPRESSOR' } },
  schedule: {},
  rework: { routing: 'REWORK', version: 'A' },
  parameters: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `IM-${index}/temperature`,
      { setPointGroup: `MOULD-${index}`, version: 'A', unit: 'Cel', parameter: 'TEMPERATURE', maxStep: 10 },
    ]),
  ),
  ...overrides,
})

/** A Digital Manufacturing and a target for it. */
export async function opened(
  simulator: SimulatorOptions = {},
  overrides: Partial<DigitalManufacturingOptions> = {},
) {
  const dm = await startDigitalManufacturing({ floor: richFloor(), ...simulator })
  const make = () => digitalManufacturing(optionsFor(dm, overrides))
  return { dm, make, target: make() }
}

/** The words of an action as its things stand for in the requests: whatever else is counted by the thing itself. */
const bodyMark = (action: Action): string => encodeURIComponent(action.id)

/** How often the effect of an action was made, as the simulator counts it. */
export function effectsOf(dm: DigitalManufacturing, action: Action): number {
  const { changes, nonconformances } = dm.state()
  const mark = bodyMark(action)
  const marked = (what: string, goal?: string): number => {
    const found = changes.filter(
      ({ what: kind, request, from, to }) =>
        kind === what &&
        from !== to &&
        (goal === undefined || to === goal) &&
        request.includes(mark) &&
        !request.includes(`${mark}:revert`),
    )
    // One request may change several things.
    return (
      new Set(found.map(({ object, at, request }) => `${object} ${at} ${request}`)).size / thingsOf(action)
    )
  }
  switch (action.kind) {
    case 'material.hold':
      return action.params.serials === undefined ? marked('stock.status', 'BLOCKED') : marked('sfc.hold')
    case 'material.release':
      return action.params.serials === undefined
        ? marked('stock.status', 'UNRESTRICTED')
        : marked('sfc.release')
    case 'quality.notification':
      return nonconformances.filter(({ dataFields }) => recordOf(dataFields) === action.id).length
    case 'schedule.prioritise':
      return changes.filter(
        ({ what, object }) => what === 'order.schedule' && object === `order ${action.params.order}`,
      ).length
    case 'schedule.rework':
      return (
        changes.filter(
          ({ what, object, to }) =>
            what === 'sfc.routing' && to === 'REWORK' && unitsOf(action).includes(object),
        ).length / 2
      )
    default:
      return changes.filter(
        ({ what, object, to }) =>
          what === 'set-point.value' &&
          object.startsWith(`${action.params.equipment}/`) &&
          to === String(action.params.to),
      ).length
  }
}

/** How often it was taken back. */
export function reversalsOf(dm: DigitalManufacturing, action: Action): number {
  const { changes } = dm.state()
  const mark = `${bodyMark(action)}:revert`
  switch (action.kind) {
    case 'material.hold':
    case 'material.release': {
      if (action.params.serials !== undefined) {
        const what = action.kind === 'material.hold' ? 'sfc.release' : 'sfc.hold'
        return (
          changes.filter((one) => one.what === what && one.request.includes(mark)).length / thingsOf(action)
        )
      }
      const back = action.kind === 'material.hold' ? 'UNRESTRICTED' : 'BLOCKED'
      return (
        changes.filter(
          ({ what, from, to, request }) =>
            what === 'stock.status' && from !== to && to === back && request.includes(bodyMark(action)),
        ).length / thingsOf(action)
      )
    }
    case 'quality.notification':
      return changes.filter(({ what, request }) => what === 'nonconformance.close' && request.includes(mark))
        .length
    case 'schedule.prioritise':
      return (
        changes.filter(
          ({ what, object }) => what === 'order.schedule' && object === `order ${action.params.order}`,
        ).length - 1
      )
    case 'schedule.rework':
      return (
        changes.filter(
          ({ what, object, from }) =>
            what === 'sfc.routing' && from === 'REWORK' && unitsOf(action).includes(object),
        ).length / 2
      )
    default:
      return changes.filter(
        ({ what, object, from }) =>
          what === 'set-point.value' &&
          object.startsWith(`${action.params.equipment}/`) &&
          from === String(action.params.to),
      ).length
  }
}

function recordOf(dataFields: readonly { key: string; value: string }[]): string | undefined {
  const record = dataFields.find(({ key }) => key === 'ANDON_RECORD')?.value
  return record === undefined ? undefined : String(Object(JSON.parse(record)).action)
}

const unitsOf = ({ params }: Action): readonly string[] => {
  const index = String(params.order).slice(2)
  return [`U-${index}A`, `U-${index}B`]
}

/** How many things of DM one action of this suite changes. */
const thingsOf = ({ params }: Action): number => {
  if (Array.isArray(params.serials)) return params.serials.length
  return String(params.batch).startsWith('D-') ? 2 : 1
}

/** Everything that DM kept of an action, as text. */
export function keptOf(dm: DigitalManufacturing, action: Action): string {
  const { nonconformances, stocks, setPointGroups, sfcs } = dm.state()
  const ofAction = nonconformances.filter(({ dataFields }) => recordOf(dataFields) === action.id)
  const texts = ofAction.flatMap(({ dataFields, files }) => [
    dataFields
      .filter(({ key }) => key.startsWith('ANDON_WORDS'))
      .map(({ value }) => value)
      .join(''),
    ...files.map(({ text }) => text),
  ])
  const mark = bodyMark(action)
  const comments = [
    ...stocks.map(({ comments: text }) => text),
    ...sfcs.flatMap(({ hold }) => hold?.comments ?? []),
  ]
  const values = setPointGroups.flatMap(({ customValues }) =>
    customValues.map(({ value }) => value).join('\n'),
  )
  return [...texts, ...[...comments, ...values].filter((text) => text.includes(mark))].join('\n')
}
