import type { Action } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { Observation, SubjectState } from '../../connector/subject.js'
import { subjectKey } from '../../connector/subject.js'
import type { CallContext, Target } from '../../connector/target.js'
import { isSame } from '../same-value.js'
import type { ReadBack } from './step.js'

/** How the things that an action changes must stand afterwards; those of which nothing is compared are left out. */
export function expectedStates(action: Action, kind: ActionKind | undefined): readonly SubjectState[] {
  if (action.status === 'reverting') return (action.before ?? []).map(valueAlone)
  return (effectsOf(kind, action.params) ?? []).filter(({ fields }) => Object.keys(fields).length > 0)
}

/** Asks the target how what was changed stands now, and compares it with what it should be. */
export async function readBack(
  expected: readonly SubjectState[],
  target: Target,
  context: CallContext,
): Promise<ReadBack | undefined> {
  if (expected.length === 0 || target.observe === undefined) return undefined
  const observed = await target.observe(
    expected.map(({ subject }) => subject),
    context,
  )
  const states = expected.map(({ subject }, index) => ({ subject, fields: observed[index]?.fields ?? {} }))
  const wrong = expected.flatMap((state, index) => differences(state, observed[index]))
  if (wrong.length === 0) return { states }
  return {
    states,
    mismatch: { en: wrong.map(({ en }) => en).join('; '), zh: wrong.map(({ zh }) => zh).join('；') },
  }
}

function differences(
  { subject, fields }: SubjectState,
  observation: Observation | undefined,
): readonly { readonly en: string; readonly zh: string }[] {
  const key = decodeURIComponent(subjectKey(subject))
  if (observation?.found !== true) {
    return [{ en: `${key} is not there`, zh: `找不到 ${key}` }]
  }
  return Object.entries(fields).flatMap(([name, wanted]) => {
    const found = observation.fields[name]
    if (isSame(wanted, found)) return []
    const [asked, stands] = [JSON.stringify(wanted), JSON.stringify(found ?? null)]
    return [
      {
        en: `${key} ${name} is ${stands}, not ${asked}`,
        zh: `${key} 的 ${name} 为 ${stands}，而非 ${asked}`,
      },
    ]
  })
}

/** What the machine says of its limits and its clock is no part of what was written. */
function valueAlone({ subject, fields }: SubjectState): SubjectState {
  const { value } = fields
  return { subject, fields: value === undefined ? {} : { value } }
}
