import type { SubjectState } from '../../connector/subject.js'
import type { JsonObject } from '../../json.js'
import type { ActionKind } from './kind.js'

/** What an action changes and how that stands once it is done; undefined when nobody can say, because its kind is not known or its parameters are not valid. */
export function effectsOf(
  kind: ActionKind | undefined,
  params: JsonObject,
): readonly SubjectState[] | undefined {
  if (kind === undefined) return undefined
  if (kind.effects === undefined) return []
  const checked = kind.params.safeParse(params)
  // What the kind's schema made of JSON is JSON.
  return checked.success ? kind.effects(checked.data as JsonObject) : undefined
}
