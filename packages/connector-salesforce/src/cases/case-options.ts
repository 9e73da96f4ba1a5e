import { type ChannelName, channelNames } from '@andon/core/feedback'
import * as z from 'zod'
import { addressSchema, apiName, connectionShape, type SalesforceConnection } from '../connection-options.js'

/** What a field of the org may say of the product or of the customer. */
export const facts = [
  'productModel',
  'productLine',
  'productCategory',
  'serialNumber',
  'batchNumber',
  'manufacturedAt',
  'plant',
  'line',
  'region',
  'faultCode',
  'faultLocation',
  'occurredAt',
  'usage.h',
  'usage.km',
  'usage.cycles',
  'usage.months',
  'customer',
  'language',
] as const
export type CaseFact = (typeof facts)[number] | `componentBatches.${string}`

export interface SalesforceCasesOptions extends SalesforceConnection {
  /** Default `salesforce`. */
  readonly name?: string
  /** Whose cases they are; default the tenant of `createAndon`. */
  readonly tenant?: string
  /**
   * `auto` (default): change events, and polling where the org has none; `events`: never polling; `polling`: never events.
   */
  readonly receive?: 'auto' | 'events' | 'polling'
  /** Pub/Sub API, `host:port`; default `api.pubsub.salesforce.com:7443`. */
  readonly endpoint?: string
  /** What is subscribed to: default `/data/CaseChangeEvent`; a custom channel may be enriched. */
  readonly topic?: string
  /** Developer name of a managed subscription: the org then keeps the position of the events as well. */
  readonly managedSubscription?: string
  /**
   * How the cases that are there already are read on the first start: `soql` (default), `bulk`, or not (`none`:
   * only what was changed within the look-back).
   */
  readonly snapshot?: 'soql' | 'bulk' | 'none'
  /** Cases that were last changed before this are not read on the first start (RFC 3339). */
  readonly since?: string
  /** A further condition in SOQL, e.g. `RecordType.DeveloperName = 'Complaint'`. */
  readonly filter?: string
  /** Which field says what, by path from the case, e.g. `{ batchNumber: 'Asset.Lot__c' }`; on top of the usual ones. */
  readonly fields?: Readonly<Partial<Record<CaseFact, string>>>
  /** Further fields that are kept as attributes, by path. */
  readonly also?: readonly string[]
  /** Origin → channel, on top of the usual ones. */
  readonly origins?: Readonly<Record<string, ChannelName>>
  /** Of an origin that is not known, or none; default `web`. */
  readonly otherOrigin?: ChannelName
  /** Priority → severity, 0 to 10; default none: severity is then read from the words. */
  readonly severities?: Readonly<Record<string, number>>
  /** Comments on cases as further feedback; default true. */
  readonly comments?: boolean
  /** E-mails that came in to cases as further feedback; default true. */
  readonly emails?: boolean
  /** How often comments and e-mails are asked for, and cases where there are no events (ms); default 60,000. */
  readonly pollMs?: number
  /** Polling looks so far back, for transactions that took long (ms); default 300,000. */
  readonly lookBackMs?: number
  /** Share of the org's API calls of 24 hours that is left to others, 0 to 0.95; default 0.2. */
  readonly keepFree?: number
  /** The most rows that are read at once, and so the most payloads in one batch, 1 to 2,000; default 1,000. */
  readonly batchSize?: number
  /** Without any message for so long a stream counts as dead (ms); default 300,000: the org sends one every 270 s. */
  readonly silenceMs?: number
  /**
   * What a query says of a case that changed just now has its place among the events. Where none comes to tell that place,
   * events of before the query are waited for so long (ms), 100 to 60,000; default 2,000.
   */
  readonly settleMs?: number
  /** A stream that nobody reads is let go after so long (ms), below the 60 s of the org; default 50,000. */
  readonly idleMs?: number
}

const path = z.string().regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*){0,4}$/, 'must be a path such as Asset.Lot__c')

const endpointSchema = z.union([
  z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port'),
  addressSchema.refine((text) => text.startsWith('http://'), 'must be host:port'),
])

const factSchema = z.union([
  z.enum(facts),
  z.templateLiteral(['componentBatches.', z.string().regex(/^[\w-]{1,80}$/)]),
])

export const caseOptionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).max(200).default('salesforce'),
  tenant: z.string().min(1).max(200).optional(),
  receive: z.enum(['auto', 'events', 'polling']).default('auto'),
  endpoint: endpointSchema.default('api.pubsub.salesforce.com:7443'),
  topic: z
    .string()
    .regex(/^\/(data|event)\/\w+$/, 'must be such as /data/CaseChangeEvent')
    .default('/data/CaseChangeEvent'),
  managedSubscription: apiName.optional(),
  snapshot: z.enum(['soql', 'bulk', 'none']).default('soql'),
  since: z.iso.datetime({ offset: true }).optional(),
  filter: z.string().min(1).max(10_000).optional(),
  fields: z.partialRecord(factSchema, path).default({}),
  also: z.array(path).max(200).default([]),
  origins: z.record(z.string().min(1), z.enum(channelNames)).default({}),
  otherOrigin: z.enum(channelNames).default('web'),
  severities: z.record(z.string().min(1), z.number().min(0).max(10)).default({}),
  comments: z.boolean().default(true),
  emails: z.boolean().default(true),
  pollMs: z.int().min(100).max(86_400_000).default(60_000),
  lookBackMs: z.int().min(0).max(86_400_000).default(300_000),
  keepFree: z.number().min(0).max(0.95).default(0.2),
  batchSize: z.int().min(1).max(2_000).default(1_000),
  silenceMs: z.int().min(100).max(3_600_000).default(300_000),
  settleMs: z.int().min(100).max(60_000).default(2_000),
  idleMs: z.int().min(100).max(59_000).default(50_000),
})
export type CheckedCaseOptions = z.output<typeof caseOptionsSchema>
