import type { WindowClause } from '../../ast.js'
import { intervalMilliseconds } from '../../language/interval.js'
import type { Value } from '../value.js'

/** Without WINDOW a grouped rule looks back this far, and a count window forgets a group after this much silence (ms). */
const longestSilence = 7 * 86_400_000

/** A window judged as it stands now, on every entry and on every expiry. */
export interface LiveWindowSpec {
  readonly mode: 'live'
  readonly kind: 'sliding' | 'tumbling' | 'session' | 'count'
  /** Milliseconds; for a count window the silence after which it is forgotten. */
  readonly size: number
  /** Entries of a count window. */
  readonly count?: number
  /** Whether WHERE can cease to hold for an entry that is in. */
  readonly expires: boolean
}

/** A sliding window in event time: a newcomer is judged wherever it changes the past. */
export interface EventSlidingSpec {
  readonly mode: 'event-sliding'
  readonly size: number
  readonly lateness: number
}

/** Tumbling or session windows of which several are open at once: in event time, or waiting for their end. */
export interface PanedSpec {
  readonly mode: 'paned'
  readonly kind: 'tumbling' | 'session'
  readonly size: number
  /** Absent in journal time. */
  readonly lateness?: number
  /** Judged when they close, and only then. */
  readonly final: boolean
}

export type WindowSpec = LiveWindowSpec | EventSlidingSpec | PanedSpec

/** @param expires whether WHERE ceases to hold as time goes on */
export function windowSpec(clause: WindowClause | undefined, expires: boolean): WindowSpec {
  if (clause === undefined) return { mode: 'live', kind: 'sliding', size: longestSilence, expires }
  if (clause.kind === 'count') {
    return { mode: 'live', kind: 'count', size: longestSilence, count: clause.count, expires }
  }
  const { kind, final = false } = clause
  const size = intervalMilliseconds(clause.size)
  const lateness = clause.lateness && intervalMilliseconds(clause.lateness)
  if (kind === 'sliding') {
    return lateness === undefined
      ? { mode: 'live', kind, size, expires }
      : { mode: 'event-sliding', size, lateness }
  }
  if (lateness === undefined && !final) return { mode: 'live', kind, size, expires }
  return { mode: 'paned', kind, size, final, ...(lateness === undefined ? {} : { lateness }) }
}

/** The length that RATE is over (ms): that of a sliding or tumbling window. */
export function fixedLength(clause: WindowClause | undefined): number | undefined {
  if (clause === undefined) return longestSilence
  return clause.kind === 'sliding' || clause.kind === 'tumbling'
    ? intervalMilliseconds(clause.size)
    : undefined
}

/** One position of a window that a newcomer is in: the aggregates with it, and those of what was there without it. */
export interface Position {
  readonly after: readonly Value[]
  /** None when it was empty; more than one when the newcomer joins sessions. */
  readonly before: readonly (readonly Value[])[]
  /** Journal offsets of the latest entries, oldest first. */
  evidence(): readonly number[]
  /** Instants of its entries (epoch ms), oldest first. */
  times(): readonly number[]
}

/** What a window adds up to at one look, and what that rests on. */
export interface Sight {
  readonly isEmpty: boolean
  /** One value for each aggregate of the plan. */
  readonly values: readonly Value[]
  /** Journal offsets of the latest entries, oldest first. */
  evidence(): readonly number[]
  /** Instants of its entries (epoch ms), oldest first. */
  times(): readonly number[]
}

/** How many feedbacks are kept by offset as evidence of a finding. */
export const evidenceKept = 10
