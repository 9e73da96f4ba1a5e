import * as z from 'zod'
import { simulatorSchema } from '../simulator/start-simulator.js'

export const fieldTypes = [
  'string',
  'textarea',
  'picklist',
  'boolean',
  'double',
  'int',
  'date',
  'datetime',
  'email',
  'phone',
  'url',
  'reference',
] as const
export type FieldType = (typeof fieldTypes)[number]

/** A custom field. */
export const customFieldSchema = z.strictObject({
  type: z.enum(fieldTypes).default('string'),
  /** Characters, of texts; default 255, of text areas 32,768. A text area of over 255 cannot be filtered by. */
  length: z.int().min(1).max(131_072).optional(),
  /** Picklist values; a value outside is refused. */
  values: z.array(z.string().min(1)).optional(),
  /** Unique and an external id: records can be upserted by it. */
  externalId: z.boolean().default(false),
  required: z.boolean().default(false),
  /** Of a reference: the object. */
  to: z.string().optional(),
})
export type CustomField = z.output<typeof customFieldSchema>

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/)
const customName = name.regex(/__c$/, 'a custom name ends in __c')

export const salesforceSchema = simulatorSchema.extend({
  /** Port of the event bus; 0, the default, takes any free one. */
  pubSubPort: z.int().min(0).max(65_535).default(0),
  /** Connected app. */
  clientId: z.string().min(1).default('andon-client'),
  clientSecret: z.string().min(1).default('andon-secret'),
  username: z.string().min(1).default('andon@example.com'),
  /** PEM (SPKI or certificate) that JWT assertions are checked with; without it that grant is refused. */
  publicKey: z.string().min(1).optional(),
  /** The refresh token that is valid at first; each use gives another and ends it. */
  refreshToken: z.string().min(1).default('refresh-0'),
  /** Custom fields by object, e.g. `{ Case: { Lot__c: { length: 40 } } }`; another object is a custom one. */
  fields: z.record(name, z.record(customName, customFieldSchema)).default({}),
  /** Standard fields that this org (or the permission set of the user) has not, by object. */
  hidden: z.record(name, z.array(name)).default({}),
  /** Values of standard picklists by object and field. */
  picklists: z.record(name, z.record(name, z.array(z.string().min(1)))).default({}),
  /** Objects with change data capture; none where events are not licensed. Default Case. */
  cdc: z.array(name).default(['Case']),
  /** Custom channels: name (without `/data/`) → objects, each of them in `cdc`. */
  channels: z.record(z.string().regex(/__chn$/), z.array(name)).default({}),
  /** Managed subscriptions: developer name → topic and where they start. */
  managed: z
    .record(
      name,
      z.strictObject({
        topic: z.string().default('/data/CaseChangeEvent'),
        start: z.enum(['LATEST', 'EARLIEST']).default('LATEST'),
      }),
    )
    .default({}),
  /** An empty message comes after so long without one, ms; default 270,000. */
  keepaliveMs: z.number().positive().default(270_000),
  /** A stream with nothing asked for ends after so long, ms; default 60,000. */
  idleMs: z.number().positive().default(60_000),
  /** Events are kept so long, ms; default 72 h. */
  retentionMs: z
    .number()
    .positive()
    .default(72 * 3_600_000),
  /** At most so many events are kept; default 1,000,000. */
  retainedEvents: z.int().min(1).default(1_000_000),
  /**
   * What a replay id that is not retained any more gets: `refused` with `replayid.validation.failed` (default), or
   * `silent`, the stream simply begins at the oldest event.
   */
  expiredReplay: z.enum(['refused', 'silent']).default('refused'),
  /** At most so many events in one message, 1 to 100; default 100. With `mixed` the seed says. */
  eventsPerMessage: z.union([z.int().min(1).max(100), z.literal('mixed')]).default(100),
  /** Events delivered within 24 h before a stream gets `subscription.limit.exceeded`; default no limit. */
  deliveriesPerDay: z.int().min(1).optional(),
  /** API calls within 24 h, beyond which each gets 403 REQUEST_LIMIT_EXCEEDED; default 1,000,000. */
  apiCallsPerDay: z.int().min(1).default(1_000_000),
  /** Rows of one page of a query, 1 to 2,000; default 2,000. */
  pageSize: z.int().min(1).max(2_000).default(2_000),
  /** How often a bulk job is asked before it is complete; default 1. */
  bulkPolls: z.int().min(0).default(1),
  /** The owner that assignment rules give a case written without `Sforce-Auto-Assign: FALSE`; an id of a queue. */
  assignedOwnerId: z.string().length(18).default('00G000000000001AAA'),
  /** How many of the latest changes are remembered; default 10,000. */
  changeLog: z.int().min(0).default(10_000),
})

export type SalesforceOptions = z.input<typeof salesforceSchema>
export type CheckedSalesforceOptions = z.output<typeof salesforceSchema>
