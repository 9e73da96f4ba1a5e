import type { FeedbackDraft } from './draft.js'
import type { SafetyReading } from './safety.js'
import type { Feedback, SafetyFlags } from './schema.js'
import { severityOf } from './severity.js'

const dangers = ['fire', 'injury', 'electricShock', 'leak', 'breakdown'] as const

/**
 * What the channel flagged together with what the words say. A value of the channel that is no boolean is
 * handed on as it is, for the schema to name it.
 */
export function joinFlags(given: unknown, read: SafetyFlags): unknown {
  if (given === undefined || given === null) return read
  if (typeof given !== 'object') return given
  const joined: Record<string, unknown> = { ...read }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === false) continue
    joined[name] = value
  }
  if (dangers.slice(0, 3).some((name) => joined[name] === true)) joined.reportable = true
  return joined
}

/**
 * The channel's severity, else one from words and rating; never below what the safety words or flags demand.
 * A given severity that is no number from 0 to 10 is handed on as it is, for the schema to name it.
 */
export function severityScoreOf(draft: FeedbackDraft, text: string, reading: SafetyReading): unknown {
  const given: unknown = draft.severityScore
  const flags: unknown = draft.safetyFlags
  const floor = Math.max(reading.floor, isGrave(flags) ? 9.5 : 0)
  if (given !== undefined && given !== null) {
    if (typeof given !== 'number' || !(given >= 0 && given <= 10)) return given
    return Math.max(given, floor)
  }
  return Math.max(severityOf(text, ratingOf(draft.satisfactionScore)), floor)
}

function isGrave(flags: unknown): boolean {
  if (typeof flags !== 'object' || flags === null) return false
  return dangers.slice(0, 3).some((name) => Reflect.get(flags, name) === true)
}

function ratingOf(score: unknown): Feedback['satisfactionScore'] {
  if (typeof score !== 'object' || score === null) return undefined
  const kind: unknown = Reflect.get(score, 'kind')
  const value: unknown = Reflect.get(score, 'value')
  if (typeof value !== 'number') return undefined
  return kind === 'nps' || kind === 'csat' || kind === 'stars' ? { kind, value } : undefined
}
