import type { Problem } from '../connector/store.js'
import type { Localized } from '../text.js'
import { flattenAttributes, isPrototypeKey } from './attributes.js'
import { maxConditions, readConditions } from './conditions.js'
import { customerRefOf } from './customer-ref.js'
import type { DraftInstant, FeedbackDraft } from './draft.js'
import { identifierOf, isPresent, withoutBlanks } from './draft-members.js'
import { dayOf, instantOf, occurrenceOf } from './draft-times.js'
import { feedbackIdOf } from './feedback-id.js'
import { fingerprintOf } from './fingerprint.js'
import { languageOf, languageTagOf } from './language.js'
import { problem } from './problem.js'
import { readSafety } from './safety.js'
import {
  type ChannelName,
  type Condition,
  type FeedbackRecord,
  feedbackRecordSchema,
  maxSymptomLength,
  schemaVersion,
} from './schema.js'
import { isSound } from './sound.js'
import { joinFlags, severityScoreOf } from './weigh.js'
import { problemsOf } from './zod-reasons.js'

/** What the normaliser must be told about a draft. */
export interface NormalizeContext {
  readonly tenant: string
  /** The connector instance that brought it. */
  readonly source: string
  readonly channel: ChannelName
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** The tenant's secret for pseudonyms. */
  readonly customerKey: string
  /** When the source got it, for a draft that does not say. */
  readonly receivedAt?: DraftInstant
  /** W3C trace context; dropped if it is none. */
  readonly traceparent?: string
}

export type Normalized =
  | { readonly ok: true; readonly feedback: FeedbackRecord }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const blank: Localized = { en: 'is empty', zh: '为空' }
const missing: Localized = { en: 'is missing', zh: '缺少该字段' }
const tooLong: Localized = {
  en: 'is longer than {limit} characters',
  zh: '超过 {limit} 个字符',
}
const notText: Localized = { en: 'is not a text', zh: '不是文本' }
const notObject: Localized = { en: 'is not an object', zh: '不是对象' }

const draftFields: ReadonlySet<string> = new Set<keyof FeedbackDraft>([
  'sourceMessageId',
  'symptomText',
  'receivedAt',
  'occurredAt',
  'lastOccurrenceTime',
  'language',
  'customer',
  'customerRole',
  'region',
  'productCategory',
  'productLine',
  'productModel',
  'serialNumber',
  'batchNumber',
  'componentBatches',
  'manufacturedAt',
  'productionSite',
  'usageAtFailure',
  'conditions',
  'faultCode',
  'faultLocation',
  'severityScore',
  'safetyFlags',
  'evidence',
  'satisfactionScore',
  'attributes',
])
const identifiers = [
  'region',
  'productCategory',
  'productLine',
  'productModel',
  'serialNumber',
  'batchNumber',
] as const

const traceContext = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

/**
 * Makes a draft a feedback: canonical instants, defaults, safety flags and severity, conditions from the
 * words, a pseudonym instead of the customer, the deterministic id and the grouping fingerprint. Pure.
 *
 * Never throws for plain data; reports every problem at once, each with field, value and a reason in both languages.
 */
export function normalizeDraft(draft: FeedbackDraft, context: NormalizeContext): Normalized {
  if (typeof draft !== 'object' || draft === null)
    return { ok: false, problems: [problem('draft', draft, notObject)] }
  const problems: Problem[] = []
  const receivedAt = instantOf(
    'receivedAt',
    draft.receivedAt ?? context.receivedAt ?? context.now,
    context.now,
    problems,
  )
  const receivedMs = receivedAt?.ms ?? context.now
  const occurredAt = occurrenceOf(draft.occurredAt, receivedMs, context.now, problems)
  const lastOccurrence =
    draft.lastOccurrenceTime === undefined
      ? undefined
      : instantOf('lastOccurrenceTime', draft.lastOccurrenceTime, context.now, problems)
  const manufacturedAt =
    draft.manufacturedAt === undefined ? undefined : dayOf(draft.manufacturedAt, context.now, problems)
  const text = symptomOf(draft.symptomText, problems)
  const sourceMessageId = identifierOf(draft.sourceMessageId)
  if (sourceMessageId === undefined) problems.push(problem('sourceMessageId', draft.sourceMessageId, missing))

  const receivedText = receivedAt?.text ?? placeholder
  const reading = readSafety(spokenText(text, draft.evidence))
  const language = draft.language === undefined ? undefined : tagOf(draft.language)
  const messageId = sourceMessageId ?? '-'
  // Every field has its place from the start: records of one shape are smaller, and faster to read and to write.
  const record: Record<string, unknown> = {
    feedbackId: feedbackIdOf(
      receivedMs,
      context.tenant,
      context.channel,
      typeof messageId === 'string' ? messageId : '',
    ),
    channel: context.channel,
    source: context.source,
    sourceMessageId: messageId,
    receivedAt: receivedText,
    occurredAt,
    lastOccurrenceTime: lastOccurrence?.text ?? occurredAt?.at ?? receivedText,
    language: language ?? languageOf(text),
    customerRef: undefined,
    customerRole: draft.customerRole ?? 'consumer',
    region: undefined,
    productCategory: undefined,
    productLine: undefined,
    productModel: undefined,
    serialNumber: undefined,
    batchNumber: undefined,
    componentBatches: undefined,
    manufacturedAt,
    productionSite: undefined,
    usageAtFailure: undefined,
    symptomText: text,
    conditions: undefined,
    faultCode: undefined,
    faultLocation: undefined,
    severityScore: severityScoreOf(draft, text, reading),
    safetyFlags: joinFlags(draft.safetyFlags, reading.flags),
    evidence: undefined,
    satisfactionScore: undefined,
    tenant: context.tenant,
    schemaVersion,
    attributes: undefined,
    fingerprint: undefined,
    traceparent: undefined,
  }
  addIdentity(record, draft, context, problems)
  addProduct(record, draft)
  addFindings(record, draft)
  record.fingerprint = fingerprintOf({
    productModel: textOr(record.productModel),
    faultCode: codeOf(draft.faultCode),
    faultLocation: codeOf(draft.faultLocation),
    symptomText: text,
  })
  if (context.traceparent !== undefined && traceContext.test(context.traceparent))
    record.traceparent = context.traceparent

  const feedback = checkedRecord(record, problems)
  if (feedback === undefined || problems.length > 0) return { ok: false, problems }
  // What is read here is valid by construction (a property test holds it to the schema), so the schema, which
  // costs most where lists and records are, looks only at what came from outside.
  const conditions = joinConditions(feedback.conditions, readConditions(text))
  if (conditions !== undefined) feedback.conditions = conditions
  const attributes = attributesOf(draft, language === undefined)
  if (attributes !== undefined) feedback.attributes = attributes
  return { ok: true, feedback }
}

