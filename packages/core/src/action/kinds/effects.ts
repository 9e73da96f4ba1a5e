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
  const known = worked.get(params)
  if (known !== undefined && known.kind === kind) return known.effects
  const checked = kind.params.safeParse(params)
  // What the kind's schema made of JSON is JSON.
  const effects = checked.success ? kind.effects(checked.data as JsonObject) : undefined
  worked.set(params, { kind, effects })
  return effects
}

/** An action's parameters never change, and it is asked several times on its way what they come to. */
const worked = new WeakMap<
  JsonObject,
  { readonly kind: ActionKind; readonly effects: readonly SubjectState[] | undefined }
>()
