import type { Action } from '@andon/core/connector'

/** What the rule itself says in its parameters, word for word; of a reversal, what it takes back and why. */
export function saidBy({ id, params, reversal }: Action, reverts: boolean): readonly string[] {
  const reason = typeof params.reason === 'string' ? [params.reason] : []
  if (!reverts) return reason
  const why = reversal === undefined ? [] : [reversal.reason]
  return [`Takes back action / 撤销动作 ${id}`, ...why, ...reason]
}
