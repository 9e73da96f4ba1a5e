import type { Action } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { Belief } from '../../connector/belief.js'
import type { StoreTransaction } from '../../connector/store.js'

/** Takes down how the things that an action changed are believed to stand now, after it or after its reversal. */
export async function believe(
  transaction: StoreTransaction,
  action: Action,
  kind: ActionKind | undefined,
  changedAt: number,
): Promise<void> {
  const states = (effectsOf(kind, action.params) ?? []).filter(({ fields }) => Object.keys(fields).length > 0)
  if (states.length === 0) return
  const { tenant, target, id: actionId } = action
  if (action.status !== 'reverted') {
    await transaction.putBeliefs(
      states.map(({ subject, fields }): Belief => ({ target, tenant, subject, fields, actionId, changedAt })),
    )
    return
  }
  const { before } = action
  if (before === undefined) {
    await transaction.removeBeliefs(
      tenant,
      target,
      states.map(({ subject }) => subject),
    )
    return
  }
  await transaction.putBeliefs(
    before.map(({ subject, fields }): Belief => {
      const { value = null, unit = null } = fields
      return { target, tenant, subject, fields: { value, unit }, actionId, changedAt }
    }),
  )
}
