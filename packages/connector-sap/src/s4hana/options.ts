import type { Action } from '@andon/core/connector'
import * as z from 'zod'
import { authSchema, httpAddress, type SapAuth } from '../http/auth.js'
import type { SapTlsOptions } from '../http/sap-http.js'

/** Where and how a kind of order that reworks goods is made. */
export interface S4HanaReworkOptions {
  /** Your order type for rework, e.g. `ZRW1`. */
  readonly orderType: string
  /**
   * A field of the order that carries the action's mark, so that an order is never made twice. Default
   * `UnloadingPointName`, a free text of 25 characters; better a field of your own (`YY1_…`), if you have one.
   */
  readonly markField?: string
  /** Planned end after the planned start, which is the day of the action; default 1 (days). */
  readonly durationDays?: number
  /** Releases the order at once; default false. */
  readonly release?: boolean
}

export interface S4HanaInspectionOptions {
  /** Inspection type of the lot; default `89`, other inspection. */
  readonly lotType?: string
  /**
   * The usage decision that closes a lot that is taken back: a code of yours that moves no stock. Inspection lots
   * cannot be deleted through the API.
   */
  readonly withdrawal: {
    /** Selected set, e.g. `UD-ANDON`. */
    readonly selectedSet: string
    readonly codeGroup: string
    readonly code: string
    /** Plant of the selected set; default `plant`. */
    readonly plant?: string
  }
}

/** Defect codes of catalog 9 for the item of a quality notification. */
export interface S4HanaDefect {
  readonly codeGroup: string
  readonly code: string
}

export type S4HanaPriorities = { readonly [P in 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9]: string }

export interface S4HanaOptions {
  /** Default `s4hana`. */
  readonly name?: string
  /**
   * e.g. `https://my300000-api.s4hana.cloud.sap`, without user and password; with a path only where a gateway has put
   * one before `/sap/opu`, as the public sandbox does: `https://sandbox.api.sap.com/s4hanacloud`.
   */
  readonly url: string
  readonly auth: SapAuth
  /** `sap-client`, e.g. `100`; without it the system takes its default. */
  readonly client?: string
  /** Of messages and long texts, two letters; default `EN`. */
  readonly language?: string
  /** Longest wait for one answer, on the clock of the call; default 30,000 ms. */
  readonly timeoutMs?: number
  /** Longest request and answer; default 4 MiB. */
  readonly maxBytes?: number
  /** Connections at the same time; default 16. */
  readonly connections?: number
  readonly tls?: SapTlsOptions
  /** Keeps the CSRF token and its session between writes; default true. False fetches one for each write. */
  readonly csrfCache?: boolean

  /** The plant of notifications, orders and inspection lots. */
  readonly plant: string
  /** Product models and components as Andon knows them → material numbers; others stand for themselves. */
  readonly materials?: Readonly<Record<string, string>>
  /**
   * A text field of your own on the quality notification (`YY1_…`) that carries the whole action id: then actions are
   * looked up by it. Default: a mark of 16 characters at the end of `NotificationText`, looked up with `contains`.
   */
  readonly actionIdField?: string
  /** Type of the notification for a customer's complaint; default `Q1`. */
  readonly notificationType?: string
  /** Type of the notification in which a change of a batch, an order or a lot is written down first; default `Q3`. */
  readonly recordType?: string
  /** The defect of a quality notification; default: a notification without an item. */
  readonly defectOf?: (action: Action) => S4HanaDefect | undefined
  /**
   * Longest long text before it goes on in the long texts of items; default 10,000 characters. SAP gives long texts no
   * length; what passes a gateway in one field is an experience, not a fact.
   */
  readonly longTextLength?: number
  /**
   * How a batch is held. `restrict`, the default, sets the restricted-use indicator of the batch: it cannot be used
   * anywhere. `stock-transfer` moves what lies unrestricted to blocked stock (344, back with 343): the amount is read
   * from the stock first, and what arrives later is free. That the movement needs no more fields than those sent is
   * inferred.
   */
  readonly hold?: 'restrict' | 'stock-transfer'
  /**
   * Priorities 1 (first) to 9 → `ManufacturingOrderImportance`, a character of your customizing each. Default: the
   * digit itself, which is inferred.
   */
  readonly importance?: S4HanaPriorities
  /**
   * Priority → days from now within which the order is to start: an order planned later is moved there, its length
   * kept. Default: dates stay. S/4HANA refuses it once an order is released.
   */
  readonly startWithinDays?: Partial<Readonly<Record<keyof S4HanaPriorities, number>>>
  /** Without it `schedule.rework` is not handled. Rework as an order type of its own is inferred. */
  readonly rework?: S4HanaReworkOptions
  /**
   * Without it `inspection.request` is not handled. That a lot may be created through the API is inferred: releases
   * are known whose metadata forbid it.
   */
  readonly inspection?: S4HanaInspectionOptions
}

