import type { Action, CallContext, JsonObject, Receipt } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import type { components } from '../generated/production-order.js'
import { refused } from '../http/failures.js'
import { dateOf, dateValue, dayOf } from '../odata/v2.js'
import type { Tagged } from '../odata/v2-service.js'
import { wordsOf } from '../words.js'
import { changeState, type StateChanged } from './change-state.js'
import { type OrderEntity, orderEntity } from './entities.js'
import type { KindWork, Means } from './means.js'
import { type Kept, orderTitle } from './notifications.js'
import type { S4HanaSettings } from './options.js'
import { isOver, oneOrder, orderPath, orderStatus } from './order-master.js'
import { datesIn, datesOf, importanceIn, type Standing, standingOf } from './order-standing.js'
import { checkedParams, priorityParams } from './params.js'
import { agrees, objectIn, receiptOf } from './receipts.js'
import type { ChangeRecord } from './record.js'
import { refusedWords, voidedIfRefused } from './refused-changes.js'
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

  const record = (
    action: Action,
    reverts: boolean,
    { ManufacturingOrder: order, Material: material }: OrderEntity,
    said: { readonly before: JsonObject; readonly means?: JsonObject; readonly refusal?: AndonError },
    context: CallContext,
  ): Promise<Kept> => {
    const { before, means: wanted, refusal } = said
    return notifications.create(
      {
        type: settings.recordType,
        title: orderTitle(refusal === undefined ? (reverts ? 'undo' : 'prio') : 'void', order),
        record: {
          ...{ action: action.id, kind: action.kind, reverts },
          ...{ at: new Date(context.clock.now()).toISOString(), before: { ...before, order } },
          ...(wanted !== undefined && { means: wanted }),
          ...(refusal !== undefined && { refused: true }),
        },
        words: wordsOf(action, [
          `Production order / 生产订单 ${order}`,
          ...(refusal === undefined ? [] : refusedWords(refusal)),
          ...saidBy(action, reverts),
        ]),
        material: material === '' ? undefined : material,
      },
      context,
    )
  }

  async function set(
    action: Action,
    known: readonly Kept[],
    reverts: boolean,
    first: Tagged<OrderEntity>,
    wanted: (order: OrderEntity) => JsonObject,
    context: CallContext,
  ): Promise<StateChanged<OrderEntity>> {
    const { entity } = first
    const path = orderPath(entity)
    let latest: JsonObject = {}
    return changeState({
      name,
      known,
      first,
      stateOf,
      wanted: (order) => {
        latest = wanted(order)
        return latest
      },
      record: (before) =>
        record(action, reverts, entity, reverts ? { before } : { before, means: latest }, context),
      voided: (refusal) => record(action, reverts, entity, { before: stateOf(entity), refusal }, context),
      write: (etag, state) => orders.change({ path, etag, body: updateOf(state) }, orderEntity, context),
      read: () => orders.read(path, orderEntity, context),
      turnedAway: means.turnedAway.of(action, reverts),
    })
  }

  /** What the action is to the order, now that its reversal is written down. */
  async function standingNow(
    action: Action,
    receipt: Receipt,
    { Material, ManufacturingOrder: order }: OrderEntity,
    known: readonly Kept[],
    context: CallContext,
  ): Promise<{ readonly importance: Standing | undefined; readonly dates: Standing | undefined }> {
    const found = await notifications.ofOrder(Material, order, context)
    const numbers = new Set(found.map(({ number }) => number))
    const records = [...found, ...known.filter(({ number }) => !numbers.has(number))].flatMap(
      ({ record: said }) => (said?.kind === action.kind && said.before.order === order ? [said] : []),
    )
    const isMine = (said: ChangeRecord): boolean => said.action === action.id && !said.reverts
    const { before, importance, start, end } = receipt.proof ?? {}
    const was = objectIn(before)
    // Somebody has changed its long text: then the receipt has to do.
    if (!records.some(isMine)) {
      if (was === undefined) throw lost(name)
      const moved = was.start !== start && start !== undefined && end !== undefined
      const wanted = { importance: importance ?? importanceOf(action), ...(moved && { start, end }) }
      records.push({
        ...{ action: action.id, kind: action.kind, reverts: false, at: '' },
        ...{ before: was, means: wanted },
      })
    }
    return {
      importance: standingOf(records, action.id, importanceIn),
      dates: standingOf(records, action.id, datesIn),
    }
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
      const { order: number } = checkedParams(name, priorityParams, action)
      const first = await oneOrder(means, number, context)
      const changed = await set(
        action,
        known,
        false,
        first,
        (order) => {
          // An earlier try did it, and the order was completed since.
          if (known.length > 0 && isOver(order) && agrees(stateOf(order), { importance }))
            return { importance }
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
      const { order: number } = checkedParams(name, priorityParams, action)
      const first = await oneOrder(means, number, context)
      const { entity } = first
      const isNew = undone.length === 0
      if (isNew) notOver(entity)
      const before = stateOf(entity)
      const kept = undone[0] ?? (await record(action, true, entity, { before }, context))
      const { importance, dates } = await voidedIfRefused(
        name,
        (refusal) => record(action, true, entity, { before, refusal }, context),
        () => standingNow(action, receipt, entity, isNew ? [...known, kept] : known, context),
      )
      let wanted: JsonObject = {}
      const changed = await set(
        action,
        isNew ? [kept] : undone,
        true,
        first,
        (order) => {
          const present = stateOf(order)
          wanted = {}
          if (importance?.last === true) {
            if (!isOurs(importance, importanceIn(present))) throw changedSince(name, order)
            wanted = { importance: importance.without }
          }
          // Those of a released order stay, and those that people have set.
          if (dates?.last === true && !order.OrderIsReleased && isOurs(dates, datesIn(present))) {
            wanted = { ...wanted, ...datesOf(dates.without) }
          }
          if (!agrees(present, wanted)) notOver(order)
          return wanted
        },
        context,
      )
      const proof = proofOf(changed.entity, changed.before, wanted)
      // Another action still wants a priority, or people have decided since.
      const left = importance?.last === true ? {} : { left: true }
      return receiptOf(kept.number, { ...proof, ...left }, !isNew && !changed.wrote)
    },
  }
}

const isOurs = ({ ours, without }: Standing, now: string | undefined): boolean =>
  now !== undefined && (now === without || ours.includes(now))

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
