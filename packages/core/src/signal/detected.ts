import type { Finding } from '../connector/detector.js'
import { stableId } from '../ids.js'
import type { Signal } from './signal.js'

/** The signal of a detector's finding: a new one, or the known one with the latest numbers. */
export function signalOfFinding(
  known: Signal | undefined,
  fingerprint: string,
  detector: string,
  tenant: string,
  at: number,
  { title, severity, numbers, feedbackIds }: Finding,
): Signal {
  const occurrences = Math.max(known?.occurrences ?? 0, feedbackIds.length)
  if (known !== undefined) {
    const back = known.status === 'closed'
    return {
      ...known,
      status: back ? 'open' : known.status,
      regressions: known.regressions + (back ? 1 : 0),
      title,
      severity: Math.max(known.severity, severity),
      facts: numbers,
      firings: known.firings + 1,
      occurrences,
      lastSeenAt: at,
      updatedAt: at,
    }
  }
  return {
    id: stableId('s', fingerprint),
    tenant,
    rule: detector,
    fingerprint,
    title,
    status: 'open',
    severity,
    facts: numbers,
    firings: 1,
    occurrences,
    regressions: 0,
    quotes: [],
    hours: {},
    openedAt: at,
    lastSeenAt: at,
    updatedAt: at,
  }
}
