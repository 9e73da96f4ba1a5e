import type { Action, Receipt, Subject } from '@andon/core/connector'
import { given } from './given.js'
import { type MesKind, paramsOf } from './params.js'
import { type Plan, planned } from './plan.js'
import { lotProof, parameterProof, type Unplannable, unitsProof } from './plans.js'

/** What says that a hold, or anything else that was to be taken back, is not there any more. */
const gone = ['nothing_left', 'not_held']

const noReceipt = (name: string): Unplannable => ({
  problem: { en: `the receipt has no ${name}`, zh: `回执中没有 ${name}` },
})

/** How an MES undoes what an action did; or why it cannot. */
export function reversalOf(kind: MesKind, action: Action, receipt: Receipt): Plan | Unplannable {
  const { id, params } = action
  const reason = `reverts ${id}: ${action.reason.en}\n撤销 ${id}：${action.reason.zh}`
  const { reference, proof = {} } = receipt
  switch (kind) {
    case 'material.hold':
    case 'material.release':
      return materialReversal(kind, action, reason)
    case 'parameter.adjust': {
      const asked = paramsOf[kind].safeParse(params)
      const { previousValue: value } = proof
      if (!asked.success || typeof value !== 'number') return noReceipt('previousValue')
      const { equipment, parameter, unit } = asked.data
      const subject: Subject = { kind: 'parameter', equipment, id: parameter }
      const change = { equipment, parameter, value, unit, reason, restores: id }
      return planned(
        'adjustParameter',
        change,
        (told) => ({ equipment, parameter, ...parameterProof(told) }),
        { readBack: { subject, value }, nothingLeft: { codes: gone, subject } },
      )
    }
    case 'schedule.prioritise': {
      const asked = paramsOf[kind].safeParse(params)
      const { previousPriority: priority } = proof
      if (!asked.success || typeof priority !== 'number') return noReceipt('previousPriority')
      const { order } = asked.data
      return planned(
        'prioritiseOrder',
        { order, priority, reason, restores: id },
        (told) => ({
          id: told.order.id,
          priority: told.order.priority,
          confirmed: told.order.priority === priority,
        }),
        { nothingLeft: { codes: gone, subject: { kind: 'order', id: order } } },
      )
    }
    case 'schedule.rework':
      return planned(
        'cancelRework',
        { order: reference, reason },
        ({ order }) => ({ id: order.id, ...given({ status: order.status }) }),
        { nothingLeft: { codes: gone, subject: { kind: 'order', id: reference } } },
      )
    case 'inspection.request':
      return planned(
        'cancelInspection',
        { inspection: reference, reason },
        ({ inspection }) => ({ id: inspection.id, status: inspection.status }),
        { nothingLeft: { codes: gone } },
      )
    case 'quality.notification':
      return planned(
        'withdrawNotification',
        { notification: reference, reason },
        ({ notification }) => ({ id: notification.id, status: notification.status }),
        { nothingLeft: { codes: gone } },
      )
    case 'escalate':
    case 'notify':
      return {
        problem: { en: `${kind}: what was said cannot be taken back`, zh: `${kind}：已发出的消息无法撤回` },
      }
  }
}

/** The hold of this action is taken away, and nobody else's; what it released is held again. */
function materialReversal(
  kind: 'material.hold' | 'material.release',
  { id, params }: Action,
  reason: string,
): Plan | Unplannable {
  const asked = paramsOf[kind].safeParse(params)
  if (!asked.success)
    return { problem: { en: 'params: not those of a hold', zh: 'params：不是冻结动作的参数' } }
  const { batch: lot, component, serials = [] } = asked.data
  if (kind === 'material.release') {
    return lot === undefined
      ? planned('holdUnits', { serials, reason, restores: id }, unitsProof(true))
      : planned('holdLot', { lot, ...given({ component }), reason, restores: id }, lotProof(true))
  }
  // It may stay held for another reason, so nothing is said about being free.
  if (lot === undefined) {
    return planned(
      'releaseUnits',
      { serials, reason, heldBy: id },
      ({ units }) => ({ units: units.length, held: units.filter(({ held }) => held).length }),
      { nothingLeft: { codes: gone } },
    )
  }
  return planned(
    'releaseLot',
    { lot, ...given({ component }), reason, heldBy: id },
    (told) => ({ batch: told.lot.lot, held: told.lot.held }),
    { nothingLeft: { codes: gone, subject: { kind: 'batch', id: lot } } },
  )
}
