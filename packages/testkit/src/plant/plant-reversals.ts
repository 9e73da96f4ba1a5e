import type { Action, Receipt } from '@andon/core/connector'
import type { PlantCall } from './plant-client.js'
import type { PlantKind } from './plant-params.js'
import { type PlantPlan, pathTo, pick, planOf } from './plant-plans.js'

/** How the plant undoes what an action did; or why it cannot. */
export function reversalOf(
  kind: PlantKind,
  action: Action,
  receipt: Receipt,
): PlantPlan | { readonly problem: string } {
  const original = planOf(kind, action)
  if ('problem' in original) return original
  const reason = `reverts ${action.id}: ${action.reason.en}`
  const states = original.readBack
  const undo = (
    call: PlantCall,
    proof: PlantPlan['proof'],
    nothingLeft: readonly string[] = [],
  ): PlantPlan => ({
    ...{ call, proof, nothingLeft },
    readBack: () => states(receipt.reference),
  })
  const { path } = original.call
  switch (kind) {
    case 'material.hold':
      return undo(
        { method: 'POST', path: path.replace(/hold$/, 'release'), body: { reason, hold: action.id } },
        (state) => pick(state, 'batch', 'status', 'heldBy'),
        ['not_held'],
      )
    case 'material.release':
      return undo({ method: 'POST', path: path.replace(/release$/, 'hold'), body: { reason } }, (state) =>
        pick(state, 'batch', 'status', 'heldBy'),
      )
    case 'parameter.adjust': {
      const value = receipt.proof?.previousValue
      const unit = original.call.body?.unit
      if (typeof value !== 'number' || typeof unit !== 'string')
        return { problem: 'receipt: no previousValue' }
      return undo({ method: 'PUT', path, body: { value, unit, reason, restores: action.id } }, (state) => ({
        ...pick(state, 'value', 'unit', 'changedAt'),
        confirmed: state.value === value,
      }))
    }
    case 'schedule.prioritise': {
      const priority = receipt.proof?.previousPriority
      if (typeof priority !== 'number') return { problem: 'receipt: no previousPriority' }
      return undo({ method: 'PUT', path, body: { priority, reason } }, (state) => ({
        ...pick(state, 'id', 'priority'),
        confirmed: state.priority === priority,
      }))
    }
    case 'schedule.rework':
      return undo(
        { method: 'POST', path: pathTo('orders', receipt.reference, 'cancel'), body: { reason } },
        (state) => pick(state, 'id', 'status'),
        ['order_cancelled'],
      )
    case 'inspection.request':
      return undo(
        { method: 'POST', path: pathTo('inspections', receipt.reference, 'cancel'), body: { reason } },
        (state) => pick(state, 'id', 'status'),
        ['not_open'],
      )
    case 'quality.notification':
      return undo(
        { method: 'POST', path: pathTo('notifications', receipt.reference, 'withdraw'), body: { reason } },
        (state) => pick(state, 'id', 'status'),
        ['not_open'],
      )
    case 'escalate':
    case 'notify':
      return { problem: `${kind}: what was said cannot be taken back` }
  }
}
