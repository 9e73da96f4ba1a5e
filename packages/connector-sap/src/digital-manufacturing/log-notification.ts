import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { refused } from '../http/failures.js'
import { type ActionRecord, closeRecords, logRecord, recordOf, recordsOf } from './action-record.js'
import type { Dm } from './calls/dm.js'
import { stocksOf, unitsWithLot } from './calls/inventory.js'
import { type Deed, receiptOf, revertMarkOf } from './deed.js'
import { inParallel } from './in-parallel.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { unitOf } from './units.js'

/** A unit that is meant, and what this action has logged for it. */
interface Case {
  readonly sfc: string
  readonly mine: ActionRecord | undefined
}

/**
 * A quality notification is a nonconformance of each unit that customers have complained of, or of the units that the
 * lot went into. It carries the action's id, so that it is logged once; closing it takes it back. DM has no
 * nonconformance without a unit: where no unit is known, it is refused, and belongs to the S/4HANA target.
 */
export function logNotification(dm: Dm, options: CheckedDmOptions): Deed {
  const { nonconformance, unitsBy } = options

  async function unitsMeant(action: Action, context: CallContext): Promise<readonly string[]> {
    const { batch } = paramsOf(dm.name, dmParams.notification, action)
    const serials = [...new Set(action.quotes.flatMap(({ serialNumber }) => serialNumber ?? []))]
    const units = await inParallel(serials, (serial) => unitOf(dm, unitsBy, serial, context))
    const named = units.flatMap((unit) => unit?.sfc ?? [])
    if (named.length > 0) return named.slice(0, nonconformance.mostUnits)
    const ofLot = batch === undefined ? [] : await unitsOfLot(dm, batch, context)
    if (ofLot.length > 0) return ofLot.slice(0, nonconformance.mostUnits)
    throw refused(
      dm.name,
      {
        en: `plant ${dm.plant} knows none of the units that are meant, and a nonconformance needs one`,
        zh: `工厂 ${dm.plant} 不认识所涉及的在制品，而不合格记录必须对应在制品`,
      },
      new Error('no unit'),
    )
  }

  async function casesOf(action: Action, context: CallContext): Promise<readonly Case[]> {
    const sfcs = await unitsMeant(action, context)
    return inParallel(sfcs, async (sfc) => ({
      sfc,
      mine: recordOf(await recordsOf(dm, nonconformance, sfc, context), action),
    }))
  }

  const receipt = (cases: readonly Case[], logged: ReadonlyMap<string, string>, again: boolean): Receipt => {
    const ids = cases.map(({ sfc, mine }) => logged.get(sfc) ?? mine?.id ?? '').filter((id) => id !== '')
    const proof = {
      ...{ units: cases.map(({ sfc }) => sfc), nonconformances: ids },
      confirmed: ids.length === cases.length,
    }
    return receiptOf(ids[0] ?? '', proof, again)
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const cases = await casesOf(action, context)
    const { title, text } = paramsOf(dm.name, dmParams.notification, action)
    const sfcs = cases.filter(({ mine }) => mine === undefined).map(({ sfc }) => sfc)
    if (sfcs.length === 0) return receipt(cases, new Map(), true)
    const more = [title, ...(text === undefined ? [] : [text])]
    const logged = await logRecord(dm, nonconformance, { action, sfcs, before: 'none', more }, context)
    return receipt(cases, logged, false)
  }

  return {
    execute,
    async lookUp(action, context) {
      const cases = await casesOf(action, context)
      return cases.some(({ mine }) => mine !== undefined) ? receipt(cases, new Map(), true) : undefined
    },
    async revert(action, before, context) {
      const cases = await casesOf(action, context)
      const closed = await closeRecords(
        dm,
        cases.map(({ mine }) => mine),
        revertMarkOf(action),
        context,
      )
      return receiptOf(before.reference, { closed }, closed.length === 0)
    },
  }
}

/** The units that a lot of components went into. */
export async function unitsOfLot(
  dm: Dm,
  batchNumber: string,
  context: CallContext,
): Promise<readonly string[]> {
  const stocks = await stocksOf(dm, { batchNumber }, context)
  const lots = new Map(
    stocks.flatMap(({ material, materialVersion }) =>
      typeof materialVersion === 'string'
        ? [[`${material}/${materialVersion}`, { material, materialVersion, batchNumber }] as const]
        : [],
    ),
  )
  const units = await inParallel([...lots.values()], (lot) => unitsWithLot(dm, lot, context))
  return [...new Set(units.flat())].sort()
}
