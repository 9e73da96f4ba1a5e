import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { refused } from '../http/failures.js'
import {
  type ActionRecord,
  closeRecords,
  closeRefused,
  logRecord,
  recordOf,
  recordsOf,
} from './action-record.js'
import type { Dm } from './calls/dm.js'
import { orderOf } from './calls/order.js'
import { changeProduction, type RoutingId } from './calls/production.js'
import { type SfcDetail, sfcDetail } from './calls/sfc.js'
import { type Deed, receiptOf, revertMarkOf } from './deed.js'
import { inParallel } from './in-parallel.js'
import { unitsOfLot } from './log-notification.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { cautious, type Meaning, toRemember, without } from './standing.js'

interface Case {
  readonly sfc: string
  readonly records: readonly ReworkRecord[]
  readonly mine: ReworkRecord | undefined
}

/** The record of a rework; its states are routings. */
interface ReworkRecord extends Omit<ActionRecord, 'before'>, Meaning<string> {}
const anewMark = ', anew'

/** A routing as one text: it stands in the record, so that a reversal can lead back to it. */
const textOf = ({ routing, routingType, version }: RoutingId): string =>
  [routing, routingType, version].join(' / ')

const routingIn = (text: string): RoutingId | undefined => {
  const [routing, type, version] = text.split(' / ')
  if (routing === undefined || version === undefined) return undefined
  return { routing, routingType: type === 'PRODUCTION' ? 'PRODUCTION' : 'SHOPORDER_SPECIFIC', version }
}

const reworksIn = (records: readonly ActionRecord[], means: string): readonly ReworkRecord[] =>
  cautious<string, ReworkRecord>(
    records
      .filter(({ kind }) => kind === 'schedule.rework')
      .map((record) => ({
        ...{ ...record, means, active: record.open, anew: record.before.endsWith(anewMark) },
        before: record.before.replace(anewMark, ''),
      })),
    means,
  )

/** `sfcdetail` names the type of an order's own routing in several ways. */
const standsOn = ({ routing: { routing, type, version } }: SfcDetail): RoutingId => ({
  ...{ routing, version },
  routingType: type === 'PRODUCTION' ? 'PRODUCTION' : 'SHOPORDER_SPECIFIC',
})

/**
 * Sends units of an order, or units that have a lot, to the rework routing. As with holds, each unit first gets a
 * nonconformance that says which action means it and which routing it was on; a second try changes only those that are
 * not on the rework routing yet. `changeProduction` may change some and refuse others, whatever its status says: then
 * those that were changed are sent back, and the action is refused.
 */
