import type { Action, JsonObject, Receipt } from '@andon/core/connector'
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
  const { path, body: asked = {} } = original.call
  const reason = `reverts ${action.id}: ${action.reason.en}`
  const { id } = action
  switch (kind) {
    case 'material.hold':
      return undo(
        { method: 'POST', path: path.replace(/hold$/, 'release'), body: { ...lot(asked), reason, hold: id } },
        materialProof,
        ['not_held', path.replace(/\/hold$/, '')],
      )
    case 'material.release':
      return undo(
        {
          ...{ method: 'POST', path: path.replace(/release$/, 'hold') },
          body: { ...lot(asked), reason, restores: id },
        },
        materialProof,
      )
    case 'parameter.adjust': {
      const value = receipt.proof?.previousValue
      const { unit } = asked
      if (typeof value !== 'number' || typeof unit !== 'string')
        return { problem: 'receipt: no previousValue' }
      return undo(
        { method: 'PUT', path, body: { value, unit, reason, restores: id } },
        (answer) => ({ ...pick(answer, 'value', 'unit', 'changedAt'), confirmed: answer.value === value }),
        ['nothing_left', path],
      )
    }
    case 'schedule.prioritise': {
      const priority = receipt.proof?.previousPriority
      if (typeof priority !== 'number') return { problem: 'receipt: no previousPriority' }
      return undo(
        { method: 'PUT', path, body: { priority, reason, restores: id } },
        (answer) => ({ ...pick(answer, 'id', 'priority'), confirmed: answer.priority === priority }),
        ['nothing_left', path.replace(/\/priority$/, '')],
      )
    }
    case 'schedule.rework':
      return cancelling(['orders', receipt.reference, 'cancel'], 'order_cancelled', reason)
    case 'inspection.request':
      return cancelling(['inspections', receipt.reference, 'cancel'], 'not_open', reason)
    case 'quality.notification':
      return cancelling(['notifications', receipt.reference, 'withdraw'], 'not_open', reason)
    case 'escalate':
    case 'notify':
      return { problem: `${kind}: what was said cannot be taken back` }
  }
}

/** @param nothingLeft the plant's code for it, and the path of the state that shows it */
function undo(
  call: PlantCall,
  proof: PlantPlan['proof'],
  nothingLeft?: readonly [code: string, path: string],
): PlantPlan {
  if (nothingLeft === undefined) return { call, proof }
  const [code, path] = nothingLeft
  return { call, proof, nothingLeft: { codes: [code], path } }
}

function cancelling(
  [collection, reference, verb]: readonly [string, string, string],
  nothingLeft: string,
  reason: string,
): PlantPlan {
  const call = { method: 'POST', path: pathTo(collection, reference, verb), body: { reason } } as const
  return undo(call, (answer) => pick(answer, 'id', 'status'), [nothingLeft, pathTo(collection, reference)])
}

/** The units that the original request named, if it named units. */
const lot = (asked: JsonObject): JsonObject => pick(asked, 'serials')

const materialProof = (answer: JsonObject): JsonObject =>
  pick(answer, 'batch', 'status', 'heldBy', 'held', 'unitCount')
