import type { Action, ActionStatus, Signature } from '../action/action.js'
import { because, moved } from '../action/life.js'
import type { Clock } from '../connector/clock.js'
import type { Store } from '../connector/store.js'
import type { Target } from '../connector/target.js'
import { AndonError } from '../errors/index.js'

/** What people do with actions. */
export interface ActionDesk {
  get: Store['actions']['get']
  /** Most urgent first. */
  list: Store['actions']['list']
  /** Signs an action that waits for approval, or a shadow action, and carries it out. */
  approve(id: string, signature: { readonly name: string; readonly meaning: string }): Promise<Action>
  refuse(id: string, reason: string): Promise<Action>
  /** Undoes a succeeded action through its target. Resolves when it is on its way. */
  revert(id: string, reason: string): Promise<Action>
  /** Tries a dead action again. */
  replay(id: string): Promise<Action>
}

export function actionDesk(
  store: Store,
  clock: Clock,
  targets: Readonly<Record<string, Target>>,
  changed: (action: Action) => void,
): ActionDesk {
  async function move(
    id: string,
    to: ActionStatus,
    change: (action: Action) => Partial<Action>,
  ): Promise<Action> {
    const action = await store.transaction(async (transaction) => {
      const current = await transaction.getAction(id)
      if (current === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'action', id } })
      const next = moved(current, to, clock.now(), change(current))
      await transaction.putActions([next])
      return next
    })
    changed(action)
    return action
  }
  return {
    get: (id) => store.actions.get(id),
    list: (options) => store.actions.list(options),
    approve(id, { name, meaning }) {
      const signature: Signature = { name, meaning, at: new Date(clock.now()).toISOString() }
      return move(id, 'approved', ({ signatures }) => ({
        signatures: [...signatures, signature],
        ...because(`Approved by ${name}: ${meaning}`, `${name} 已批准：${meaning}`),
      }))
    },
    refuse: (id, reason) => move(id, 'refused', () => because(`Refused: ${reason}`, `已拒绝：${reason}`)),
    revert: (id, reason) =>
      move(id, 'reverting', (action) => {
        if (targets[action.target]?.revert === undefined) {
          const details = { target: action.target, problem: 'it cannot undo actions' }
          throw new AndonError('TARGET_REFUSED', { details })
        }
        return because(`Reverting: ${reason}`, `撤销中：${reason}`)
      }),
    replay: (id) =>
      move(id, 'approved', () => ({ attempts: 1, ...because('Tried again by hand.', '人工重试。') })),
  }
}
