import type { Action, CallContext, JsonObject, Receipt } from '@andon/core/connector'
import { actionMark, reversalId } from '../action-mark.js'
import type { components } from '../generated/material-document.js'
import { afterChange, refused } from '../http/failures.js'
import { sumOf } from '../odata/decimal.js'
import { dateValue, dayOf, text } from '../odata/v2.js'
import { wordsOf } from '../words.js'
import { oneBatch } from './batch-master.js'
import { type DocumentEntity, documentEntity, type StockEntity } from './entities.js'
import type { KindWork, Means } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import { checkedParams, holdParams } from './params.js'
import { receiptOf } from './receipts.js'
import { saidBy } from './said.js'
import { amountOf, blocked, ofType, stockOf, unrestricted } from './stock.js'

type Item = components['schemas']['A_MaterialDocumentItemCreate']

/** Movement types, and the stock that they take from. */
const moves = {
  block: { type: '344', from: unrestricted },
  free: { type: '343', from: blocked },
} as const
type Direction = keyof typeof moves

/**
 * Holds a batch by moving its unrestricted stock to blocked stock, or moves it back. The material document carries the
 * action's mark as `ReferenceDocument`, so it is looked up before it is posted again; the customers' words stand in a
 * notification of their own, written before. A reversal moves back what its document had moved, not what lies there.
 */
