import * as z from 'zod'
import { oauthSchema } from '../simulator/oauth.js'
import { simulatorSchema } from '../simulator/start-simulator.js'
import type { SomebodyElse } from './somebody-else.js'

const plant = z.string().min(1).max(4).default('1010')
const material = z.string().min(1).max(40)
const batch = z.string().max(10)
const decimalText = z.string().regex(/^\d{1,10}(\.\d{1,3})?$/)
const flag = z.boolean().default(false)
/** Epoch ms of a midnight, UTC. */
const date = z.int()

const materialSetup = z.strictObject({ material, plant, baseUnit: z.string().min(1).max(3).default('PC') })

const batchSetup = z.strictObject({
  material,
  batch: batch.min(1),
  /** Absent where batch numbers are unique per material. */
  identifyingPlant: z.string().max(4).default(''),
  restricted: flag,
  supplier: z.string().max(10).default(''),
  batchBySupplier: z.string().max(15).default(''),
})

const stockSetup = z.strictObject({
  material,
  plant,
  storageLocation: z.string().min(1).max(4).default('101A'),
  batch: batch.default(''),
  /** 01 unrestricted, 02 in quality inspection, 07 blocked. Of a restricted batch, 01 becomes restricted-use stock. */
  type: z.enum(['01', '02', '07']).default('01'),
  quantity: decimalText,
})

const orderSetup = z.strictObject({
  order: z.string().min(1).max(12),
  type: z.string().min(1).max(4).default('YBM1'),
  material,
  plant,
  status: z.enum(['created', 'released', 'completed', 'closed', 'deleted']).default('created'),
  importance: z.string().max(1).default(''),
  quantity: decimalText.default('100'),
  start: date.optional(),
  end: date.optional(),
  /** Another user works on it and nobody else may change it. */
  locked: flag,
})

/** What was posted before: documents without any effect on the stock that is set up. */
const movementSetup = z.strictObject({
  movement: z.string().min(3).max(3),
  material,
  plant,
  storageLocation: z.string().max(4).default('101A'),
  batch: batch.default(''),
  quantity: decimalText.default('1'),
  order: z.string().max(12).default(''),
  supplier: z.string().max(10).default(''),
  customer: z.string().max(10).default(''),
  delivery: z.string().max(10).default(''),
  serials: z.array(z.string().min(1).max(18)).default([]),
})

const lotSetup = z.strictObject({
  lot: z.string().min(1).max(12),
  material,
  plant,
  batch: batch.default(''),
  type: z.string().min(1).max(8).default('04'),
  quantity: decimalText.default('0'),
  order: z.string().max(12).default(''),
})

const code = z.string().min(1).max(4)
const codeGroup = z.string().min(1).max(8)
const custom = z.array(z.string().regex(/^YY1_\w{1,26}$/)).default([])

/** What the options of the simulator are checked by. */
export const s4hanaSchema = simulatorSchema.extend({
  /** The client that every request has to name by `sap-client`; there is no default client. */
  client: z
    .string()
    .regex(/^\d{3}$/)
    .default('100'),
  basic: z.strictObject({ user: z.string().min(1).max(12), password: z.string().min(1) }).optional(),
  apiKey: z.string().min(1).optional(),
  oauth: oauthSchema.optional(),
  /** After so long without a request a session ends, s. */
  sessionIdleSeconds: z.number().positive().default(1_800),
  /** At most so many entities in one answer. */
  pageSize: z.int().min(1).default(1_000),
  functionResults: z.enum(['plain', 'named']).default('plain'),
  /** What somebody else changes at `etag-stale`; nothing but the stamp of the change by default. */
  somebodyElse: z
    .custom<SomebodyElse>((value) => typeof value === 'function', 'must be a function')
    .default(() => () => ({})),
  /** Names of services that the user has no authorization for, e.g. `API_BATCH_SRV`. */
  forbidden: z.array(z.string().min(1)).default([]),
  /** Some releases do not let a lot be created from outside. */
  inspectionLotCreate: z.boolean().default(true),
  /** Order types that exist; absent: all. */
  orderTypes: z.array(z.string().min(1).max(4)).optional(),
  /** Codes that exist in the catalogs; absent: all. */
  codes: z.array(z.strictObject({ catalog: z.string().length(1), codeGroup, code })).optional(),
  usageDecisionCodes: z.array(z.strictObject({ codeGroup, code, valuation: z.enum(['A', 'R']) })).default([
    { codeGroup: '01', code: 'A', valuation: 'A' },
    { codeGroup: '01', code: 'R', valuation: 'R' },
  ]),
  customFields: z
    .strictObject({
      notification: custom,
      batch: custom,
      order: custom,
      materialDocument: custom,
      inspectionLot: custom,
    })
    .prefault({}),
  materials: z.array(materialSetup).default([]),
  batches: z.array(batchSetup).default([]),
  stock: z.array(stockSetup).default([]),
  orders: z.array(orderSetup).default([]),
  movements: z.array(movementSetup).default([]),
  inspectionLots: z.array(lotSetup).default([]),
})
export type S4HanaOptions = z.input<typeof s4hanaSchema>
export type CheckedS4HanaOptions = z.output<typeof s4hanaSchema>
