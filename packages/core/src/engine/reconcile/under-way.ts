import type { Action, ActionStatus } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { Store } from '../../connector/store.js'
import { subjectKey } from '../../connector/subject.js'

/** From its first try until it is settled, what an action changes may stand either way. */
const inBetween = ['executing', 'retrying', 'reverting'] as const satisfies ActionStatus[]
const most = 100_000

/** Keys of the subjects of a target that actions are changing just now, whatever their tenant. */
export async function subjectsUnderWay(
  store: Store,
  target: string,
  kinds: ReadonlyMap<string, ActionKind>,
): Promise<ReadonlySet<string>> {
  if ((await store.actions.open())[target] === undefined) return new Set()
  const actions = await store.actions.list({ status: inBetween, limit: most })
  return new Set(
    actions.filter((action) => action.target === target).flatMap((action) => touched(action, kinds)),
  )
}

function touched({ kind, params }: Action, kinds: ReadonlyMap<string, ActionKind>): readonly string[] {
  return (effectsOf(kinds.get(kind), params) ?? []).map(({ subject }) => subjectKey(subject))
}
