import type { Action, CallContext, JsonObject } from '@andon/core/connector'
import type { components } from '../generated/production-order.js'
import { refused } from '../http/failures.js'
import { dateOf, dateValue, dayOf } from '../odata/v2.js'
import { wordsOf } from '../words.js'
import { changeState, type StateChanged } from './change-state.js'
import { type OrderEntity, orderEntity } from './entities.js'
import type { KindWork, Means } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import type { S4HanaSettings } from './options.js'
import { isOver, oneOrder, orderPath, orderStatus } from './order-master.js'
import { checkedParams, priorityParams } from './params.js'
import { agrees, objectIn, receiptOf } from './receipts.js'
import { saidBy } from './said.js'

type Update = components['schemas']['A_ProductionOrder_2Update']

const dayMs = 86_400_000

const stateOf = (order: OrderEntity): JsonObject => ({
  importance: order.ManufacturingOrderImportance,
  start: order.MfgOrderPlannedStartDate,
  end: order.MfgOrderPlannedEndDate,
})

/** SAP's fields for what is to change. */
function updateOf({ importance, start, end }: JsonObject): Update {
  return {
    ...(typeof importance === 'string' && { ManufacturingOrderImportance: importance }),
    ...(typeof start === 'string' && { MfgOrderPlannedStartDate: start }),
    ...(typeof end === 'string' && { MfgOrderPlannedEndDate: end }),
  }
}

/** Priority of an importance, as the options map it; undefined for one that they do not have. */
export function priorityOf({ importance }: S4HanaSettings, order: OrderEntity): number | undefined {
  const found = Object.entries(importance).find(([, value]) => value === order.ManufacturingOrderImportance)
  return found === undefined ? undefined : Number(found[0])
}

/** The earlier dates of an order that would start too late for its priority; it keeps its length. */
function datesFor(within: number | undefined, order: OrderEntity, now: number): JsonObject {
  const start = dateOf(order.MfgOrderPlannedStartDate)
  const end = dateOf(order.MfgOrderPlannedEndDate)
  if (within === undefined || start === undefined || end === undefined || order.OrderIsReleased) return {}
  const latest = dayOf(now) + within * dayMs
  return start <= latest ? {} : { start: dateValue(latest), end: dateValue(end - (start - latest)) }
}

/**
 * Sets the importance of a production order, and where the options say so its dates. An order has no place for an
 * action id, so the change is written into a quality notification first, with what stood there before.
 */
