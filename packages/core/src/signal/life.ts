import type { Quote } from '../action/action.js'
import { AndonError } from '../errors/index.js'
import { stableId } from '../ids.js'
import { ruleVersion } from '../rule/rule-version.js'
import type { Firing, Matches } from '../rule/runtime/finding.js'
import type { Localized } from '../text.js'
import { hourStillNeeded, hoursKept } from './complaints.js'
import type { Signal, SignalStatus } from './signal.js'

/** What a signal may become from where it stands. */
const next: Readonly<Record<SignalStatus, readonly SignalStatus[]>> = {
  open: ['acknowledged', 'contained', 'verifying', 'closed', 'dismissed'],
  acknowledged: ['contained', 'verifying', 'closed', 'dismissed'],
  contained: ['verifying', 'closed', 'dismissed', 'open'],
  verifying: ['closed', 'open', 'dismissed'],
  closed: ['open'],
  dismissed: ['open'],
}

const quotesKept = 10

/** @throws AndonError TRANSITION_REFUSED when its life does not lead there. */
export function signalMoved(
  signal: Signal,
  to: SignalStatus,
  at: number,
  change: Partial<Signal> = {},
): Signal {
  if (!next[signal.status].includes(to)) {
    throw new AndonError('TRANSITION_REFUSED', { details: { kind: 'signal', from: signal.status, to } })
  }
  return { ...signal, ...change, status: to, updatedAt: at }
}

/** The signal that a first firing opens. */
export function opened(firing: Firing, quotes: readonly Quote[]): Signal {
  const { tenant, fingerprint, at, facts, program } = firing
  return {
    id: stableId('s', fingerprint),
    tenant,
    rule: program.rule.name,
    ruleVersion: ruleVersion(program.rule),
    fingerprint,
    title: titleOf(firing),
    status: 'open',
    severity: firing.trigger?.severityScore ?? 0,
    facts,
    firings: 1,
    occurrences: 0,
    regressions: 0,
    quotes: quotes.slice(-quotesKept),
    hours: {},
    openedAt: at,
    lastSeenAt: at,
    updatedAt: at,
  }
}

/** The same problem again: a closed signal regresses, an open one gathers evidence. A dismissed one stays dismissed. */
export function firedAgain(signal: Signal, firing: Firing, quotes: readonly Quote[]): Signal {
  const back = signal.status === 'closed'
  const known = new Set(signal.quotes.map(({ feedbackId }) => feedbackId))
  return {
    ...signal,
    status: back ? 'open' : signal.status,
    regressions: signal.regressions + (back ? 1 : 0),
    ruleVersion: ruleVersion(firing.program.rule),
    facts: firing.facts,
    firings: signal.firings + 1,
    severity: Math.max(signal.severity, firing.trigger?.severityScore ?? 0),
    quotes: [...signal.quotes, ...quotes.filter(({ feedbackId }) => !known.has(feedbackId))].slice(
      -quotesKept,
    ),
    lastSeenAt: Math.max(signal.lastSeenAt, firing.at),
    updatedAt: firing.at,
  }
}

/** Counts matching feedback in. */
export function matched(signal: Signal, matches: Matches): Signal {
  const hours: Record<string, number> = { ...signal.hours }
  for (const [hour, count] of Object.entries(matches.hours)) hours[hour] = (hours[hour] ?? 0) + count
  return {
    ...signal,
    occurrences: signal.occurrences + matches.count,
    severity: Math.max(signal.severity, matches.severity),
    hours: latestHours(hours, hourStillNeeded(signal.verification?.trials ?? [])),
    lastSeenAt: Math.max(signal.lastSeenAt, matches.lastAt),
    updatedAt: Math.max(signal.updatedAt, matches.lastAt),
  }
}

/** @param needed this hour and those after it are kept in any case */
function latestHours(hours: Readonly<Record<string, number>>, needed: number): Signal['hours'] {
  const known = Object.keys(hours)
  if (known.length <= hoursKept) return hours
  const kept = known
    .map(Number)
    .sort((a, b) => b - a)
    .filter((hour, index) => index < hoursKept || hour >= needed)
  return Object.fromEntries(kept.map((hour) => [hour, hours[hour] ?? 0]))
}

function titleOf({ program, facts }: Firing): Localized {
  const about = Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name} = ${typeof value === 'object' ? JSON.stringify(value) : value}`)
  const name = program.rule.name.replaceAll('_', ' ')
  return {
    en: about.length > 0 ? `${name}: ${about.join(', ')}` : name,
    zh: about.length > 0 ? `${name}：${about.join('，')}` : name,
  }
}
