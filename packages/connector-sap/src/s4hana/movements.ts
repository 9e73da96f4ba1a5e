import type { CallContext } from '@andon/core/connector'
import type * as z from 'zod'
import { decimalOf, unitsOf } from '../odata/decimal.js'
import { anyOf } from '../odata/query.js'
import { text } from '../odata/v2.js'
import { mostAsked } from './batch-master.js'
import { type DocumentItemEntity, documentItemEntity, serialEntity } from './entities.js'
import type { Means } from './means.js'

/** Issue to an order and its reversal, receipt from an order and its reversal, issue for a delivery and its reversal. */
export const movement = {
  issue: '261',
  issueBack: '262',
  receipt: '101',
  receiptBack: '102',
  delivery: '601',
  deliveryBack: '602',
} as const

type Field = 'Batch' | 'ManufacturingOrder'

/** What was found; `cut` says that there is more. */
interface Found<Item> {
  readonly items: readonly Item[]
  readonly cut: boolean
}

/** So many are read for a few serial numbers or places: each stands in a handful of documents. */
const mostForSome = 10_000
export type SerialInDocument = z.output<typeof serialEntity>

const slices = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / mostAsked) }, (_, index) =>
    all.slice(index * mostAsked, (index + 1) * mostAsked),
  )

/** The items of material documents with one of these values and movement types, with their serial numbers; at most `limit`. */
export async function movedItems(
  { documents }: Means,
  asked: {
    readonly field: Field
    readonly values: readonly string[]
    readonly types: readonly string[]
    readonly limit: number
  },
  context: CallContext,
): Promise<Found<DocumentItemEntity>> {
  const items: DocumentItemEntity[] = []
  for (const values of slices([...new Set(asked.values)])) {
    const some = anyOf(values.map((value) => `${asked.field} eq ${text(value)}`))
    const types = anyOf(asked.types.map((type) => `GoodsMovementType eq ${text(type)}`))
    const request = {
      set: 'A_MaterialDocumentItem',
      filter: `${some} and ${types}`,
      expand: 'to_SerialNumbers',
      orderby: 'MaterialDocumentYear,MaterialDocument,MaterialDocumentItem',
      limit: asked.limit - items.length,
    }
    const found = await documents.list(request, documentItemEntity, context)
    items.push(...found.items.map(({ entity }) => entity))
    if (found.cut) return { items, cut: true }
  }
  return { items, cut: false }
}

/** The documents in which these serial numbers stand. */
export async function documentsOfSerials(
  { documents }: Means,
  serials: readonly string[],
  context: CallContext,
): Promise<Found<SerialInDocument>> {
  const found: SerialInDocument[] = []
  let isCut = false
  for (const some of slices([...new Set(serials)].filter((serial) => serial !== '' && serial.length <= 18))) {
    const filter = anyOf(some.map((serial) => `SerialNumber eq ${text(serial)}`))
    const request = { set: 'A_SerialNumberMaterialDocument', filter, limit: mostForSome }
    const { items, cut } = await documents.list(request, serialEntity, context)
    found.push(...items.map(({ entity }) => entity))
    isCut ||= cut
  }
  return { items: found, cut: isCut }
}

/** The items that these serial numbers stand in. */
export async function itemsOf(
  { documents }: Means,
  places: readonly SerialInDocument[],
  context: CallContext,
): Promise<Found<DocumentItemEntity>> {
  const keys = [
    ...new Set(
      places.map(
        (place) =>
          `(MaterialDocumentYear eq ${text(place.MaterialDocumentYear)} and MaterialDocument eq ${text(place.MaterialDocument)} and MaterialDocumentItem eq ${text(place.MaterialDocumentItem)})`,
      ),
    ),
  ]
  const found: DocumentItemEntity[] = []
  let isCut = false
  // A key is three conditions long.
  for (let first = 0; first < keys.length; first += mostAsked / 4) {
    const filter = anyOf(keys.slice(first, first + mostAsked / 4))
    const request = { set: 'A_MaterialDocumentItem', filter, expand: 'to_SerialNumbers', limit: mostForSome }
    const { items, cut } = await documents.list(request, documentItemEntity, context)
    found.push(...items.map(({ entity }) => entity))
    isCut ||= cut
  }
  return { items: found, cut: isCut }
}

/**
 * What is left of movements after those that took them back: an amount for each key, only where it is above zero.
 *
 * @param back the movement type that takes back
 */
export function netOf(
  items: readonly DocumentItemEntity[],
  back: string,
  keyOf: (item: DocumentItemEntity) => string,
): ReadonlyMap<string, string> {
  const sums = new Map<string, bigint>()
  for (const item of items) {
    if (item.GoodsMovementIsCancelled) continue
    const amount = unitsOf(item.QuantityInEntryUnit) ?? 0n
    const key = keyOf(item)
    sums.set(key, (sums.get(key) ?? 0n) + (item.GoodsMovementType === back ? -amount : amount))
  }
  return new Map([...sums].flatMap(([key, sum]) => (sum > 0n ? [[key, decimalOf(sum)] as const] : [])))
}