export function orderPriority(means: Means): KindWork {
  const { name, notifications, orders, settings } = means

  const importanceOf = (action: Action): string => {
    const { priority } = checkedParams(name, priorityParams, action)
    const key = String(priority)
    return Object.entries(settings.importance).find(([known]) => known === key)?.[1] ?? key
  }

  async function set(
    action: Action,
    known: readonly Kept[],
    reverts: boolean,
    wanted: (order: OrderEntity) => JsonObject,
    context: CallContext,
  ): Promise<StateChanged<OrderEntity>> {
    const { order } = checkedParams(name, priorityParams, action)
    const first = await oneOrder(means, order, context)
    const path = orderPath(first.entity)
    return changeState({
      name,
      known,
      first,
      stateOf,
      wanted,
      record: (before) =>
        notifications.create(
          {
            type: settings.recordType,
            title: `${recordTitle} ${reverts ? 'undo ' : ''}priority`,
            record: {
              ...{
                action: action.id,
                kind: action.kind,
                reverts,
                at: new Date(context.clock.now()).toISOString(),
              },
              before: { ...before, order },
            },
            words: wordsOf(action, [`Production order / 生产订单 ${order}`, ...saidBy(action, reverts)]),
            material: first.entity.Material === '' ? undefined : first.entity.Material,
          },
          context,
        ),
      write: (etag, state) => orders.change({ path, etag, body: updateOf(state) }, orderEntity, context),
      read: () => orders.read(path, orderEntity, context),
      turnedAway: means.turnedAway.of(action, reverts),
    })
  }

  const proofOf = (order: OrderEntity, before: JsonObject | undefined, wanted: JsonObject): JsonObject => ({
    order: order.ManufacturingOrder,
    status: orderStatus(order),
    priority: priorityOf(settings, order) ?? null,
    importance: order.ManufacturingOrderImportance,
    start: order.MfgOrderPlannedStartDate,
    end: order.MfgOrderPlannedEndDate,
    before: before ?? null,
    confirmed: agrees(stateOf(order), wanted),
  })

  const notOver = (order: OrderEntity): void => {
    if (!isOver(order)) return
    const status = orderStatus(order)
    throw refused(
      name,
      {
        en: `production order ${order.ManufacturingOrder} is ${status}`,
        zh: `生产订单 ${order.ManufacturingOrder} 的状态为 ${status}`,
      },
      new RangeError(status),
    )
  }

  async function receiptFromRecords(action: Action, known: readonly Kept[], context: CallContext) {
    const mine = known.filter(({ reverts }) => !reverts)
    const [reference] = mine
    if (reference === undefined) return undefined
    const { order } = checkedParams(name, priorityParams, action)
    const { entity } = await oneOrder(means, order, context)
    const wanted = { importance: importanceOf(action) }
    const undone = known.some(({ reverts }) => reverts)
    if (!undone && !agrees(stateOf(entity), wanted)) return undefined
    return receiptOf(reference.number, proofOf(entity, mine.at(-1)?.record?.before, wanted), true)
  }

  return {
    async execute(action, context) {
      const { priority } = checkedParams(name, priorityParams, action)
      const known = await notifications.find(action, context)
      const done = known.some(({ reverts }) => reverts)
        ? await receiptFromRecords(action, known, context)
        : undefined
      if (done !== undefined) return done
      const within = Object.entries(settings.startWithinDays).find(([key]) => key === String(priority))?.[1]
      const importance = importanceOf(action)
      let wanted: JsonObject = { importance }
      const changed = await set(
        action,
        known,
        false,
        (order) => {
          notOver(order)
          wanted = { importance, ...datesFor(within, order, context.clock.now()) }
          return wanted
        },
        context,
      )
      const { entity, reference, before, wrote } = changed
      return receiptOf(reference.number, proofOf(entity, before, wanted), !wrote)
    },

    async lookUp(action, context) {
      return receiptFromRecords(action, await notifications.find(action, context), context)
    },

    async revert(action, receipt, context) {
      const known = await notifications.find(action, context)
      const undone = known.filter(({ reverts }) => reverts)
      const before =
        objectIn(receipt.proof?.before) ?? known.findLast(({ reverts }) => !reverts)?.record?.before
      if (before === undefined) throw lost(name)
      const ours = { importance: importanceOf(action) }
      const { order: _, ...state } = before
      let wanted: JsonObject = {}
      const changed = await set(
        action,
        undone,
        true,
        (order) => {
          notOver(order)
          const present = stateOf(order)
          // Dates that were not moved are nobody's to move back, and those of a released order stay.
          const keep = order.OrderIsReleased || receipt.proof?.start === state.start
          wanted = keep ? { importance: state.importance ?? '' } : state
          if (!agrees(present, ours) && !agrees(present, wanted)) throw changedSince(name, order)
          return wanted
        },
        context,
      )
      const { entity, reference, wrote } = changed
      return receiptOf(reference.number, proofOf(entity, changed.before, wanted), !wrote)
    },
  }
}

const lost = (name: string) =>
  refused(
    name,
    { en: 'it is not known any more how the order stood before', zh: '已无法得知订单此前的状态' },
    new RangeError('no record'),
  )

const changedSince = (name: string, order: OrderEntity) =>
  refused(
    name,
    {
      en: `production order ${order.ManufacturingOrder} was changed since by others: its importance is ${order.ManufacturingOrderImportance || 'empty'}`,
      zh: `生产订单 ${order.ManufacturingOrder} 此后已被他人更改：其重要性为 ${order.ManufacturingOrderImportance || '空'}`,
    },
    new RangeError('changed since'),
  )
