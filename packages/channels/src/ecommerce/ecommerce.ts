import type { Channel, DecodedPayload } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from '../shared/attributes.js'
import { addAttributes, openDraft } from '../shared/draft.js'
import { addFacts, type ProductFacts } from '../shared/facts.js'
import { instantOf } from '../shared/instant.js'
import { notJson } from '../shared/json-channel.js'
import { evidenceAt } from '../shared/media.js'
import { checkOptions, zoneSchema } from '../shared/options.js'
import { isRecord, type JsonRecord, missing, requiredId, requiredRecord, wrong } from '../shared/reader.js'
import { jdReviews, mappingSchema, type ResolvedMapping, taobaoReviews } from './mapping.js'

const optionsSchema = z.strictObject({
  /** Instead of Taobao's and JD's; the first whose signature fits reads the review. */
  mappings: z.array(mappingSchema).min(1).optional(),
  /** Listing id → what it sells, because a review names a listing and production a model. */
  products: z
    .record(
      z.string(),
      z.strictObject({
        productModel: z.string().min(1).max(200),
        productLine: z.string().min(1).max(200).optional(),
        productCategory: z.string().min(1).max(200).optional(),
      }),
    )
    .default({}),
  zone: zoneSchema,
})
export type EcommerceOptions = z.input<typeof optionsSchema>
type Options = z.output<typeof optionsSchema>

const standardMappings = [taobaoReviews, jdReviews].map((mapping) => mappingSchema.parse(mapping))

interface ReadyMapping extends ResolvedMapping {
  /** The names that the draft's own fields come from. */
  readonly taken: ReadonlySet<string>
}

interface Reviews {
  readonly mapping: ReadyMapping
  readonly items: readonly unknown[]
  readonly path: string
}

/**
 * Marketplace reviews. Taobao and Tmall: `tid, oid, content, append_content, result, has_negtv, tags,
 * user_nick, num_iid, created`; JD by a mapping of its own; others by the `mappings` option. An appended
 * review is a second feedback with the id `<id>:append`.
 */
export function ecommerceChannel(options?: EcommerceOptions): Channel {
  const checked = checkOptions(optionsSchema, options, 'ecommerce')
  const mappings = (checked.mappings ?? standardMappings).map((mapping) => ({
    ...mapping,
    taken: takenBy(mapping),
  }))
  return {
    contract: 1,
    name: 'ecommerce',
    detect: ({ json }) => json !== undefined && reviewsIn(json, mappings) !== undefined,
    parse: ({ json, text }) => {
      if (json === undefined) throw notJson(text)
      const reviews = reviewsIn(json, mappings)
      if (reviews === undefined) {
        throw wrong(
          'body',
          text.slice(0, 200),
          'has no field of a known marketplace',
          '不含已知电商平台的字段',
        )
      }
      return reviews.items.flatMap((item, index) => {
        const path = reviews.path === '-' ? '' : `${reviews.path}[${index}].`
        return readReview(requiredRecord(item, path.slice(0, -1) || 'body'), path, reviews.mapping, checked)
      })
    },
  }
}

function takenBy({
  id,
  text,
  createdAt,
  customer,
  pictures,
  appendedText,
  appendedAt,
}: ResolvedMapping): ReadonlySet<string> {
  const paths = [id, text, createdAt, customer, pictures, appendedText, appendedAt].flatMap(
    (names) => names ?? [],
  )
  return new Set(paths.map((path) => path.split('.')[0] ?? path))
}

function reviewsIn(
  json: NonNullable<DecodedPayload['json']>,
  mappings: readonly ReadyMapping[],
): Reviews | undefined {
  for (const mapping of mappings) {
    const fits = (item: unknown): boolean =>
      isRecord(item) && mapping.signature.every((field) => at(item, field) !== undefined)
    if (Array.isArray(json)) {
      if (fits(json[0])) return { mapping, items: json, path: '' }
    } else if (isRecord(json)) {
      if (fits(json)) return { mapping, items: [json], path: '-' }
      for (const path of mapping.lists) {
        const items = at(json, path)
        if (Array.isArray(items) && fits(items[0])) return { mapping, items, path }
      }
    }
  }
  return undefined
}

