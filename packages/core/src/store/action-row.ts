import type { Action } from '../action/action.js'

/**
 * What of an action never changes once it was proposed. It is written once, apart from what each step changes: it has
 * the customers' words in it and is several times as large.
 */
export type Proposal = Pick<
  Action,
  'id' | 'tenant' | 'kind' | 'target' | 'params' | 'reason' | 'signalId' | 'rule' | 'quotes' | 'createdAt'
>
type State = Omit<Action, keyof Proposal>

export function proposalOf({
  id,
  tenant,
  kind,
  target,
  params,
  reason,
  signalId,
  rule,
  quotes,
  createdAt,
}: Action): string {
  const proposal: Proposal = { id, tenant, kind, target, params, reason, signalId, rule, quotes, createdAt }
  return JSON.stringify(proposal)
}

export function stateOf(action: Action): string {
  const { id, tenant, kind, target, params, reason, signalId, rule, quotes, createdAt, ...state } = action
  return JSON.stringify(state satisfies State)
}

/** The columns hold what the two functions above wrote. */
export function actionOf(row: Record<string, unknown> | undefined): Action | undefined {
  if (row === undefined) return undefined
  return { ...(JSON.parse(String(row.proposal)) as Proposal), ...(JSON.parse(String(row.state)) as State) }
}
