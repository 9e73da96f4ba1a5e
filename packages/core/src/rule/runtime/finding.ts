import type { FeedbackRecord } from '../../feedback/schema.js'
import type { JsonObject } from '../../json.js'
import type { BoundProgram } from './program.js'

/** What an action template became for one firing. */
export interface ProposedAction {
  readonly kind: string
  readonly target?: string
  readonly priority: number
  readonly params: JsonObject
}

/** A rule found something: it fires. */
export interface Firing {
  readonly program: BoundProgram
  readonly tenant: string
  /** Findings with the same fingerprint are one problem: tenant, rule and group. */
  readonly fingerprint: string
  /** The same on every run over the same journal: it makes the action ids. */
  readonly occasion: string
  /** Journal instant (epoch ms). */
  readonly at: number
  readonly facts: JsonObject
  readonly actions: readonly ProposedAction[]
  /** Journal offsets of the evidence, oldest first. */
  readonly evidence: readonly number[]
  /** The feedback that made it fire; absent when time did. */
  readonly trigger?: FeedbackRecord
}

/** Feedback that belongs to a finding, counted: it is added to the signal whether or not the rule fires again. */
export interface Matches {
  count: number
  severity: number
  lastAt: number
  /** Hour (epoch ms / 3,600,000) → count. */
  readonly hours: Record<string, number>
  /**
   * What came before the first firing of this batch while ONCE PER held the rule back. It belongs to a signal
   * that was there already, and not to one that the firing opens: batches must not make a difference.
   */
  readonly earlier?: Matches
}

export interface Findings {
  readonly firings: readonly Firing[]
  /** By fingerprint. */
  readonly matches: ReadonlyMap<string, Matches>
}

/** Adds counts to those that a fingerprint has already. */
export function addMatches(all: Map<string, Matches>, fingerprint: string, more: Matches): void {
  const known = all.get(fingerprint)
  if (known === undefined) {
    all.set(fingerprint, more)
    return
  }
  if (more.earlier !== undefined) {
    // What was counted until now came before the firing, too.
    all.set(fingerprint, { ...more, earlier: sum(known, more.earlier) })
    return
  }
  add(known, more)
}

const sum = (one: Matches, other: Matches): Matches => {
  const both = { ...one, hours: { ...one.hours } }
  add(both, other)
  return both
}

function add(known: Matches, more: Matches): void {
  known.count += more.count
  known.severity = Math.max(known.severity, more.severity)
  known.lastAt = Math.max(known.lastAt, more.lastAt)
  for (const [hour, count] of Object.entries(more.hours)) known.hours[hour] = (known.hours[hour] ?? 0) + count
}