const field = (length: number) => z.string().min(1).max(length)
const customField = z.string().regex(/^YY1_\w{1,26}$/, 'must be a field of your own, like YY1_ANDON')
const pem = z.union([z.string().min(1), z.instanceof(Uint8Array)])
const priorities = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

const character = field(1)
const importance = z
  .strictObject({
    ...{ '1': character, '2': character, '3': character, '4': character, '5': character },
    ...{ '6': character, '7': character, '8': character, '9': character },
  })
  .refine(
    (map) => new Set(Object.values(map)).size === priorities.length,
    'must be nine different characters: an order would else be seen with another priority than it was given',
  )

export const s4hanaSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).default('s4hana'),
  url: httpAddress
    .refine((url) => !/[?#]/.test(url), 'must be without query')
    .transform((url) => url.replace(/\/+$/, '')),
  auth: authSchema,
  client: z
    .string()
    .regex(/^\d{3}$/, 'must be three digits')
    .optional(),
  language: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters')
    .default('EN'),
  timeoutMs: z.int().min(1).max(600_000).default(30_000),
  maxBytes: z.int().min(1_000).max(1_000_000_000).default(4_194_304),
  connections: z.int().min(1).max(1_000).default(16),
  tls: z
    .strictObject({
      ca: pem.optional(),
      cert: pem.optional(),
      key: pem.optional(),
      passphrase: z.string().optional(),
    })
    .optional(),
  csrfCache: z.boolean().default(true),
  plant: field(4),
  materials: z.record(z.string(), field(40)).default({}),
  actionIdField: customField.optional(),
  notificationType: field(2).default('Q1'),
  recordType: field(2).default('Q3'),
  defectOf: z
    .custom<(action: Action) => unknown>((value) => typeof value === 'function', 'must be a function')
    .optional(),
  longTextLength: z.int().min(1_000).max(1_000_000).default(10_000),
  hold: z.enum(['restrict', 'stock-transfer']).default('restrict'),
  importance: importance.default({
    ...{ '1': '1', '2': '2', '3': '3', '4': '4', '5': '5' },
    ...{ '6': '6', '7': '7', '8': '8', '9': '9' },
  }),
  startWithinDays: z.partialRecord(z.enum(priorities), z.int().min(0).max(3_650)).default({}),
  rework: z
    .strictObject({
      orderType: field(4),
      markField: z.union([z.literal('UnloadingPointName'), customField]).default('UnloadingPointName'),
      durationDays: z.int().min(0).max(3_650).default(1),
      release: z.boolean().default(false),
    })
    .optional(),
  inspection: z
    .strictObject({
      lotType: field(8).default('89'),
      withdrawal: z.strictObject({
        selectedSet: field(8),
        codeGroup: field(8),
        code: field(4),
        plant: field(4).optional(),
      }),
    })
    .optional(),
})

export type S4HanaSettings = z.output<typeof s4hanaSchema>
