import type { Locale, Signal } from '@andon/core'
import { misdatedJson } from './misdated.js'
import type { ReplayResult } from './replay.js'

const instant = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString()

/** The result of a replay as one JSON object; titles and reasons in one language, everything else without. */
export function jsonReport({ tally, signals, from, to, ...rest }: ReplayResult, locale: Locale): object {
  const seconds = Math.round(rest.seconds * 1000) / 1000
  return {
    rows: tally.rows,
    accepted: tally.accepted,
    duplicates: tally.duplicates,
    quarantined: {
      count: tally.quarantined,
      reasons: tally.reasons.map(({ reason, ...others }) => ({ ...others, reason: reason[locale] })),
    },
    misdated: misdatedJson(tally.misdated),
    feedback: tally.feedback,
    from: instant(from),
    to: instant(to),
    signals: signals.map((signal) => jsonSignal(signal, locale)),
    warnings: rest.warnings.map(({ code, text }) => ({ code, text: text[locale] })),
    interrupted: rest.interrupted,
    seconds,
    rowsPerSecond: Math.round(tally.rows / Math.max(rest.seconds, 0.001)),
  }
}

function jsonSignal(signal: Signal, locale: Locale): object {
  const { id, rule, title, status, openedAt, lastSeenAt, facts, severity, firings, occurrences, quotes } =
    signal
  return {
    id,
    rule,
    title: title[locale],
    status,
    openedAt: instant(openedAt),
    lastSeenAt: instant(lastSeenAt),
    severity,
    firings,
    occurrences,
    facts,
    quotes: quotes.map(({ at, channel, text }) => ({ at, channel, text })),
  }
}
