import type { CallContext, Observation, Subject } from '@andon/core/connector'
import type { Dm } from './calls/dm.js'
import { stocksOf } from './calls/inventory.js'
import { orderOf } from './calls/order.js'
import { heldOf } from './calls/sfc.js'
import { inParallel } from './in-parallel.js'
import { type CheckedDmOptions, keyPattern } from './options.js'
import { standingMove } from './order-ledger.js'
import { movesOf } from './reschedule-order.js'
import { unitOf } from './units.js'
import { findSetPoint } from './write-set-point.js'

const nothing: Observation = { found: false, fields: {} }
const longestOrder = 36

/** DM's priorities go from 1 to 999: of each of Andon's nine, 111 of them. */
const ofNine = (priority: number): number => Math.min(9, Math.max(1, Math.ceil(priority / 111)))

/**
 * How a subject stands in DM. A lot is held when all its stock is. An order's priority is the one that Andon has moved
 * it by while it still starts there, else DM's own (1 to 999) on the scale of 1 to 9.
 */
function observeOne(dm: Dm, options: CheckedDmOptions) {
  const batch = async (id: string, context: CallContext): Promise<Observation> => {
    const stocks = id.length > 412 ? [] : await stocksOf(dm, { batchNumber: id }, context)
    if (stocks.length === 0) return nothing
    const free = stocks.filter(({ status }) => status === 'UNRESTRICTED').length
    return { found: true, fields: { held: free === 0, stocks: stocks.length, free } }
  }
  const unit = async (id: string, context: CallContext): Promise<Observation> => {
    const found = await unitOf(dm, options.unitsBy, id, context)
    if (found === undefined) return nothing
    const held = await heldOf(dm, [found.sfc], context)
    const status = found.detail.status.description ?? found.detail.status.code
    return { found: true, fields: { held: held.has(found.sfc), status } }
  }
  const order = async (id: string, context: CallContext): Promise<Observation> => {
    if (id.length > longestOrder || !keyPattern.test(id)) return nothing
    const found = await orderOf(dm, id, context)
    if (found === undefined) return nothing
    const { scheduledStartDate: start, priority, status, executionStatus } = found
    const moves = options.schedule === undefined ? [] : movesOf(found, options.schedule.customField)
    const move = typeof start === 'string' ? standingMove(moves, start) : undefined
    const standing = move?.priority ?? (typeof priority === 'number' ? ofNine(priority) : undefined)
    return {
      found: true,
      fields: {
        ...(standing !== undefined && { priority: standing }),
        ...(typeof status === 'string' && { status }),
        ...(typeof executionStatus === 'string' && { executionStatus }),
        ...(typeof start === 'string' && { scheduledStart: start }),
      },
    }
  }
  const parameter = async (equipment: string, id: string, context: CallContext): Promise<Observation> => {
    const { parameters = {} } = options
    const found = await findSetPoint(dm, parameters, equipment, id, context)
    const known = parameters[`${equipment}/${id}`]
    if (found === undefined || known === undefined) return nothing
    const { lowerLimitValue: low, upperLimitValue: high } = found.point
    return {
      found: true,
      fields: {
        ...{ value: found.value, unit: known.unit },
        ...(typeof low === 'number' && { low }),
        ...(typeof high === 'number' && { high }),
        ...(known.maxStep !== undefined && { maxStep: known.maxStep }),
      },
    }
  }
  return (subject: Subject, context: CallContext): Promise<Observation> => {
    switch (subject.kind) {
      case 'batch':
        return batch(subject.id, context)
      case 'unit':
        return unit(subject.id, context)
      case 'order':
        return order(subject.id, context)
      case 'parameter':
        return parameter(subject.equipment, subject.id, context)
    }
  }
}

export const observeAll = (
  dm: Dm,
  options: CheckedDmOptions,
  subjects: readonly Subject[],
  context: CallContext,
): Promise<readonly Observation[]> => {
  const observe = observeOne(dm, options)
  return inParallel(subjects, (subject) => observe(subject, context))
}
