import type { TracedUnit } from '../../connector/genealogy.js'
import type { Localized } from '../../text.js'

/** A report of the signal, and what is known of the unit that it is about. */
export interface TracedFeedback {
  readonly feedbackId: string
  readonly serial?: string
  /** Finished-goods lot. */
  readonly batch?: string
  /** Component → lot. */
  readonly componentBatches?: Readonly<Record<string, string>>
  readonly plant?: string
  readonly line?: string
}

/** A lot that the reports have in common. */
export interface SuspectBatch {
  readonly batch: string
  /** Absent for a lot of finished goods. */
  readonly component?: string
  /** Share of the reports whose lots are known that have it, 0 to 1. */
  readonly share: number
  readonly reports: number
  /** The rule groups by it, or most of the reports share it. */
  readonly because: 'rule' | 'shared'
  /** The targets that know it, and what they say. */
  readonly known: readonly KnownBatch[]
}

export interface KnownBatch {
  readonly target: string
  readonly location?: string
  /** Pieces left. */
  readonly quantity?: number
  readonly held?: boolean
  /** Only its number is known, from units that have it: it cannot be held as a lot. */
  readonly nameOnly: boolean
}

export interface AffectedUnit extends TracedUnit {
  /** The targets that know it. */
  readonly targets: readonly string[]
}

/** What could not be found out, or not be held, and why. */
export interface TraceGap {
  readonly what: 'feedback' | 'serial' | 'batch' | 'target'
  readonly id: string
  readonly reason: Localized
}

/** From the reports of a signal to everything in the plant and beyond that has what they have in common. */
export interface Trace {
  readonly signalId: string
  readonly feedback: readonly TracedFeedback[]
  /** Of the complained-of units. */
  readonly serials: readonly string[]
  /** The most shared first. */
  readonly batches: readonly SuspectBatch[]
  /** The complained-of units, and every other that has a suspect lot. */
  readonly units: readonly AffectedUnit[]
  /** Where they are, in the targets' words; the most first. Without a location: not known. */
  readonly locations: readonly { readonly location?: string; readonly units: number }[]
  readonly unresolved: readonly TraceGap[]
  /** True when there are more units than were asked for. */
  readonly cut: boolean
}
