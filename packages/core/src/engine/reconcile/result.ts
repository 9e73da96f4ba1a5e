import type { Subject } from '../../connector/subject.js'
import type { JsonValue } from '../../json.js'
import type { Localized } from '../../text.js'

export interface ReconcileOptions {
  /** Names of targets; default: all of them. */
  readonly targets?: readonly string[]
  /** Only what is believed for this tenant; default: all of them. */
  readonly tenant?: string
  /** Proposes a repair for the first hundred things that differ; a person has to approve each. Default: false. */
  readonly propose?: boolean
  /** Differences, and things that could not be compared, that are told in full; more are counted. Default 1,000. */
  readonly mostDifferences?: number
  /** Called now and then on the way. */
  readonly onProgress?: (done: { readonly compared: number }) => void
}

/** One field that stands otherwise in the plant than we believe. */
export interface Difference {
  readonly target: string
  readonly tenant: string
  readonly subject: Subject
  readonly field: string
  readonly believed: JsonValue
  /** Absent when the target knows no such thing. */
  readonly found: JsonValue | undefined
  /** The action from which the belief stems. */
  readonly actionId: string
}

/** What could not be compared, and why. Without a subject: nothing of the target could be. */
export interface Unresolved {
  readonly target: string
  readonly subject?: Subject
  readonly reason: Localized
}

/** How far what we believe of the plant agrees with what the plant says. */
export interface Reconciliation {
  /** Epoch ms. */
  readonly at: number
  /** Pairs of a believed and an observed field. What could not be compared is not among them. */
  readonly compared: number
  readonly matching: number
  /** Consistency: matching ÷ compared, 0 to 1; 1 when nothing was compared. */
  readonly share: number
  readonly differences: readonly Difference[]
  /** Differences beyond those told in full. */
  readonly moreDifferences: number
  readonly unresolved: readonly Unresolved[]
  readonly moreUnresolved: number
  /** Ids of the repairs that wait for approval, one for each thing that differs. */
  readonly proposals: readonly string[]
  /** Things that differ for which no repair was proposed though one was asked for. */
  readonly withoutProposal: number
}
