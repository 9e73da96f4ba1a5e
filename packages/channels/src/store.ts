import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { evidenceAt } from './shared/media.js'
import { checkOptions, zoneSchema } from './shared/options.js'
import {
  firstText,
  type JsonRecord,
  listOf,
  missing,
  numberOf,
  recordOf,
  requiredId,
  textOf,
  wrong,
} from './shared/reader.js'

const optionsSchema = z.strictObject({ zone: zoneSchema })
export type StoreOptions = z.input<typeof optionsSchema>

const shopNames = ['shop_code', 'shopCode', 'dealer_code', 'dealerCode'] as const
const receiptNames = ['receipt_number', 'receiptNumber', 'receipt_no'] as const
const idNames = ['form_id', 'formId', 'report_id', 'id'] as const
const timeNames = ['reported_at', 'reportedAt', 'submitted_at', 'created_at'] as const
const textNames = ['description', 'problem', 'symptom', '问题描述'] as const
const customerNames = [
  'customer_phone',
  'customer_email',
  'customer_id',
  'customer_name',
  'phone',
  'email',
  'customer',
  '客户电话',
  '客户姓名',
] as const
const taken: ReadonlySet<string> = new Set([
  ...receiptNames,
  ...timeNames,
  ...textNames,
  'product',
  'photos',
  'severity',
  'language',
])

/**
 * The form of a dealer's or shop's desk: shop code, clerk, product, receipt number, description. `product` is a
 * model or an object; model, serial number and batches may also stand beside it. A form without an id of its
 * own is known by shop, receipt and time.
 */
export function storeChannel(options?: StoreOptions): Channel {
  const { zone } = checkOptions(optionsSchema, options, 'store')
  return jsonChannel({
    name: 'store',
    recognise: (form) =>
      has(form, shopNames) &&
      (has(form, receiptNames) || form.clerk !== undefined || form.product !== undefined),
    read: (form, path) => [readForm(form, path, zone)],
  })
}

function has(form: JsonRecord, names: readonly string[]): boolean {
  for (const name of names) if (form[name] !== undefined) return true
  return false
}

function readForm(form: JsonRecord, path: string, zone: string): FeedbackDraft {
  const text = firstText(form, textNames)
  if (text === undefined) throw missing(`${path}description`)
  const facts: ProductFacts = {}
  const read = new Set<string>()
  const product = recordOf(form, 'product')
  if (product === undefined) {
    const model = textOf(form, 'product')
    if (model !== undefined && model.length <= 200) facts.productModel = model
  } else addFacts(facts, product)
  addFacts(facts, form, read)
  const draft = openDraft({
    sourceMessageId: idOf(form, path),
    text,
    facts,
    zone,
    occurredField: `${path}occurred_at`,
  })
  const reported = timeNames.find((name) => form[name] !== undefined)
  if (reported !== undefined) draft.receivedAt = instantOf(form[reported], path + reported, zone)
  const customer =
    firstText(form, customerNames) ??
    firstText(recordOf(form, 'customer') ?? {}, ['id', 'phone', 'email', 'name'])
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'dealer'
  const language = textOf(form, 'language')
  if (language !== undefined && language.length <= 35) draft.language = language
  if (form.severity !== undefined) {
    const severity = numberOf(form, 'severity')
    if (severity === undefined || severity < 0 || severity > 10) {
      throw wrong(`${path}severity`, form.severity, 'is not a number from 0 to 10', '不是 0 到 10 的数')
    }
    draft.severityScore = severity
  }
  const photos = (listOf(form, 'photos') ?? []).flatMap((url) =>
    typeof url === 'string' ? evidenceAt(url, 'image/jpeg') : [],
  )
  if (photos.length > 0) draft.evidence = photos.slice(0, 50)
  addAttributes(draft, { receipt: firstText(form, receiptNames), ...attributesOf(form, taken, read) })
  return draft
}

function idOf(form: JsonRecord, path: string): string {
  const own = idNames.find((name) => form[name] !== undefined)
  if (own !== undefined) return requiredId(form, own, path)
  const shop = shopNames.find((name) => form[name] !== undefined) ?? 'shop_code'
  const receipt = receiptNames.find((name) => form[name] !== undefined) ?? 'receipt_number'
  const at = firstText(form, timeNames)
  const id = `${requiredId(form, shop, path)}:${requiredId(form, receipt, path)}${at === undefined ? '' : `:${at}`}`
  if (id.length > 500)
    throw wrong(
      path + receipt,
      id.slice(0, 80),
      'makes an id of more than 500 characters',
      '组成的标识超过 500 个字符',
    )
  return id
}
