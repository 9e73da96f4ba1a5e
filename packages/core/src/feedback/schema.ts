import * as z from 'zod'

/** The twelve ways a customer speaks (FDA MAUDE report source). */
export const channelNames = [
  'web',
  'app',
  'call',
  'email',
  'sms',
  'wechat',
  'weibo',
  'ecommerce',
  'livechat',
  'store',
  'field-service',
  'iot',
] as const
export type ChannelName = (typeof channelNames)[number]

/** RFC 3339 in UTC with milliseconds, the one spelling kept inside: it sorts as text the way it sorts in time. */
const instantSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'not an instant such as 2026-03-01T08:00:00.000Z')
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'not a date such as 2026-03-01')
const short = z.string().min(1).max(200)
const confidence = z.number().min(0).max(1)

/** Customers' own words; longer texts belong into evidence. */
export const maxSymptomLength = 20_000

export const conditionSchema = z.strictObject({
  /** What was measured, e.g. `temperature`, `time`, `frequency`. */
  quantity: short,
  min: z.number().optional(),
  max: z.number().optional(),
  /** UCUM, e.g. `Cel`, `h`, `km`. */
  unit: z.string().max(40).optional(),
  /** The words it was read from. */
  text: z.string().min(1).max(500),
})
export type Condition = z.infer<typeof conditionSchema>

export const evidenceSchema = z.strictObject({
  uri: z.string().min(1).max(2048),
  mime: z.string().max(200),
  sha256: z.string().length(64).optional(),
  derivedText: z.string().max(maxSymptomLength).optional(),
  engine: z.string().max(200).optional(),
  confidence: confidence.optional(),
})
export type Evidence = z.infer<typeof evidenceSchema>

export const safetyFlagsSchema = z.strictObject({
  fire: z.boolean(),
  injury: z.boolean(),
  electricShock: z.boolean(),
  leak: z.boolean(),
  breakdown: z.boolean(),
  reportable: z.boolean(),
})
export type SafetyFlags = z.infer<typeof safetyFlagsSchema>

/** The 28 core fields of one customer report: DESIGN section 4, in its order. */
export const feedbackSchema = z.strictObject({
  feedbackId: z.uuid({ version: 'v7' }),
  channel: z.enum(channelNames),
  source: short,
  sourceMessageId: z.string().min(1).max(512),
  receivedAt: instantSchema,
  occurredAt: z.strictObject({ at: instantSchema, precision: z.enum(['second', 'day', 'month']) }).optional(),
  lastOccurrenceTime: instantSchema,
  language: z.string().min(2).max(35),
  customerRef: short.optional(),
  customerRole: z.enum(['consumer', 'dealer', 'technician', 'business', 'internal', 'device']),
  region: short.optional(),
  productCategory: short.optional(),
  productLine: short.optional(),
  productModel: short.optional(),
  serialNumber: short.optional(),
  batchNumber: short.optional(),
  componentBatches: z.record(short, short).optional(),
  manufacturedAt: date.optional(),
  productionSite: z.strictObject({ plant: short, line: short.optional() }).optional(),
  usageAtFailure: z
    .strictObject({ value: z.number().min(0), unit: z.enum(['h', 'km', 'cycles', 'months']) })
    .optional(),
  symptomText: z.string().min(1).max(maxSymptomLength),
  conditions: z.array(conditionSchema).max(50).optional(),
  faultCode: z.strictObject({ catalog: short, code: short, confidence: confidence.optional() }).optional(),
  faultLocation: z.strictObject({ catalog: short, code: short }).optional(),
  severityScore: z.number().min(0).max(10),
  safetyFlags: safetyFlagsSchema,
  evidence: z.array(evidenceSchema).max(50).optional(),
  satisfactionScore: z
    .strictObject({ kind: z.enum(['nps', 'csat', 'stars']), value: z.number().min(0).max(100) })
    .optional(),
})

/** One customer report, normalised: the 28 core fields. */
export type Feedback = z.infer<typeof feedbackSchema>
export type FeedbackFieldName = keyof Feedback

export const schemaVersion = 1

/** What is kept around the 28 fields: who owns the record, what the schema has no field for, and how it groups. */
export const feedbackRecordSchema = feedbackSchema.extend({
  tenant: short,
  schemaVersion: z.literal(schemaVersion),
  /** What the payload said that no field holds; scalars only, at most 100 of them. */
  attributes: z
    .record(z.string().max(200), z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]))
    .optional(),
  /** Sentry-style grouping key: same model, same fault, same place. */
  fingerprint: short,
  /** W3C trace context of the request that brought it. */
  traceparent: z.string().max(100).optional(),
})

/** A feedback as it stands in the journal. */
export type FeedbackRecord = z.infer<typeof feedbackRecordSchema>

/** The payload as it came: text verbatim, other bytes in base64. */
export interface RawText {
  readonly payload: string
  readonly encoding: 'text' | 'base64'
}

/** The payload as it is kept. */
export interface RawRecord extends RawText {
  /** Lower-case hex of the payload's bytes. */
  readonly sha256: string
}