export function reworkUnits(
  dm: Dm,
  options: CheckedDmOptions,
  { routing, version, routingType }: NonNullable<CheckedDmOptions['rework']>,
): Deed {
  const { nonconformance } = options
  const goal: RoutingId = { routing, routingType, version }

  async function casesOf(action: Action, context: CallContext): Promise<readonly Case[]> {
    const { order, batch } = paramsOf(dm.name, dmParams.rework, action)
    const found = order === undefined ? undefined : await orderOf(dm, order, context, true)
    const ofLot = batch === undefined ? undefined : await unitsOfLot(dm, batch, context)
    const ofOrder = found?.sfcs ?? undefined
    // Both named: the units of the order that have the lot.
    const sfcs = ofOrder === undefined ? (ofLot ?? []) : ofOrder.filter((sfc) => ofLot?.includes(sfc) ?? true)
    return inParallel([...sfcs].sort(), async (sfc) => {
      const records = reworksIn(await recordsOf(dm, nonconformance, sfc, context), textOf(goal))
      return { sfc, records, mine: recordOf(records, action) }
    })
  }

  /** What the action has begun with; where it has not, the units that it may take. */
  async function meant(action: Action, context: CallContext): Promise<readonly Case[]> {
    const cases = await casesOf(action, context)
    const begun = cases.filter(({ mine }) => mine !== undefined)
    if (begun.length > 0) return begun
    const { quantity = nonconformance.mostUnits } = paramsOf(dm.name, dmParams.rework, action)
    if (
      cases.length === 0 ||
      (quantity > nonconformance.mostUnits && cases.length > nonconformance.mostUnits)
    ) {
      throw refused(
        dm.name,
        {
          en: `${cases.length} units are meant: there must be one at least, and at most ${nonconformance.mostUnits} (nonconformance.mostUnits)`,
          zh: `涉及 ${cases.length} 个在制品：至少 1 个，至多 ${nonconformance.mostUnits} 个（nonconformance.mostUnits）`,
        },
        new RangeError('units'),
      )
    }
    return cases.slice(0, quantity)
  }

  const details = (cases: readonly Case[], context: CallContext) =>
    inParallel(cases, async ({ sfc }) => {
      const detail = await sfcDetail(dm, sfc, context)
      return detail === undefined ? undefined : { sfc, on: standsOn(detail) }
    })

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const cases = await meant(action, context)
    const now = (await details(cases, context)).filter((one) => one !== undefined)
    const logged = new Map<string, string>()
    const fresh = now.flatMap(({ sfc, on }) => {
      const one = cases.find((found) => found.sfc === sfc)
      if (one === undefined || one.mine !== undefined) return []
      const { before, anew } = toRemember(one.records, textOf(on))
      return [{ sfc, before: anew ? `${before}${anewMark}` : before }]
    })
    for (const before of new Set(fresh.map((one) => one.before))) {
      const sfcs = fresh.filter((one) => one.before === before).map(({ sfc }) => sfc)
      const ids = await logRecord(dm, nonconformance, { action, sfcs, before }, context)
      for (const [sfc, id] of ids) logged.set(sfc, id)
    }
    const closed = new Set(cases.filter(({ mine }) => mine?.open === false).map(({ sfc }) => sfc))
    const todo = now.filter(({ sfc, on }) => !closed.has(sfc) && textOf(on) !== textOf(goal))
    if (todo.length > 0) await send(action, cases, todo, logged, context)
    return receipt(cases, logged, context, fresh.length === 0 && todo.length === 0)
  }

  async function send(
    action: Action,
    cases: readonly Case[],
    todo: readonly { readonly sfc: string; readonly on: RoutingId }[],
    logged: ReadonlyMap<string, string>,
    context: ExecuteContext,
  ): Promise<void> {
    const { error, changed } = await changeProduction(
      dm,
      todo.map(({ sfc }) => sfc),
      goal,
      context,
    )
    if (error === undefined) return
    // What passes by itself: the next try goes on with those that are left.
    if (error.retryable) throw error
    const wrong = todo.filter(({ sfc }) => changed.includes(sfc))
    await sendBack(wrong, context)
    const ids = cases.flatMap(({ sfc, mine }) => logged.get(sfc) ?? mine?.id ?? [])
    await closeRefused(dm, action, ids, error, context)
    throw error
  }

  /** One request for all that were on the same routing. */
  async function sendBack(
    units: readonly { readonly sfc: string; readonly on: RoutingId }[],
    context: CallContext,
  ): Promise<void> {
    for (const text of new Set(units.map(({ on }) => textOf(on)))) {
      const alike = units.filter(({ on }) => textOf(on) === text)
      const [first] = alike
      if (first === undefined) continue
      const { error } = await changeProduction(
        dm,
        alike.map(({ sfc }) => sfc),
        first.on,
        context,
      )
      if (error !== undefined) throw error
    }
  }

  async function receipt(
    cases: readonly Case[],
    logged: ReadonlyMap<string, string>,
    context: CallContext,
    again: boolean,
  ): Promise<Receipt> {
    const after = (await details(cases, context)).filter((one) => one !== undefined)
    const ids = cases.map(({ sfc, mine }) => logged.get(sfc) ?? mine?.id ?? '')
    const proof = {
      ...{ units: cases.map(({ sfc }) => sfc), routing: textOf(goal), nonconformances: ids },
      confirmed: after.length === cases.length && after.every(({ on }) => textOf(on) === textOf(goal)),
    }
    return receiptOf(ids[0] ?? '', proof, again)
  }

  async function revert(action: Action, before: Receipt, context: ExecuteContext): Promise<Receipt> {
    const cases = (await casesOf(action, context)).filter(({ mine }) => mine?.open === true)
    const now = (await details(cases, context)).filter((one) => one !== undefined)
    const undone = cases.flatMap(({ sfc, records, mine }) => {
      const on = now.find((one) => one.sfc === sfc)?.on
      if (mine === undefined || on === undefined) return []
      const to = without<string, ReworkRecord>(records, mine, textOf(on))
      const back = routingIn(to)
      return back === undefined || to === textOf(on) ? [] : [{ sfc, on: back }]
    })
    await sendBack(undone, context)
    await closeRecords(
      dm,
      cases.map(({ mine }) => mine),
      revertMarkOf(action),
      context,
    )
    const proof = { units: cases.map(({ sfc }) => sfc), changed: undone.length }
    return receiptOf(before.reference, proof, undone.length === 0)
  }

  return {
    execute,
    revert,
    async lookUp(action, context) {
      const begun = (await casesOf(action, context)).filter(({ mine }) => mine !== undefined)
      return begun.length === 0 ? undefined : receipt(begun, new Map(), context, true)
    },
  }
}
