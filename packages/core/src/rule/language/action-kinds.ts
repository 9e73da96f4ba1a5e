import type { ActionKind } from '../../action/kinds/kind.js'
import { actionKinds } from '../../action/kinds/kinds.js'

/** What a rule may ask for: an action kind and, where it is known, its parameters. */
export interface ActionKindSpec {
  readonly kind: string
  /** Every parameter there is, in snake_case; absent when anything goes. */
  readonly params?: readonly string[]
  /** Those of them that must be given. */
  readonly required?: readonly string[]
  /** One of these must be given. */
  readonly oneOf?: readonly string[]
}

/** What the checker needs to know of a kind of action. */
function actionKindSpec({ name, params, oneOf }: ActionKind): ActionKindSpec {
  const shape = Object.entries(params.shape)
  return {
    kind: name,
    params: shape.map(([param]) => param),
    required: shape.filter(([, schema]) => !schema.safeParse(undefined).success).map(([param]) => param),
    ...(oneOf === undefined ? {} : { oneOf }),
  }
}

/** The built-in kinds of DESIGN section 6. */
export const standardActionKinds: readonly ActionKindSpec[] = actionKinds.map(actionKindSpec)
