import type { Reading, Series } from '../connector/judge.js'
import type { Signal } from './signal.js'
import type { Trial } from './trial.js'

const hourMs = 3_600_000
const hourOf = (instant: number): number => Math.floor(instant / hourMs)

/** Hours that a signal keeps at least. */
export const hoursKept = 336

/**
 * Complaints per hour before the action and after it, from the signal's hours. Only whole hours are counted, so that
 * nothing is shared out between before and after: the hour in which the action was done belongs to before, and counting
 * begins with the first hour after the settling time. One complaint is left out of before, because without it nobody
 * would have looked.
 */
export function complaintSeries(
  signal: Pick<Signal, 'hours' | 'openedAt'>,
  { doneAt, since, dueAt, test }: Pick<Trial, 'doneAt' | 'since' | 'dueAt' | 'test'>,
): { readonly before: Series; readonly after: Series } {
  const { hours } = signal
  const last = hourOf(doneAt)
  const first = Math.max(hourOf(doneAt - test.windowMs), firstHour(signal))
  const before = readings(hours, Math.min(first, last), last + 1)
  return {
    before: withoutLatest(before),
    after: readings(hours, Math.max(last + 1, Math.ceil(since / hourMs)), hourOf(dueAt)),
  }
}

/** The mean of a series of counts. */
export function ratePerHour(series: Series): number {
  const hours = series.reduce((sum, { n = 0 }) => sum + n, 0)
  return hours === 0 ? 0 : series.reduce((sum, { value, n = 0 }) => sum + value * n, 0) / hours
}

function readings(hours: Signal['hours'], from: number, to: number): Series {
  const series: Reading[] = []
  for (let hour = from; hour < to; hour++) series.push({ at: hour * hourMs, value: hours[hour] ?? 0, n: 1 })
  return series
}

function withoutLatest(series: Series): Series {
  const latest = series.findLastIndex(({ value }) => value > 0)
  return series.map((reading, index) =>
    index === latest ? { ...reading, value: reading.value - 1 } : reading,
  )
}

/** Before it nothing is known: the signal was not there, or its hours have been forgotten. */
function firstHour({ hours, openedAt }: Pick<Signal, 'hours' | 'openedAt'>): number {
  const known = Object.keys(hours).map(Number)
  const earliest = known.reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY)
  return known.length >= hoursKept ? earliest : Math.min(earliest, hourOf(openedAt))
}

/** The first hour that pending trials will still ask for. */
export function hourStillNeeded(trials: readonly Trial[]): number {
  const needed = trials.filter(({ state }) => state === 'registered' || state === 'running')
  return needed.reduce(
    (first, { doneAt, test }) => Math.min(first, hourOf(doneAt - test.windowMs)),
    Number.POSITIVE_INFINITY,
  )
}
