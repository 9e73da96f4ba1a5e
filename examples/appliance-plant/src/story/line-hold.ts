import type { Action } from '@andon/core'

/** A hold at the line itself; what S/4HANA restricts is another one. */
export const isLineHold = ({ kind, target }: Pick<Action, 'kind' | 'target'>): boolean =>
  kind === 'material.hold' && target === 'mes'
