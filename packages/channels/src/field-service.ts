import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, occurrenceOf, openDraft } from './shared/draft.js'
import { addComponentBatch, addFact, addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { checkOptions, zoneSchema } from './shared/options.js'
import { maskPersonal } from './shared/privacy.js'
import {
  firstText,
  isRecord,
  type JsonRecord,
  listOf,
  missing,
  numberOf,
  recordOf,
  requiredId,
  textOf,
  wrong,
} from './shared/reader.js'
import { faultCodeIn } from './shared/text-facts.js'

const optionsSchema = z.strictObject({
  /** For suppliers whose part serial number contains the batch: the capture group `batch` is taken. */
  batchInSerial: z
    .instanceof(RegExp)
    .refine((pattern) => pattern.source.includes('(?<batch>'), 'needs a capture group named batch')
    .optional(),
  zone: zoneSchema,
})
export type FieldServiceOptions = z.input<typeof optionsSchema>
type Options = z.output<typeof optionsSchema>

const nothing: ReadonlySet<string> = new Set()
const idNames = ['claimId', 'claimNumber', 'workOrderId', 'workOrderNumber', 'id'] as const
const failureNames = ['failureDate', 'damageDate', 'occurrenceDate'] as const
const usageFields = [
  ['repairMileage', 'usage.km'],
  ['monthInService', 'usage.months'],
] as const
const reportNames = ['claimDate', 'repairDate', 'createdAt'] as const
const taken: ReadonlySet<string> = new Set([
  ...idNames,
  ...failureNames,
  ...reportNames,
  'damageCode',
  'damageCodeCatalog',
  'damageLocationCode',
  'customerComment',
  'technicianComment',
  'repairMileage',
  'monthInService',
  'claimedParts',
  'product',
  'vin',
  'vehicleIdentificationNumber',
  'language',
])

/**
 * Work orders and warranty claims as Catena-X ClaimData: `damageCode, customerComment, technicianComment,
 * repairMileage, monthInService, claimedParts[{partNumber, serialNumber, isPartCausal}]`, alone or in
 * `claims`. The technician's finding is evidence beside the customer's words; the batches of causal parts
 * become `componentBatches`, under the part's name or number.
 */
export function fieldServiceChannel(options?: FieldServiceOptions): Channel {
  const checked = checkOptions(optionsSchema, options, 'fieldService')
  return jsonChannel({
    name: 'field-service',
    unwrap: (json) => {
      const items = listOf(json, 'claims')
      return items === undefined ? undefined : { items, path: 'claims' }
    },
    recognise: ({ claimedParts, damageCode, technicianComment, customerComment }) =>
      Array.isArray(claimedParts) ||
      technicianComment !== undefined ||
      (damageCode !== undefined && customerComment !== undefined),
    read: (claim, path) => [readClaim(claim, path, checked)],
  })
}

function readClaim(claim: JsonRecord, path: string, options: Options): FeedbackDraft {
  const idName = idNames.find((name) => claim[name] !== undefined) ?? 'claimId'
  const id = requiredId(claim, idName, path)
  const customer = textOf(claim, 'customerComment')
  const technician = textOf(claim, 'technicianComment')
  const text = customer ?? technician
  if (text === undefined) throw missing(`${path}customerComment`)
  const read = new Set<string>()
  const { facts, parts } = factsOf(claim, path, options, read)
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts,
    zone: options.zone,
    ...(technician === undefined ? {} : { beside: technician }),
  })
  addTimes(draft, claim, path, options.zone)
  addCodes(draft, claim)
  if (technician !== undefined) {
    draft.evidence = [
      {
        uri: `claim:${encodeURIComponent(id)}#technicianComment`.slice(0, 2048),
        mime: 'text/plain',
        derivedText: maskPersonal(technician, facts).slice(0, 20_000),
        engine: 'technician',
      },
    ]
  }
  const owner = recordOf(claim, 'customer')
  const ref =
    firstText(claim, ['customerId', 'customerPhone', 'customerName']) ??
    (owner === undefined ? undefined : firstText(owner, ['id', 'phone', 'email', 'name']))
  if (ref !== undefined) draft.customer = ref
  draft.customerRole = 'technician'
  const language = textOf(claim, 'language')
  if (language !== undefined && language.length <= 35) draft.language = language
  addAttributes(draft, {
    repairMileage: numberOf(claim, 'repairMileage'),
    monthInService: numberOf(claim, 'monthInService'),
    ...attributesOf(claim, taken, read),
    ...(parts.length > 0 ? { claimedParts: parts } : {}),
  })
  return draft
}

function factsOf(
  claim: JsonRecord,
  path: string,
  options: Options,
  read: Set<string>,
): { facts: ProductFacts; parts: readonly Record<string, unknown>[] } {
  const facts: ProductFacts = {}
  addUsage(facts, claim, path)
  const product = recordOf(claim, 'product')
  if (product !== undefined) addFacts(facts, product)
  addFacts(facts, claim, read)
  const vehicle = firstText(claim, ['vin', 'vehicleIdentificationNumber'])
  if (vehicle !== undefined) addFact(facts, 'serialNumber', vehicle)
  const parts: Record<string, unknown>[] = []
  for (const part of (listOf(claim, 'claimedParts') ?? []).slice(0, 50)) {
    if (!isRecord(part)) continue
    parts.push(attributesOf(part, nothing, nothing, 1))
    if (part.isPartCausal !== true && part.isPartCausal !== 'true') continue
    const name = firstText(part, ['partName', 'component', 'partDescription', 'partNumber'])
    const batch =
      firstText(part, ['batchNumber', 'batch', 'lotNumber', 'batchId']) ?? batchInSerial(part, options)
    if (name !== undefined && batch !== undefined && batch.length <= 200)
      addComponentBatch(facts, name, batch)
  }
  return { facts, parts }
}

/** The mileage, or for a product that does not drive (0 km) the months in service. */
function addUsage(facts: ProductFacts, claim: JsonRecord, path: string): void {
  for (const [field, target] of usageFields) {
    if (claim[field] === undefined || claim[field] === null) continue
    const amount = numberOf(claim, field)
    if (amount === undefined || amount < 0) {
      throw wrong(path + field, claim[field], 'is not a number of 0 or more', '不是非负数')
    }
    if (amount > 0) addFact(facts, target, amount)
  }
}

function batchInSerial(part: JsonRecord, { batchInSerial: pattern }: Options): string | undefined {
  const serial = textOf(part, 'serialNumber')
  return pattern === undefined || serial === undefined ? undefined : pattern.exec(serial)?.groups?.batch
}

type Draft = ReturnType<typeof openDraft>

function addTimes(draft: Draft, claim: JsonRecord, path: string, zone: string): void {
  const failed = failureNames.find((name) => claim[name] !== undefined)
  const reported = reportNames.find((name) => claim[name] !== undefined)
  if (failed !== undefined) draft.occurredAt = occurrenceOf(claim[failed], path + failed, zone)
  if (reported !== undefined) draft.receivedAt = instantOf(claim[reported], path + reported, zone)
}

function addCodes(draft: Draft, claim: JsonRecord): void {
  const code = textOf(claim, 'damageCode')
  if (code !== undefined && code.length <= 200) {
    const catalog = textOf(claim, 'damageCodeCatalog') ?? (faultCodeIn(code) === code ? 'andon' : 'claim')
    draft.faultCode = { catalog: catalog.slice(0, 200), code }
  }
  const location = textOf(claim, 'damageLocationCode')
  if (location !== undefined && location.length <= 200)
    draft.faultLocation = { catalog: 'claim', code: location }
}
