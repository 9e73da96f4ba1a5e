import * as z from 'zod'
import { authSchema, httpAddress, type SapAuth } from '../http/auth.js'
import type { SapTlsOptions } from '../http/sap-http.js'

/** How the shop floor's own names and customizing are used; what has a default needs nothing. */
export interface DigitalManufacturingOptions {
  /** Default `sap-dm`. */
  readonly name?: string
  /** e.g. `https://api.eu20.dmc.cloud.sap`, for a test tenant `https://api.test.eu20.dmc.cloud.sap`. */
  readonly url: string
  /** Client credentials of a service key: `https://{subdomain}.authentication.{region}.hana.ondemand.com/oauth/token`. */
  readonly auth: SapAuth
  /** At most 6 characters. One target is for one plant. */
  readonly plant: string
  /** The longest wait for one answer; default 10,000 ms. */
  readonly timeoutMs?: number
  /** Longest request and longest answer; default 8,000,000 bytes. */
  readonly maxBytes?: number
  /** Connections at the same time; default 8. */
  readonly connections?: number
  readonly tls?: SapTlsOptions
  /** How a serial number leads to a shop floor control (SFC): it is its name (default), or a number of its own. */
  readonly unitsBy?: 'sfc' | 'serial-number'
  readonly nonconformance: DmNonconformanceOptions
  readonly stock?: DmStockOptions
  /** Without it `schedule.prioritise` is not handled. */
  readonly schedule?: DmScheduleOptions
  /** Without it `schedule.rework` is not handled. */
  readonly rework?: DmReworkOptions
  /** The set-points that may be written, `equipment/parameter` → where they stand. Without it `parameter.adjust` is not handled. */
  readonly parameters?: Readonly<Record<string, DmParameterOptions>>
}

/**
 * Every change of units is first written down as a nonconformance of each unit: DM's holds, releases and changes of
 * routing keep nothing that an action could be found by. Set up a code with a data type that has these fields.
 */
export interface DmNonconformanceOptions {
  /** At most 16 characters. */
  readonly code: string
  /** The data field (of 1,024 characters) that carries the action's id and how the unit stood; default `ANDON_RECORD`. */
  readonly recordField?: string
  /** Data fields for the customers' words, 1,024 characters each; what does not fit is attached as a text file. */
  readonly wordsFields?: readonly string[]
  /** At most so many units for one notification or rework; default 100. */
  readonly mostUnits?: number
}

export interface DmStockOptions {
  /** What a hold of a lot makes of its stock; default `BLOCKED`. */
  readonly heldStatus?: 'BLOCKED' | 'RESTRICTED' | 'QUALITY_INSPECTION'
  /** How much of `comments` is used, 200 to 4,000. Default 1,000: SAP writes 4,000 for the request, and 1,000 for what is answered. */
  readonly commentsLength?: number
  /** Component, as rules name it → material. Where it is absent, all stock of the batch is meant. */
  readonly materials?: Readonly<Record<string, string>>
}

/** DM takes a priority only when an order is made; later an order is moved in time. */
export interface DmScheduleOptions {
  /** A custom field of orders that keeps the action's id; default `ANDON`. It must be defined (`customFieldDefinitions`). */
  readonly customField?: string
  /** How much of that field is used; default 255, an assumption: SAP does not say how long a custom value may be. */
  readonly customFieldLength?: number
  /**
   * When an order of this priority is to start. Default: 1 is now, 9 leaves it where it is, and between them the time
   * from now to its scheduled start is shared out evenly.
   */
  readonly startFor?: (request: DmScheduleRequest) => Date
}

export interface DmScheduleRequest {
  /** 1 (first) to 9. */
  readonly priority: number
  readonly order: string
  readonly now: Date
  readonly scheduledStart: Date
}

/** The routing that units to be reworked are sent to, at its first step. */
export interface DmReworkOptions {
  readonly routing: string
  readonly version: string
  /** Default `PRODUCTION`. */
  readonly routingType?: 'PRODUCTION' | 'SHOPORDER_SPECIFIC'
}

/** DM's set-points have no unit and no largest step: they are said here, and checked before anything is written. */
export interface DmParameterOptions {
  readonly setPointGroup: string
  readonly version: string
  /** UCUM, e.g. `Cel`. */
  readonly unit: string
  /** Largest change at once, in `unit`. */
  readonly maxStep?: number
  /** Where they differ from the equipment and the parameter of the action. */
  readonly resource?: string
  readonly parameter?: string
}

const pem = z.union([z.string(), z.instanceof(Uint8Array)]).exactOptional()
const tls = z.strictObject({ ca: pem, cert: pem, key: pem, passphrase: z.string().exactOptional() })

/** What DM takes as the name of a thing. */
export const keyPattern = /^(?! )[0-9A-Z_$!)(+~@^=\-*. ]+(?<! )$/
const key = z.string().regex(keyPattern, "must be capital letters, digits and DM's signs")
const field = z.string().min(1).max(60)

export const optionsSchema = z.strictObject({
  name: z.string().min(1).default('sap-dm'),
  url: httpAddress.transform((url) => url.replace(/\/+$/, '')),
  auth: authSchema,
  plant: key.max(6),
  timeoutMs: z.number().min(1).max(600_000).default(10_000),
  maxBytes: z.int().min(10_000).default(8_000_000),
  connections: z.int().min(1).max(1_000).default(8),
  tls: tls.optional(),
  unitsBy: z.enum(['sfc', 'serial-number']).default('sfc'),
  nonconformance: z.strictObject({
    code: key.max(16),
    recordField: field.default('ANDON_RECORD'),
    wordsFields: z.array(field).max(50).default([]),
    mostUnits: z.int().min(1).max(500).default(100),
  }),
  stock: z
    .strictObject({
      heldStatus: z.enum(['BLOCKED', 'RESTRICTED', 'QUALITY_INSPECTION']).default('BLOCKED'),
      commentsLength: z.int().min(200).max(4_000).default(1_000),
      materials: z.record(z.string(), key.max(40)).default({}),
    })
    .prefault({}),
  schedule: z
    .strictObject({
      customField: field.default('ANDON'),
      customFieldLength: z.int().min(100).max(4_000).default(255),
      startFor: z
        .custom<(request: DmScheduleRequest) => Date>(
          (value) => typeof value === 'function',
          'must be a function',
        )
        .optional(),
    })
    .optional(),
  rework: z
    .strictObject({
      routing: key.max(128),
      version: key.max(20),
      routingType: z.enum(['PRODUCTION', 'SHOPORDER_SPECIFIC']).default('PRODUCTION'),
    })
    .optional(),
  parameters: z
    .record(
      z.string().regex(/^.+\/.+$/, 'must be named equipment/parameter'),
      z.strictObject({
        setPointGroup: z.string().min(1),
        version: z.string().min(1),
        unit: z.string().min(1).max(40),
        maxStep: z.number().positive().optional(),
        resource: z.string().min(1).optional(),
        parameter: z.string().min(1).optional(),
      }),
    )
    .optional(),
})
export type CheckedDmOptions = z.output<typeof optionsSchema>