function readReview(
  review: JsonRecord,
  path: string,
  mapping: ReadyMapping,
  options: Options,
): readonly FeedbackDraft[] {
  const idField = mapping.id.find((field) => at(review, field) !== undefined) ?? mapping.id[0] ?? 'id'
  const id = requiredId({ [idField]: at(review, idField) }, idField, path)
  const text = pick(review, mapping.text)
  const appended = pick(review, mapping.appendedText)
  if (text === undefined && appended === undefined) throw missing(path + (mapping.text[0] ?? 'text'))
  const read = new Set<string>()
  const stated = factsOf(review, mapping, options, read)
  const attributes = { platform: mapping.platform, ...attributesOf(review, mapping.taken, read) }
  const open = (sourceMessageId: string, words: string): ReturnType<typeof openDraft> => {
    const draft = openDraft({
      sourceMessageId,
      text: words,
      // Copied, because each text adds its own facts.
      facts: copyOf(stated),
      zone: options.zone,
    })
    const customer = pick(review, mapping.customer)
    if (customer !== undefined) draft.customer = customer
    draft.customerRole = 'consumer'
    addAttributes(draft, attributes)
    return draft
  }
  const drafts: FeedbackDraft[] = []
  const created = valueAt(review, mapping.createdAt)
  const receivedAt =
    created === undefined ? undefined : instantOf(created.value, path + created.field, options.zone)
  if (text !== undefined) {
    const draft = open(id, text)
    if (receivedAt !== undefined) draft.receivedAt = receivedAt
    const score = scoreOf(review, mapping)
    if (score !== undefined) draft.satisfactionScore = { kind: 'stars', value: score }
    const pictures = picturesOf(review, mapping)
    if (pictures.length > 0) draft.evidence = pictures
    drafts.push(draft)
  }
  if (appended !== undefined) {
    const draft = open(`${id}:append`, appended)
    const later = valueAt(review, mapping.appendedAt)
    const appendedAt =
      later === undefined ? receivedAt : instantOf(later.value, path + later.field, options.zone)
    if (appendedAt !== undefined) draft.receivedAt = appendedAt
    addAttributes(draft, { appended: true, inReplyTo: id })
    drafts.push(draft)
  }
  return drafts
}

function factsOf(
  review: JsonRecord,
  mapping: ReadyMapping,
  options: Options,
  read: Set<string>,
): ProductFacts {
  const facts: ProductFacts = {}
  const listing = pick(review, mapping.listing)
  const product =
    listing !== undefined && Object.hasOwn(options.products, listing) ? options.products[listing] : undefined
  if (product !== undefined) {
    facts.productModel = product.productModel
    if (product.productLine !== undefined) facts.productLine = product.productLine
    if (product.productCategory !== undefined) facts.productCategory = product.productCategory
  }
  addFacts(facts, review, read)
  return facts
}

function copyOf(facts: ProductFacts): ProductFacts {
  return facts.componentBatches === undefined
    ? { ...facts }
    : { ...facts, componentBatches: { ...facts.componentBatches } }
}

function scoreOf(review: JsonRecord, mapping: ReadyMapping): number | undefined {
  const text = pick(review, mapping.score)
  if (text === undefined) return undefined
  const score = Object.hasOwn(mapping.scores, text) ? mapping.scores[text] : Number(text)
  return score !== undefined && score >= 0 && score <= 5 ? score : undefined
}

function picturesOf(review: JsonRecord, mapping: ReadyMapping): readonly { uri: string; mime: string }[] {
  const list = valueAt(review, mapping.pictures)?.value
  if (!Array.isArray(list)) return []
  return list.slice(0, 50).flatMap((picture: unknown) => {
    const url =
      typeof picture === 'string' ? picture : isRecord(picture) ? (picture.url ?? picture.imgUrl) : undefined
    return typeof url === 'string' && url !== '' ? evidenceAt(url, 'image/jpeg') : []
  })
}

function at(record: JsonRecord, path: string): unknown {
  if (!path.includes('.')) return record[path]
  let value: unknown = record
  for (const step of path.split('.')) {
    if (!isRecord(value)) return undefined
    value = value[step]
  }
  return value
}

function valueAt(
  record: JsonRecord,
  fields: readonly string[] = [],
): { field: string; value: unknown } | undefined {
  for (const field of fields) {
    const value = at(record, field)
    if (value !== undefined && value !== null && value !== '') return { field, value }
  }
  return undefined
}

function pick(record: JsonRecord, fields: readonly string[] | undefined): string | undefined {
  const value = valueAt(record, fields)?.value
  if (typeof value === 'string') return value.trim() || undefined
  return typeof value === 'number' ? String(value) : undefined
}
