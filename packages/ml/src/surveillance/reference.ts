import type { RegressionRow } from '../numeric/poisson-regression.js'
import type { FarringtonSettings } from './farrington-options.js'

/** A count of the past that tells what is normal now. */
export interface ReferencePeriod {
  readonly period: number
  /** 0: the window around the same time of the year; from 1 on the seasons that follow it. */
  readonly season: number
}

/**
 * The periods before `now` that count. Each year back, the window of 2w + 1 periods around the same time; with seasons, also
 * what lies between one window and the next, in parts as equal as can be, the longer ones first.
 */
export function referencePeriods(
  now: number,
  { period, years, window, seasons, recent }: FarringtonSettings,
): ReferencePeriod[] {
  const reference: ReferencePeriod[] = []
  const between = period - 2 * window - 1
  for (let year = years; year >= 1; year--) {
    const middle = now - year * period
    for (let at = middle - window; at <= middle + window; at++) reference.push({ period: at, season: 0 })
    if (seasons > 1)
      for (let offset = 0; offset < between; offset++)
        reference.push({
          period: middle + window + 1 + offset,
          season: seasonOf(offset, between, seasons - 1),
        })
  }
  return reference.filter((at) => at.period >= 0 && at.period < now - recent)
}

/** Which of `parts` an offset lies in, when the first ones take the rest of the division. */
function seasonOf(offset: number, length: number, parts: number): number {
  const short = Math.floor(length / parts)
  const longer = length % parts
  const inLonger = longer * (short + 1)
  return offset < inLonger
    ? Math.floor(offset / (short + 1)) + 1
    : longer + Math.floor((offset - inLonger) / short) + 1
}

/** 1, the time in years from now if there is a trend, and one term for each season but the window that has a period. */
export function rowsOf(
  reference: readonly ReferencePeriod[],
  now: number,
  counts: readonly number[],
  settings: FarringtonSettings,
  trend: boolean,
): RegressionRow[] {
  const seasons = [...new Set(reference.map(({ season }) => season))].filter((season) => season > 0)
  return reference.map(({ period, season }) => ({
    count: counts[period] ?? 0,
    exposure: settings.exposure?.[period] ?? 1,
    terms: [
      1,
      // From now, so that the constant is what is expected now, and in years, so that the numbers are of one size.
      ...(trend ? [(period - now) / settings.period] : []),
      ...seasons.map((other) => (other === season ? 1 : 0)),
    ],
  }))
}
