import { day } from '../detector/instant.js'
import { wilsonInterval } from '../intervals/wilson.js'
import { kaplanMeier } from '../survival/kaplan-meier.js'
import type { Observation } from '../survival/observation.js'
import type { RecurrenceSettings } from './recurrence-options.js'
import type { UnitCourse } from './unit-history.js'

export interface RecurrenceRate {
  /** Units that had the fault. */
  readonly units: number
  /** Units on which it came back in time. */
  readonly recurrences: number
  /** recurrences/units: too low while most units are watched for a short time only. */
  readonly crude: number
  /** 1 − S, at the horizon, or at the longest time that anyone was watched. */
  readonly rate: number
  readonly lower: number
  readonly upper: number
  /** How long the unit that was watched longest was watched, at most the horizon. */
  readonly followedDays: number
  /** Repairs without recurrence, watched to the horizon, that would bring the lower end down to the limit. */
  readonly repairsToClear: number
}

/**
 * How many repaired units come back: 1 − S(horizon) by Kaplan and Meier over the time from repair to recurrence, units that
 * have not come back being censored now.
 *
 * Its interval is Wilson's for as many units as would give Greenwood's variance if none were censored, p(1 − p)/se²,
 * rounded down.
 *
 * @param now the end of watching, in milliseconds
 * @returns null without a recurrence in time
 * @see E. L. Korn, B. I. Graubard, Surv. Methodol. 24 (1998) 193–201, for the effective number
 */
export function recurrenceRate(
  courses: readonly UnitCourse[],
  now: number,
  { horizonDays, confidence, limit }: RecurrenceSettings,
): RecurrenceRate | null {
  const observations = courses.map(({ repairedAt, back }): Observation => {
    const days = Math.max(0, ((back?.at ?? now) - repairedAt) / day)
    return { time: Math.min(days, horizonDays), event: back !== null && days <= horizonDays }
  })
  const recurrences = observations.filter(({ event }) => event).length
  const last = kaplanMeier(observations, confidence).steps.at(-1)
  if (recurrences === 0 || last === undefined) return null
  const rate = 1 - last.survival
  const error = last.standardError
  const trials =
    error === null ? observations.length : Math.max(1, Math.floor((rate * (1 - rate)) / error ** 2 + 1e-9))
  const successes = Math.floor(rate * trials + 1e-9)
  const interval = wilsonInterval(successes, trials, confidence)
  if (interval === null) return null
  return {
    units: observations.length,
    recurrences,
    crude: recurrences / observations.length,
    rate,
    lower: interval.lower,
    upper: interval.upper,
    followedDays: last.time,
    repairsToClear: repairsToClear(successes, trials, confidence, limit),
  }
}

/** The least number of further trials without success after which the lower end is at the limit or below. */
function repairsToClear(successes: number, trials: number, confidence: number, limit: number): number {
  const isClear = (more: number): boolean =>
    (wilsonInterval(successes, trials + more, confidence)?.lower ?? 0) <= limit
  if (isClear(0)) return 0
  let most = 1
  while (!isClear(most)) most *= 2
  let least = most / 2
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2)
    if (isClear(middle)) most = middle
    else least = middle
  }
  return most
}