export function stockTransfer(means: Means, kind: 'material.hold' | 'material.release'): KindWork {
  const { name, notifications, documents, settings } = means
  const forward: Direction = kind === 'material.hold' ? 'block' : 'free'
  const backward: Direction = forward === 'block' ? 'free' : 'block'

  async function documentOf(id: string, context: CallContext): Promise<DocumentEntity | undefined> {
    const filter = `ReferenceDocument eq ${text(actionMark(id))}`
    const request = { set: 'A_MaterialDocumentHeader', filter, expand: 'to_MaterialDocumentItem' }
    return (await documents.list(request, documentEntity, context)).items[0]?.entity
  }

  async function post(
    id: string,
    direction: Direction,
    items: readonly Item[],
    kept: Kept,
    context: CallContext,
  ): Promise<DocumentEntity> {
    const day = dateValue(dayOf(context.clock.now()))
    const body: components['schemas']['A_MaterialDocumentHeaderCreate'] = {
      GoodsMovementCode: '04',
      PostingDate: day,
      DocumentDate: day,
      ReferenceDocument: actionMark(id),
      // The number of the notification, which tells the rest: the field has 25 characters.
      MaterialDocumentHeaderText: `${recordTitle} ${kept.number}`.slice(0, 25),
      to_MaterialDocumentItem: items.map((item) => ({ ...item, GoodsMovementType: moves[direction].type })),
    }
    const made = await documents.create('A_MaterialDocumentHeader', body, documentEntity, context)
    // Not every release sends the items back.
    if (made.to_MaterialDocumentItem.length > 0) return made
    return (await afterChange(name, () => documentOf(id, context))) ?? made
  }

  const record = (action: Action, reverts: boolean, item: Item, context: CallContext): Promise<Kept> =>
    notifications.create(
      {
        type: settings.recordType,
        title: `${recordTitle} ${reverts ? 'undo ' : ''}transfer`,
        record: {
          ...{ action: action.id, kind, reverts, at: new Date(context.clock.now()).toISOString() },
          before: {},
        },
        words: wordsOf(action, saidBy(action, reverts)),
        material: item.Material,
        batch: item.Batch,
      },
      context,
    )

  const proofOf = (document: DocumentEntity, kept: Kept | undefined): JsonObject => {
    const items = document.to_MaterialDocumentItem
    return {
      materialDocument: document.MaterialDocument,
      materialDocumentYear: document.MaterialDocumentYear,
      notification: kept?.number ?? null,
      material: items[0]?.Material ?? null,
      batch: items[0]?.Batch ?? null,
      movementType: items[0]?.GoodsMovementType ?? null,
      quantity: sumOf(items.map(({ QuantityInEntryUnit }) => QuantityInEntryUnit)) ?? null,
      unit: items[0]?.EntryUnit ?? null,
      confirmed: items.length > 0,
    }
  }

  const itemOf = (entry: StockEntity): Item => ({
    Material: entry.Material,
    Plant: entry.Plant,
    StorageLocation: entry.StorageLocation,
    Batch: entry.Batch,
    GoodsMovementType: '',
    // Stock has fourteen decimals, a movement three: SAP takes no zeros beyond them.
    QuantityInEntryUnit: amountOf([entry]),
    EntryUnit: entry.MaterialBaseUnit,
  })

  /** Posts once: what was written down may have been posted, what was not surely was not. */
  async function postOnce(
    action: Action,
    reverts: boolean,
    itemsToMove: () => Promise<readonly [Item, ...Item[]]>,
    context: CallContext,
  ): Promise<Receipt> {
    const id = reverts ? reversalId(action.id) : action.id
    const known = (await notifications.find(action, context)).filter((kept) => kept.reverts === reverts)
    const posted = known.length > 0 ? await documentOf(id, context) : undefined
    if (posted !== undefined) return receiptOf(posted.MaterialDocument, proofOf(posted, known[0]), true)
    const items = await itemsToMove()
    const kept = known[0] ?? (await record(action, reverts, items[0], context))
    const document = await post(id, reverts ? backward : forward, items, kept, context)
    return receiptOf(document.MaterialDocument, proofOf(document, kept), false)
  }

  async function stockToMove(action: Action, context: CallContext): Promise<readonly [Item, ...Item[]]> {
    const { batch, component } = checkedParams(name, holdParams, action)
    const { entity } = await oneBatch(means, batch, component, context)
    const entries = await stockOf(means, { material: entity.Material, batch: entity.Batch }, context)
    const [first, ...rest] = ofType(entries, moves[forward].from).map(itemOf)
    if (first !== undefined) return [first, ...rest]
    throw refused(
      name,
      forward === 'block'
        ? {
            en: `there is no unrestricted stock of batch ${batch} in plant ${settings.plant}`,
            zh: `工厂 ${settings.plant} 没有批次 ${batch} 的非限制库存`,
          }
        : {
            en: `there is no blocked stock of batch ${batch} in plant ${settings.plant}`,
            zh: `工厂 ${settings.plant} 没有批次 ${batch} 的冻结库存`,
          },
      new RangeError('no stock'),
    )
  }

  async function movedItems(action: Action, context: CallContext): Promise<readonly [Item, ...Item[]]> {
    const document = await documentOf(action.id, context)
    const [first, ...rest] = (document?.to_MaterialDocumentItem ?? []).map(
      (item): Item => ({
        Material: item.Material,
        Plant: item.Plant,
        StorageLocation: item.StorageLocation,
        Batch: item.Batch,
        GoodsMovementType: '',
        QuantityInEntryUnit: item.QuantityInEntryUnit,
        EntryUnit: item.EntryUnit,
      }),
    )
    if (first !== undefined) return [first, ...rest]
    throw refused(
      name,
      { en: 'there is no material document of this action to take back', zh: '没有该动作可撤销的物料凭证' },
      new RangeError('no document'),
    )
  }

  return {
    async execute(action, context) {
      checkedParams(name, holdParams, action)
      return postOnce(action, false, () => stockToMove(action, context), context)
    },
    async lookUp(action, context) {
      checkedParams(name, holdParams, action)
      const known = (await notifications.find(action, context)).filter(({ reverts }) => !reverts)
      const document = known.length === 0 ? undefined : await documentOf(action.id, context)
      return document && receiptOf(document.MaterialDocument, proofOf(document, known[0]), true)
    },
    revert: (action, _receipt, context) => postOnce(action, true, () => movedItems(action, context), context),
  }
}
