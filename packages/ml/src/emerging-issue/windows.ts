import type { Backdrop } from './backdrop.js'
import type { EmergingSettings } from './emerging-options.js'
import type { FaultCases, Total } from './emerging-state.js'
import type { Window } from './expectation.js'
import { casesIn } from './period-counts.js'

export interface CountedWindow extends Window {
  readonly cases: number
}

/** A jump of a month, a rise of a season, a slow rise of a year. */
const windowWeeks = [4, 13, 52] as const

/** Years of history before a window: whole ones, so that seasons cancel. */
const historyYears = 5

/** Periods of a year, of 52 whole weeks. */
export const yearOf = ({ periodDays }: Pick<EmergingSettings, 'periodDays'>): number => 364 / periodDays

/**
 * The windows in which a fault may be rising: with cases enough, and more than `rise` times those of its own past. That rules
 * out most of them before anything else is computed.
 *
 * A model that was there when the stream began has its own past, or no window at all. One that came later is compared with
 * the others first; its windows begin with it.
 */
export function windowsOf(
  fault: FaultCases,
  model: Total,
  backdrop: Backdrop,
  { first, start, period }: { readonly first: number; readonly start: number; readonly period: number },
  settings: EmergingSettings,
): CountedWindow[] {
  const year = yearOf(settings)
  if (period - first < year / 2) return []
  const isNew = model.first - first >= year / 2
  const to = backdrop.latest
  return windowWeeks.flatMap((weeks) => {
    const begins = to + 1 - Math.max(1, Math.round((weeks * 7) / settings.periodDays))
    const from = isNew ? Math.max(model.first, begins) : begins
    const earliest = Math.max(start, model.first, fault.knownSince, from - Math.round(historyYears * year))
    const since = Math.min(from, earliest)
    const hasPast = from - since >= year / 2
    if (from > to || (!isNew && !hasPast)) return []
    const cases = casesIn(fault.cases, from, to)
    if (cases < settings.leastCases) return []
    if (hasPast) {
      const past = casesIn(fault.cases, since, from - 1) + 1
      const ratio = backdrop.exposure(from, to) / backdrop.exposure(since, from - 1)
      if (cases < settings.rise * past * ratio) return []
    }
    return [{ cases, from, to, since }]
  })
}
