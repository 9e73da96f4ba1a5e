import * as z from 'zod'

/** DM's key fields take capital letters, digits and these signs. */
const key = z.string().regex(/^(?! )[0-9A-Z_$!)(+~@^=\-*. ]+(?<! )$/, 'is not a key of DM')
const instant = z.iso.datetime()

export const sfcStatuses = {
  NEW: '401',
  IN_QUEUE: '402',
  ACTIVE: '403',
  HOLD: '404',
  DONE: '405',
  SCRAPPED: '407',
} as const
export type DmSfcStatus = keyof typeof sfcStatuses
export const stockStatuses = ['UNRESTRICTED', 'RESTRICTED', 'QUALITY_INSPECTION', 'BLOCKED'] as const

const routingSetup = z.strictObject({
  routing: key.max(128),
  type: z.enum(['PRODUCTION', 'SHOPORDER_SPECIFIC']).default('PRODUCTION'),
  version: key.max(20).default('A'),
})

/** A piece that was built into a unit. */
const componentSetup = z.strictObject({
  component: key.max(128),
  componentVersion: key.max(20).default('A'),
  operationActivity: key.max(36).default('ASSEMBLE'),
  batchNumber: z.string().min(1).max(10).optional(),
  serialNumber: z.string().min(1).max(18).optional(),
})

/** A shop floor control: a unit in the making, or made. */
const sfcSetup = z.strictObject({
  sfc: key.max(128),
  /** Where the unit has a number of its own besides its name. */
  serialNumber: z.string().min(1).max(18).optional(),
  material: key.max(40).default('KX-500'),
  order: key.max(36).optional(),
  /** Its lot as finished goods. */
  batch: z.string().min(1).max(10).optional(),
  status: z.enum(Object.keys(sfcStatuses) as [DmSfcStatus, ...DmSfcStatus[]]).default('IN_QUEUE'),
  routing: routingSetup.default({ routing: 'ASSEMBLY', type: 'PRODUCTION', version: 'A' }),
  workCenter: key.max(36).default('LINE-1'),
  components: z.array(componentSetup).default([]),
})

const orderSetup = z.strictObject({
  order: key.max(36),
  material: key.max(40).default('KX-500'),
  /** 1 to 999, DM's own: it is set when the order is made and never after. */
  priority: z.int().min(1).max(999).default(500),
  batchNumber: z.string().min(1).max(10).optional(),
  status: z.enum(['RELEASABLE', 'HOLD', 'DONE', 'CLOSED', 'DISCARDED']).default('RELEASABLE'),
  /** Only an order that is not in execution can be moved. */
  executionStatus: z
    .enum(['NOT_IN_EXECUTION', 'ACTIVE', 'HOLD', 'CLOSED', 'COMPLETED', 'DISCARDED'])
    .default('NOT_IN_EXECUTION'),
  plannedStartDate: instant.default('2026-01-10T06:00:00.000Z'),
  scheduledStartDate: instant.default('2026-01-10T06:00:00.000Z'),
})

const stockSetup = z.strictObject({
  inventoryId: key.max(128),
  material: key.max(40),
  materialVersion: key.max(20).default('A'),
  batchNumber: z.string().min(1).max(10),
  status: z.enum(stockStatuses).default('UNRESTRICTED'),
  storageLocation: key.max(4).default('0001'),
  quantity: z.number().min(0).default(100),
  /** Stock that comes from the ERP is changed there. */
  origin: z.enum(['DMC', 'ERP', 'EWM']).default('DMC'),
  comments: z.string().max(4000).default(''),
})

const parameterSetup = z.strictObject({
  parameter: z.string().min(1).max(128),
  numericValue: z.number(),
  lowerLimitValue: z.number(),
  upperLimitValue: z.number(),
})

const setPointGroupSetup = z.strictObject({
  setPointGroup: z.string().min(1).max(128),
  version: key.max(20).default('A'),
  resource: z.string().min(1).max(36),
  /** A group that is used in production cannot be edited. */
  usedInProduction: z.boolean().default(false),
  status: z.enum(['NEW', 'RELEASABLE', 'HOLD', 'OBSOLETE']).default('RELEASABLE'),
  parameters: z.array(parameterSetup).min(1),
})

/** What stands on the shop floor when the simulator opens. */
export const shopFloorSetup = z.strictObject({
  plant: key.max(6).default('P001'),
  sfcs: z.array(sfcSetup).default([]),
  orders: z.array(orderSetup).default([]),
  stocks: z.array(stockSetup).default([]),
  setPointGroups: z.array(setPointGroupSetup).default([]),
  /** Code → the data fields that may be collected with it. */
  nonconformanceCodes: z.record(key.max(16), z.array(z.string().min(1).max(60))).default({}),
  /** The custom fields that are defined for orders. */
  orderCustomFields: z.array(key.max(60)).default([]),
  /** Routings that a unit can be sent to, besides those that units are on. */
  routings: z.array(routingSetup).default([]),
  /** Whether a nonconformance can be logged for a unit that is on hold: SAP does not say. */
  nonconformancesOnHold: z.boolean().default(true),
})
export type ShopFloorSetup = z.input<typeof shopFloorSetup>
export type CheckedShopFloorSetup = z.output<typeof shopFloorSetup>
