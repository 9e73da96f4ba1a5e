import { channelNames } from './schema.js'

const channels: ReadonlySet<unknown> = new Set(channelNames)
const roles: ReadonlySet<unknown> = new Set([
  'consumer',
  'dealer',
  'technician',
  'business',
  'internal',
  'device',
])
const usageUnits: ReadonlySet<unknown> = new Set(['h', 'km', 'cycles', 'months'])
const scoreKinds: ReadonlySet<unknown> = new Set(['nps', 'csat', 'stars'])
const flags = ['fire', 'injury', 'electricShock', 'leak', 'breakdown', 'reportable'] as const
const optionalTexts = [
  'customerRef',
  'region',
  'productCategory',
  'productLine',
  'productModel',
  'serialNumber',
  'batchNumber',
] as const

/**
 * Says yes only to records that the schema accepts unchanged; a no means nothing but "ask the schema".
 * Most records are plain, and this sees it ten times faster than the schema can. A property test holds it
 * to the schema: whatever is sound here parses there. Instants, ids and the symptom text are the normaliser's own.
 */
export function isSound(record: Readonly<Record<string, unknown>>): boolean {
  if (record.conditions !== undefined) return false
  for (const name of optionalTexts) if (record[name] !== undefined && !isText(record[name], 200)) return false
  return (
    channels.has(record.channel) &&
    isText(record.source, 200) &&
    isText(record.sourceMessageId, 512) &&
    isText(record.tenant, 200) &&
    isText(record.fingerprint, 200) &&
    typeof record.language === 'string' &&
    record.language.length >= 2 &&
    record.language.length <= 35 &&
    roles.has(record.customerRole) &&
    isNumber(record.severityScore, 10) &&
    areFlags(record.safetyFlags) &&
    isCode(record.faultCode, true) &&
    isCode(record.faultLocation, false) &&
    isMeasure(record.usageAtFailure, 'unit', usageUnits, Number.MAX_VALUE) &&
    isMeasure(record.satisfactionScore, 'kind', scoreKinds, 100) &&
    areTexts(record.componentBatches) &&
    isSite(record.productionSite) &&
    areAttachments(record.evidence)
  )
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= longest
}

function isNumber(value: unknown, highest: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= highest
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function areFlags(value: unknown): boolean {
  return (
    isPlain(value) && count(value) === flags.length && flags.every((name) => typeof value[name] === 'boolean')
  )
}

function isCode(value: unknown, withConfidence: boolean): boolean {
  if (value === undefined) return true
  if (!isPlain(value) || !isText(value.catalog, 200) || !isText(value.code, 200)) return false
  if (value.confidence === undefined) return count(value) === 2
  return withConfidence && isNumber(value.confidence, 1) && count(value) === 3
}

function isMeasure(value: unknown, name: string, names: ReadonlySet<unknown>, highest: number): boolean {
  if (value === undefined) return true
  return isPlain(value) && count(value) === 2 && names.has(value[name]) && isNumber(value.value, highest)
}

function areTexts(value: unknown): boolean {
  if (value === undefined) return true
  if (!isPlain(value)) return false
  for (const key in value) {
    if (!Object.hasOwn(value, key) || !isText(key, 200) || !isText(value[key], 200)) return false
  }
  return true
}

function isSite(value: unknown): boolean {
  if (value === undefined) return true
  if (!isPlain(value) || !isText(value.plant, 200)) return false
  return value.line === undefined ? count(value) === 1 : isText(value.line, 200) && count(value) === 2
}

/** Attachments as most channels give them: an address and a type. */
function areAttachments(value: unknown): boolean {
  if (value === undefined) return true
  if (!Array.isArray(value) || value.length > 50) return false
  return value.every(
    (item) =>
      isPlain(item) &&
      count(item) === 2 &&
      isText(item.uri, 2048) &&
      typeof item.mime === 'string' &&
      item.mime.length <= 200,
  )
}

function count(value: object): number {
  let keys = 0
  for (const key in value) if (Object.hasOwn(value, key)) keys++
  return keys
}
