import { type ActionKind, actionKinds } from '../../action/kinds.js'

/** What a rule may ask for: an action kind and, where it is known, its parameters. */
export interface ActionKindSpec {
  readonly kind: string
  /** Every parameter there is, in snake_case; absent when anything goes. */
  readonly params?: readonly string[]
  /** Those of them that must be given. */
  readonly required?: readonly string[]
}

/** What the checker needs to know of a kind of action. */
function actionKindSpec({ name, params }: ActionKind): ActionKindSpec {
  const shape = Object.entries(params.shape)
  return {
    kind: name,
    params: shape.map(([param]) => param),
    required: shape.filter(([, schema]) => !schema.safeParse(undefined).success).map(([param]) => param),
  }
}

/** The built-in kinds of DESIGN section 6. */
export const standardActionKinds: readonly ActionKindSpec[] = actionKinds.map(actionKindSpec)
