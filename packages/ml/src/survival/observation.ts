import { mustBeFinite, mustNotBeNegative } from '../check.js'

/** How long one unit was watched, in any unit of time, and how that ended. */
export interface Observation {
  /** At the event, or when the watching ended. */
  readonly time: number
  /** false: censored, nothing had happened yet. A unit that was scrapped or sent back is censored too. */
  readonly event: boolean
}

export function mustBeObservations(observations: readonly Observation[], argument: string): void {
  for (const [index, { time }] of observations.entries()) mustNotBeNegative(time, `${argument}.${index}.time`)
}

/** What happened at one instant. */
export interface LifeTableRow {
  readonly time: number
  /** Watched until then at least. */
  readonly atRisk: number
  readonly events: number
  readonly censored: number
}

/**
 * The instants at which anything happened, in order. Units censored at the instant of an event were at risk of it: events
 * come first.
 */
export function lifeTable(observations: readonly Observation[]): LifeTableRow[] {
  const byTime = new Map<number, { events: number; censored: number }>()
  for (const { time, event } of observations) {
    const row = byTime.get(time) ?? { events: 0, censored: 0 }
    if (event) row.events++
    else row.censored++
    byTime.set(time, row)
  }
  let atRisk = observations.length
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([time, { events, censored }]) => {
      const row = { time, atRisk, events, censored }
      atRisk -= events + censored
      return row
    })
}

/** The row that holds at `time`: the last that is not later. */
export function rowAt<Row extends { readonly time: number }>(
  rows: readonly Row[],
  time: number,
): Row | undefined {
  mustBeFinite(time, 'time')
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row !== undefined && row.time <= time) low = middle + 1
    else high = middle
  }
  return rows[low - 1]
}
