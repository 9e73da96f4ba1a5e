import type { Action } from '@andon/core/connector'

/** What the rule itself says in its parameters, word for word. */
export const paramsReason = ({ params }: Action): readonly string[] =>
  typeof params.reason === 'string' ? [params.reason] : []
