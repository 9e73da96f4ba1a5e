import type { Action } from '@andon/core'

/** A hold at the line itself: S/4HANA restricts the batch as well, for whoever else would use it. */
export const isLineHold = ({ kind, target }: Pick<Action, 'kind' | 'target'>): boolean =>
  kind === 'material.hold' && target === 'mes'
