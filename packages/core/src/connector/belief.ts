import type { JsonObject } from '../json.js'
import type { Subject } from './subject.js'

/** How we believe a subject of a target to stand, from what our actions did to it. */
export interface Belief {
  readonly target: string
  readonly tenant: string
  readonly subject: Subject
  /** In the words of `Observation.fields`. */
  readonly fields: JsonObject
  /** The action that made it so. */
  readonly actionId: string
  /** When we last changed it (epoch ms): the dwell of a parameter counts from here. */
  readonly changedAt: number
}
