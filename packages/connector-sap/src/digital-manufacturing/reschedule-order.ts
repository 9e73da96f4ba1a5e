import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { refused } from '../http/failures.js'
import type { Dm } from './calls/dm.js'
import { type DmOrder, orderOf, reschedule, setCustomValue } from './calls/order.js'
import { type Deed, markOf, receiptOf } from './deed.js'
import type { CheckedDmOptions, DmScheduleRequest } from './options.js'
import { type OrderMove, readMoves, sameStart, startText, writeMoves } from './order-ledger.js'
import { dmParams, paramsOf } from './params.js'
import { chainOf, implied, toRemember, undisturbed } from './standing.js'

type Options = NonNullable<CheckedDmOptions['schedule']>

/** 1 is now, 9 leaves it where it is. */
function startBetween({ priority, now, scheduledStart }: DmScheduleRequest): Date {
  const away = scheduledStart.getTime() - now.getTime()
  // What should have begun already is not put off.
  return away <= 0 ? scheduledStart : new Date(now.getTime() + (away * (priority - 1)) / 8)
}

/** An order, and what Andon did to it. */
interface Case {
  readonly order: DmOrder
  /** Its scheduled start. */
  readonly start: string
  readonly moves: readonly OrderMove[]
  readonly mine: OrderMove | undefined
}

/**
 * DM takes a priority only when an order is made; what can be done later is to move it in time. `rescheduleOrder`
 * keeps nothing of who asked, so the move is first written into a custom value of the order (mark, priority, start
 * before and after), and then asked for. A second try finds it there: it asks again only while the order still starts
 * where it did before. A 200 that says "failed to schedule" is a refusal, and the custom value is set back.
 *
 * The customers' words have no place in an order of DM: they stay with the action, and the receipt says so.
 */
export function rescheduleOrder(dm: Dm, options: Options): Deed {
  const { customField, customFieldLength, startFor = startBetween } = options

  async function caseOf(action: Action, context: CallContext): Promise<Case> {
    const { order: name } = paramsOf(dm.name, dmParams.prioritise, action)
    const order = await orderOf(dm, name, context)
    const start = order?.scheduledStartDate ?? order?.plannedStartDate
    if (order === undefined || typeof start !== 'string') {
      throw refused(
        dm.name,
        {
          en: `plant ${dm.plant} has no order ${name} with a start`,
          zh: `工厂 ${dm.plant} 没有带开始时间的订单 ${name}`,
        },
        new Error('unknown order'),
      )
    }
    const moves = movesOf(order, customField)
    return { order, start, moves, mine: moves.find(({ mark }) => mark === markOf(action)) }
  }

  async function keep(order: string, moves: readonly OrderMove[], context: CallContext): Promise<void> {
    const value = writeMoves(moves, customFieldLength)
    if (value === undefined) {
      throw refused(
        dm.name,
        {
          en: `the mark of the action does not fit into ${customFieldLength} characters of ${customField}`,
          zh: `动作标记超出 ${customField} 的 ${customFieldLength} 个字符`,
        },
        new RangeError('the custom field is too short'),
      )
    }
    await setCustomValue(dm, order, { attribute: customField, value }, context)
  }

  async function move(order: string, start: string, context: CallContext): Promise<void> {
    const { done, message } = await reschedule(dm, order, new Date(start), context)
    if (done) return
    throw refused(
      dm.name,
      { en: `order ${order} was not moved: ${message}`, zh: `订单 ${order} 未能调整：${message}` },
      new Error(message),
      { sapText: message },
    )
  }

  /** Moves the order; what DM refuses for good leaves no mark. */
  async function moveOrForget({ order, moves }: Case, to: OrderMove, context: CallContext): Promise<void> {
    try {
      await move(order.order, to.means, context)
    } catch (error) {
      const others = moves.filter(({ mark }) => mark !== to.mark)
      if (isAndonError(error, 'TARGET_REFUSED')) await keep(order.order, others, context)
      throw error
    }
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const found = await caseOf(action, context)
    const { order, start, moves, mine } = found
    if (mine !== undefined) {
      // It was written down and not done: nobody has moved the order in between.
      const asBefore =
        !sameStart(start, mine.means) && isLast(moves, mine) && sameStart(start, beforeOf(moves, mine))
      if (asBefore) await moveOrForget(found, mine, context)
      return proved(action, mine, context, !asBefore)
    }
    const { priority } = paramsOf(dm.name, dmParams.prioritise, action)
    const request = { priority, order: order.order, now: new Date(context.clock.now()) }
    const means = startText(startFor({ ...request, scheduledStart: new Date(start) }))
    const remembered = toRemember(moves, startText(new Date(start)), sameStart)
    const made: OrderMove = { mark: markOf(action), priority, means, active: true, ...remembered }
    await keep(order.order, [...moves, made], context)
    await moveOrForget(found, made, context)
    return proved(action, made, context, false)
  }

  async function proved(
    action: Action,
    made: OrderMove,
    context: CallContext,
    again: boolean,
  ): Promise<Receipt> {
    const { order, start } = await caseOf(action, context)
    const proof = {
      ...{ order: order.order, priority: made.priority, previousStart: made.before, askedFor: made.means },
      ...{
        scheduledStart: start,
        confirmed: sameStart(start, made.means),
        words: 'not carried: an order has no text',
      },
    }
    return receiptOf(`${order.order} ${made.means}`, proof, again)
  }

  async function revert(action: Action, before: Receipt, context: ExecuteContext): Promise<Receipt> {
    const found = await caseOf(action, context)
    const { order, start, moves, mine } = found
    if (mine === undefined || !mine.active) {
      return receiptOf(before.reference, { order: order.order, scheduledStart: start }, true)
    }
    const left = moves.map((one) => (one === mine ? { ...one, active: false } : one))
    const goal = implied(left) ?? start
    // Taken back already, only not yet written down: the order is where it has to be.
    const moved = isLast(moves, mine) && !sameStart(start, goal)
    if (moved && !undisturbed(moves, start, sameStart)) throw movedSince(dm.name, order.order, start)
    if (moved) await move(order.order, goal, context)
    await keep(order.order, left, context)
    const after = await caseOf(action, context)
    return receiptOf(before.reference, { order: order.order, scheduledStart: after.start }, !moved)
  }

  return {
    execute,
    revert,
    async lookUp(action, context) {
      const { mine } = await caseOf(action, context)
      return mine === undefined ? undefined : proved(action, mine, context, true)
    },
  }
}

export function movesOf({ customValues }: DmOrder, customField: string): readonly OrderMove[] {
  return readMoves(customValues?.find(({ attribute }) => attribute === customField)?.value ?? '')
}

/** It is the one that the order has to stand by. */
const isLast = (moves: readonly OrderMove[], one: OrderMove): boolean =>
  chainOf(moves).findLast(({ active }) => active) === one

/** Where the order has to stand without it. */
const beforeOf = (moves: readonly OrderMove[], one: OrderMove): string =>
  implied(moves.map((move) => (move === one ? { ...move, active: false } : move))) ?? one.before

const movedSince = (target: string, order: string, start: string) =>
  refused(
    target,
    {
      en: `order ${order} was moved by others since, to ${start}: it stays there`,
      zh: `订单 ${order} 此后已被他人调整至 ${start}：保持不变`,
    },
    new Error('moved since'),
  )
