/** Cases by the period in which they happened: only periods that have some, oldest first. */
export type PeriodCounts = { readonly periods: number[]; readonly counts: number[] }

export const noCounts = (): PeriodCounts => ({ periods: [], counts: [] })

/** Adds a case; most belong to one of the latest periods. */
export function countCase({ periods, counts }: PeriodCounts, period: number): void {
  let place = periods.length
  while (place > 0 && (periods[place - 1] ?? 0) > period) place--
  if (place > 0 && periods[place - 1] === period) counts[place - 1] = (counts[place - 1] ?? 0) + 1
  else if (place === periods.length) {
    periods.push(period)
    counts.push(1)
  } else {
    periods.splice(place, 0, period)
    counts.splice(place, 0, 1)
  }
}

/**
 * Cases from each of several periods on, up to another, both counted, in one pass.
 *
 * @param starts the latest first
 */
export function casesSince(
  { periods, counts }: PeriodCounts,
  starts: readonly number[],
  to: number,
): readonly number[] {
  let place = periods.length - 1
  while (place >= 0 && (periods[place] ?? 0) > to) place--
  let sum = 0
  const sums: number[] = []
  for (const start of starts) {
    for (; place >= 0 && (periods[place] ?? 0) >= start; place--) sum += counts[place] ?? 0
    sums.push(sum)
  }
  return sums
}

/** Forgets what is older. */
export function forgetBefore({ periods, counts }: PeriodCounts, period: number): void {
  let old = 0
  while (old < periods.length && (periods[old] ?? 0) < period) old++
  if (old === 0) return
  periods.splice(0, old)
  counts.splice(0, old)
}
