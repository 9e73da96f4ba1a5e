import type { ActionKind } from './kind.js'
import { materialKinds } from './material.js'
import { noticeKinds } from './notice.js'
import { parameterKinds } from './parameter.js'
import { scheduleKinds } from './schedule.js'

/** The ten kinds of the action contract. */
export const actionKinds: readonly ActionKind[] = [
  ...noticeKinds,
  ...materialKinds,
  ...parameterKinds,
  ...scheduleKinds,
]

/** Looks kinds up by name; a connector's own kinds come on top. */
export function kindTable(extra: readonly ActionKind[] = []): ReadonlyMap<string, ActionKind> {
  return new Map([...actionKinds, ...extra].map((kind) => [kind.name, kind]))
}
