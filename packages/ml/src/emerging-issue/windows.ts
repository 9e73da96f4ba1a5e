import type { Backdrop } from './backdrop.js'
import type { EmergingSettings } from './emerging-options.js'
import type { FaultCases, Total } from './emerging-state.js'
import type { Window } from './expectation.js'
import { casesSince } from './period-counts.js'

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
  // Those that are wider begin earlier, and so do their histories: each is counted on from the one before.
  const begins = windowWeeks.map(
    (weeks) => to + 1 - Math.max(1, Math.round((weeks * 7) / settings.periodDays)),
  )
  const froms = isNew ? begins.map((begin) => Math.max(model.first, begin)) : begins
  const cases = casesSince(fault.cases, froms, to)
  if ((cases.at(-1) ?? 0) < settings.leastCases) return []
  const known = Math.max(start, model.first, fault.knownSince)
  const sinces = froms.map((from) => Math.min(from, Math.max(known, from - Math.round(historyYears * year))))
  const all = casesSince(fault.cases, sinces, to)
  return froms.flatMap((from, window) => {
    const [since, inWindow] = [sinces[window] ?? from, cases[window] ?? 0]
    const hasPast = from - since >= year / 2
    if (from > to || (!isNew && !hasPast) || inWindow < settings.leastCases) return []
    if (hasPast) {
      const past = (all[window] ?? 0) - inWindow + 1
      const ratio = backdrop.exposure(from, to) / backdrop.exposure(since, from - 1)
      if (inWindow < settings.rise * past * ratio) return []
    }
    return [{ cases: inWindow, from, to, since }]
  })
}
