import type { ActionKind } from '../../action/kinds/kind.js'
import { canonical } from '../../audit/canonical.js'
import type { Belief } from '../../connector/belief.js'
import type { Store } from '../../connector/store.js'
import { type Observation, subjectKey } from '../../connector/subject.js'
import type { JsonObject } from '../../json.js'
import type { Localized } from '../../text.js'
import type { Asked } from '../ask-target.js'
import { type Comparison, compare } from './compare.js'
import { subjectsUnderWay } from './under-way.js'

export interface Rechecked {
  readonly settled: readonly { readonly belief: Belief; readonly comparison: Comparison }[]
  readonly unresolved: readonly { readonly belief: Belief; readonly reason: Localized }[]
}

const rounds = 3

const underWay: Localized = {
  en: 'An action on it is under way: it can be compared when that is settled.',
  zh: '有动作正在对其执行：待其完成后方可核对。',
}
const keepsChanging: Localized = {
  en: 'It changed while it was compared, three times over.',
  zh: '核对期间其状态连续三次发生变化。',
}

/**
 * Looks again at what differs. An observation counts only when the belief was the same before it and after it and
 * no action was changing the thing at either end: whatever began and ended in between has changed the belief. What
 * is believed no longer is left out.
 */
export async function recheck(
  target: string,
  suspects: readonly Belief[],
  { store, kinds }: { readonly store: Store; readonly kinds: ReadonlyMap<string, ActionKind> },
  ask: (beliefs: readonly Belief[]) => Promise<Asked<readonly Observation[]>>,
): Promise<Rechecked> {
  const settled: Rechecked['settled'][number][] = []
  const unresolved: Rechecked['unresolved'][number][] = []
  let left = await beliefsNow(store, suspects)
  for (let round = 0; round < rounds && left.length > 0; round++) {
    const busyBefore = await subjectsUnderWay(store, target, kinds)
    const asked = await ask(left)
    if ('problem' in asked) {
      unresolved.push(...left.map((belief) => ({ belief, reason: asked.problem })))
      return { settled, unresolved }
    }
    // In this order: what was under way and is not any more has left its belief behind.
    const busyAfter = await subjectsUnderWay(store, target, kinds)
    const now = new Map((await beliefsNow(store, left)).map((belief) => [keyOf(belief), belief]))
    const changed: Belief[] = []
    for (const [index, belief] of left.entries()) {
      const after = now.get(keyOf(belief))
      if (after === undefined) continue
      const key = subjectKey(belief.subject)
      if (busyBefore.has(key) || busyAfter.has(key)) unresolved.push({ belief, reason: underWay })
      else if (!isSame(belief, after)) changed.push(after)
      else settled.push({ belief, comparison: compare(belief, asked.answer[index] ?? nothing) })
    }
    left = changed
  }
  unresolved.push(...left.map((belief) => ({ belief, reason: keepsChanging })))
  return { settled, unresolved }
}

const nothing: Observation = { found: false, fields: {} }

const keyOf = ({ tenant, subject }: Belief): string => JSON.stringify([tenant, subjectKey(subject)])

function isSame(left: Belief, right: Belief): boolean {
  const textOf = ({ fields, actionId, changedAt }: Belief): string =>
    canonical({ fields, actionId, changedAt } satisfies JsonObject)
  return textOf(left) === textOf(right)
}

/** As they stand on disk; what is believed no longer is left out. */
function beliefsNow(store: Store, beliefs: readonly Belief[]): Promise<readonly Belief[]> {
  return store.transaction(async (transaction) => {
    const found: Belief[] = []
    for (const { tenant, target, subject } of beliefs) {
      const belief = await transaction.getBelief(tenant, target, subject)
      if (belief !== undefined) found.push(belief)
    }
    return found
  })
}
