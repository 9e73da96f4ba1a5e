import { channelNames } from '@andon/core/feedback'
import * as z from 'zod'
import { listOf, splitSchema, valueSchema } from './value-schema.js'

const value = valueSchema
const some = valueSchema.optional()

/** Every member of a FeedbackDraft, with its own members. */
const fieldsSchema = z.strictObject({
  sourceMessageId: value,
  symptomText: value,
  /** The cell of `filedAt` when absent. */
  receivedAt: some,
  occurredAt: z.strictObject({ at: value, precision: value }).optional(),
  lastOccurrenceTime: some,
  language: some,
  customer: some,
  customerRole: some,
  region: some,
  productCategory: some,
  productLine: some,
  productModel: some,
  serialNumber: some,
  batchNumber: some,
  componentBatches: z.record(z.string().min(1), value).optional(),
  manufacturedAt: some,
  productionSite: z.strictObject({ plant: value, line: some }).optional(),
  usageAtFailure: z.strictObject({ value, unit: value }).optional(),
  conditions: listOf({ quantity: value, min: some, max: some, unit: some, text: value }).optional(),
  faultCode: z.strictObject({ catalog: value, code: value, confidence: some }).optional(),
  faultLocation: z.strictObject({ catalog: value, code: value }).optional(),
  severityScore: some,
  safetyFlags: z
    .strictObject({
      fire: some,
      injury: some,
      electricShock: some,
      leak: some,
      breakdown: some,
      reportable: some,
    })
    .optional(),
  evidence: listOf({
    uri: value,
    mime: value,
    sha256: some,
    derivedText: some,
    engine: some,
    confidence: some,
  }).optional(),
  satisfactionScore: z.strictObject({ kind: value, value }).optional(),
  attributes: z.record(z.string().min(1), value).optional(),
})

/** A declarative mapping from rows (CSV) or objects (NDJSON) to feedback. */
export const mappingSchema = z.strictObject({
  /** The version of this format. */
  version: z.literal(1),
  /** For people: what the file is and where it comes from. */
  description: z.string().optional(),
  channel: z.enum(channelNames),
  /** The connector instance that the feedback names as its source; `replay` when absent. */
  source: z.string().min(1).max(200).default('replay'),
  /** What the file is written in, as the WHATWG names it: `utf-8`, `gb18030`, `windows-1252` … */
  encoding: z.string().min(1).default('utf-8'),
  /** Between two cells of a CSV file. */
  delimiter: z.string().min(1).max(4).default(','),
  /** The column with the instant at which the company got the report: it drives the clock. */
  filedAt: z.string().min(1),
  /** The order of the rows in time: the file's own, or ascending by a column (which needs the file in memory). */
  order: z.union([z.literal('file'), z.strictObject({ column: z.string().min(1) })]).default('file'),
  /** Tables by name: text → value. */
  lookups: z
    .record(z.string().min(1), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({}),
  /** One feedback for each element of a list cell instead of one for the row. */
  explode: splitSchema.optional(),
  fields: fieldsSchema,
})
export type Mapping = z.output<typeof mappingSchema>