/** The record if the schema accepts it; plain records are seen to be sound without asking it. */
function checkedRecord(record: Record<string, unknown>, problems: Problem[]): FeedbackRecord | undefined {
  if (isSound(record)) return record as unknown as FeedbackRecord
  const checked = feedbackRecordSchema.safeParse(record)
  if (checked.success) return checked.data
  problems.push(...problemsOf(checked.error.issues, record))
  return undefined
}

/** Stands where a value was refused already, so that it is not reported twice. */
const placeholder = '1990-01-01T00:00:00.000Z'

function symptomOf(value: unknown, problems: Problem[]): string {
  if (typeof value !== 'string') {
    problems.push(problem('symptomText', value, value === undefined || value === null ? missing : notText))
    return '-'
  }
  if (value.length > maxSymptomLength) {
    problems.push(problem('symptomText', value, tooLong, { limit: maxSymptomLength }))
    return '-'
  }
  if (!/\S/.test(value)) {
    problems.push(problem('symptomText', value, blank))
    return '-'
  }
  return value
}

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function codeOf(value: unknown): string | undefined {
  const code: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'code') : undefined
  return textOr(code)
}

const tagOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? languageTagOf(value) : undefined

/** The customer's words together with what was recognised in attachments with some confidence. */
function spokenText(text: string, evidence: unknown): string {
  if (!Array.isArray(evidence)) return text
  let spoken = text
  for (const item of evidence) {
    if (typeof item !== 'object' || item === null) continue
    const derived: unknown = Reflect.get(item, 'derivedText')
    const confidence: unknown = Reflect.get(item, 'confidence')
    if (typeof derived === 'string' && (typeof confidence !== 'number' || confidence >= 0.5))
      spoken += `\n${derived}`
  }
  return spoken
}

function addIdentity(
  record: Record<string, unknown>,
  draft: FeedbackDraft,
  context: NormalizeContext,
  problems: Problem[],
): void {
  const customer = identifierOf(draft.customer)
  if (customer === undefined) return
  if (typeof customer === 'string')
    record.customerRef = customerRefOf(context.customerKey, context.tenant, customer)
  // The value is personal: it is named, not shown.
  else problems.push(problem('customer', '', notText))
}

function addProduct(record: Record<string, unknown>, draft: FeedbackDraft): void {
  for (const name of identifiers) {
    const value = identifierOf(draft[name])
    if (value !== undefined) record[name] = value
  }
  if (isPresent(draft.componentBatches)) {
    const batches = withoutBlanks(draft.componentBatches)
    if (batches !== undefined) record.componentBatches = batches
  }
  if (isPresent(draft.productionSite)) {
    const site = withoutBlanks(draft.productionSite)
    if (site !== undefined) record.productionSite = site
  }
  if (isPresent(draft.usageAtFailure)) record.usageAtFailure = draft.usageAtFailure
}

function addFindings(record: Record<string, unknown>, draft: FeedbackDraft): void {
  if (isPresent(draft.conditions)) record.conditions = draft.conditions
  if (isPresent(draft.faultCode)) record.faultCode = draft.faultCode
  if (isPresent(draft.faultLocation)) record.faultLocation = draft.faultLocation
  if (isPresent(draft.evidence)) record.evidence = draft.evidence
  if (isPresent(draft.satisfactionScore)) record.satisfactionScore = draft.satisfactionScore
}

/** The channel's conditions first, then those read from the words that it had not seen; 50 at most. */
function joinConditions(
  given: readonly Condition[] | undefined,
  read: readonly Condition[],
): Condition[] | undefined {
  if (given === undefined) return read.length === 0 ? undefined : [...read]
  const known = new Set(given.map(({ text }) => text))
  const joined = [...given, ...read.filter(({ text }) => !known.has(text))]
  return joined.length === 0 ? undefined : joined.slice(0, maxConditions)
}

/** The channel's attributes, and what the draft says that no field holds. */
function attributesOf(draft: FeedbackDraft, languageRefused: boolean): FeedbackRecord['attributes'] {
  let extra: Record<string, unknown> | undefined
  for (const name in draft) {
    if (draftFields.has(name) || isPrototypeKey(name)) continue
    extra ??= {}
    extra[name] = Reflect.get(draft, name)
  }
  if (languageRefused && draft.language !== undefined) extra = { ...extra, language: draft.language }
  return flattenAttributes(extra === undefined ? draft.attributes : { ...draft.attributes, ...extra })
}
