import type { Action, CallContext, ExecuteContext, JsonObject, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { actionMark } from '../action-mark.js'
import type { components } from '../generated/production-order.js'
import { afterChange, refused } from '../http/failures.js'
import { changeByEtag } from '../odata/etag.js'
import { dateValue, dayOf, text } from '../odata/v2.js'
import type { Tagged } from '../odata/v2-service.js'
import { headline, wordsOf } from '../words.js'
import { oneBatch } from './batch-master.js'
import { type OrderEntity, orderEntity } from './entities.js'
import type { KindWork, Means } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import type { S4HanaSettings } from './options.js'
import { findOrders, isOver, oneOrder, orderStatus } from './order-master.js'
import { checkedParams, reworkParams } from './params.js'
import { receiptOf } from './receipts.js'
import { saidBy } from './said.js'
import { amountOf, stockOf } from './stock.js'

const dayMs = 86_400_000

/** What is reworked, and how much. */
interface Goods {
  readonly material: string
  readonly plant: string
  readonly quantity: string
  readonly batch?: string
}

/**
 * Makes an order of the customer's rework type for the goods of an order or a batch. The order carries the action's
 * mark in a field that can be looked up, the customers' words stand in the notification that is written before it. Taken
 * back it is discarded, or completed technically when it has been released.
 */
export function reworkOrder(means: Means, options: NonNullable<S4HanaSettings['rework']>): KindWork {
  const { name, notifications, orders, settings } = means

  async function made(action: Action, context: CallContext): Promise<Tagged<OrderEntity> | undefined> {
    const filter = `${options.markField} eq ${text(actionMark(action.id))}`
    return (await orders.list({ set: 'A_ProductionOrder_2', filter }, orderEntity, context)).items[0]
  }

  async function goodsOf(action: Action, context: CallContext): Promise<Goods> {
    const { order, batch, quantity } = checkedParams(name, reworkParams, action)
    if (order !== undefined) {
      const { entity } = await oneOrder(means, order, context)
      const amount = quantity === undefined ? entity.TotalQuantity : String(quantity)
      return { material: entity.Material, plant: entity.ProductionPlant || settings.plant, quantity: amount }
    }
    const { entity } = await oneBatch(means, batch ?? '', undefined, context)
    const goods = { material: entity.Material, batch: entity.Batch }
    const lies = quantity === undefined ? amountOf(await stockOf(means, goods, context)) : String(quantity)
    if (lies === '0') {
      throw refused(
        name,
        {
          en: `there is no stock of batch ${batch}: say the quantity`,
          zh: `批次 ${batch} 没有库存：请给出 quantity`,
        },
        new RangeError('no quantity'),
      )
    }
    return { ...goods, plant: settings.plant, quantity: lies }
  }

  async function create(
    action: Action,
    goods: Goods,
    kept: Kept,
    context: CallContext,
  ): Promise<OrderEntity> {
    const { priority } = checkedParams(name, reworkParams, action)
    const today = dayOf(context.clock.now())
    const importance = Object.entries(settings.importance).find(([key]) => key === String(priority))?.[1]
    const body: components['schemas']['A_ProductionOrder_2Create'] = {
      ManufacturingOrderType: options.orderType,
      Material: goods.material,
      ProductionPlant: goods.plant,
      TotalQuantity: goods.quantity,
      MfgOrderPlannedStartDate: dateValue(today),
      MfgOrderPlannedEndDate: dateValue(today + options.durationDays * dayMs),
      ...(importance !== undefined && { ManufacturingOrderImportance: importance }),
      OrderLongText: [
        `${recordTitle} ${action.id}; notification / 通知单 ${kept.number}`,
        `${headline(action.reason.en, 500)}`,
        `${headline(action.reason.zh, 500)}`,
      ].join('\n'),
    }
    const marked = { ...body, [options.markField]: actionMark(action.id) }
    return orders.create('A_ProductionOrder_2', marked, orderEntity, context)
  }

  /** Calls a function of the order until it stands as wanted, whoever changes it in between. */
  async function bring(
    order: Tagged<OrderEntity>,
    functionFor: (order: OrderEntity) => string | undefined,
    context: CallContext,
  ): Promise<OrderEntity> {
    const number = order.entity.ManufacturingOrder
    let called = ''
    const read = async (): Promise<Tagged<OrderEntity>> => {
      const [now] = await findOrders(means, [number], context)
      // Some releases keep a discarded order, others do not.
      return now ?? { entity: { ...order.entity, OrderIsDeleted: true }, etag: undefined }
    }
    return changeByEtag({
      name,
      first: order,
      decide: (found) => {
        called = functionFor(found) ?? ''
        return called !== ''
      },
      write: async (etag) => {
        const parameters = { ManufacturingOrder: text(number) }
        const outcome = await orders.call({ name: called, parameters, etag }, context)
        return outcome === 'stale' ? { outcome } : { outcome, now: await afterChange(name, read) }
      },
      read,
    })
  }

  const proofOf = (order: OrderEntity, kept: Kept | undefined, confirmed: boolean): JsonObject => ({
    ...{ order: order.ManufacturingOrder, type: order.ManufacturingOrderType, status: orderStatus(order) },
    ...{ material: order.Material, quantity: order.TotalQuantity, unit: order.ProductionUnit },
    ...{ notification: kept?.number ?? null, confirmed },
  })

  const record = (
    action: Action,
    reverts: boolean,
    goods: Partial<Goods>,
    context: CallContext,
  ): Promise<Kept> => {
    const { order, batch } = checkedParams(name, reworkParams, action)
    return notifications.create(
      {
        type: settings.recordType,
        title: `${recordTitle} ${reverts ? 'undo ' : ''}rework`,
        record: {
          ...{
            action: action.id,
            kind: action.kind,
            reverts,
            at: new Date(context.clock.now()).toISOString(),
          },
          before: {},
        },
        words: wordsOf(action, [
          ...(order === undefined ? [] : [`Production order / 生产订单 ${order}`]),
          ...(batch === undefined ? [] : [`Batch / 批次 ${batch}`]),
          ...saidBy(action, reverts),
        ]),
        material: goods.material,
        batch: goods.batch,
      },
      context,
    )
  }

  /** Made, and released where that is asked for. */
  const isWhole = (order: OrderEntity): boolean => !options.release || orderStatus(order) !== 'created'

  /**
   * The order is what was asked for, its release comes on top. So an order that SAP does not release still has its
   * receipt, by which it is looked up and taken back; the receipt is not confirmed and says why.
   */
  async function release(
    order: OrderEntity,
    there: Tagged<OrderEntity> | undefined,
    context: CallContext,
  ): Promise<{ readonly order: OrderEntity; readonly releaseRefused?: string }> {
    const wanted = (found: OrderEntity): string | undefined =>
      found.OrderIsReleased || isOver(found) ? undefined : 'ReleaseOrder'
    try {
      const tagged = there ?? (await oneOrder(means, order.ManufacturingOrder, context))
      return { order: await bring(tagged, wanted, context) }
    } catch (refusal) {
      if (!isAndonError(refusal, 'TARGET_REFUSED')) throw refusal
      return { order, releaseRefused: refusal.message }
    }
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const known = (await notifications.find(action, context)).filter(({ reverts }) => !reverts)
    // What was never written down was never made.
    const there = known.length > 0 ? await made(action, context) : undefined
    let order = there?.entity
    let kept = known[0]
    if (order === undefined) {
      const goods = await goodsOf(action, context)
      kept ??= await record(action, false, goods, context)
      order = await create(action, goods, kept, context)
    }
    if (isWhole(order)) {
      return receiptOf(order.ManufacturingOrder, proofOf(order, kept, true), there !== undefined)
    }
    const { order: now, ...why } = await release(order, there, context)
    const proof = { ...proofOf(now, kept, isWhole(now)), ...why }
    return receiptOf(now.ManufacturingOrder, proof, there !== undefined && why.releaseRefused !== undefined)
  }

  return {
    async execute(action, context) {
      checkedParams(name, reworkParams, action)
      return execute(action, context)
    },

    async lookUp(action, context) {
      const known = (await notifications.find(action, context)).filter(({ reverts }) => !reverts)
      const there = known.length > 0 ? await made(action, context) : undefined
      if (there === undefined) return undefined
      const { entity } = there
      return receiptOf(entity.ManufacturingOrder, proofOf(entity, known[0], isWhole(entity)), true)
    },

    async revert(action, receipt, context) {
      const undone = (await notifications.find(action, context)).filter(({ reverts }) => reverts)
      const [order] = await findOrders(means, [receipt.reference], context)
      if (order === undefined || isOver(order.entity)) {
        const status = order === undefined ? 'deleted' : orderStatus(order.entity)
        const proof = {
          order: receipt.reference,
          status,
          notification: undone[0]?.number ?? null,
          confirmed: true,
        }
        return receiptOf(undone[0]?.number ?? receipt.reference, proof, true)
      }
      const kept = undone[0] ?? (await record(action, true, { material: order.entity.Material }, context))
      const ended = await bring(
        order,
        (found) => (isOver(found) ? undefined : found.OrderIsReleased ? 'TechlyCmpltOrder' : 'DiscardOrder'),
        context,
      )
      return receiptOf(kept.number, proofOf(ended, kept, isOver(ended)), false)
    },
  }
}
