import { type CaseRingState, emptyCaseRing } from '../detector/case-ring.js'

/** Ids that are kept for each region of a fault: the latest, as evidence. */
const mostIds = 50

/** A region's cases of one fault, by the week in which they happened, counted from 1970; weeks in order. */
export type RegionCases = {
  readonly name: string
  readonly weeks: number[]
  readonly counts: number[]
  readonly ids: string[]
}

/** What was told of a place: nothing is told again before it is worse. */
export type ToldPlace = {
  /** The region that gave the problem its name. */
  readonly name: string
  readonly regions: readonly string[]
  readonly level: 'likely' | 'confirmed'
  readonly cases: number
  /** The week in which it last held, counted from 1970. */
  seen: number
}

/** One fault of one model. */
export type FaultRegions = {
  readonly model: string
  readonly fault: string
  regions: RegionCases[]
  /** The week in which it was last reported. */
  touched: number
  /** Cases counted at the last look, and cases since. */
  looked: number
  fresh: number
  /** Cases in more regions than are kept in mind. */
  uncounted: number
  told: ToldPlace[]
}

export type RegionalState = {
  tenant: string
  /** The week of the latest arrival, counted from 1970; −1 before the first. */
  week: number
  /** The last week that was looked at. */
  looked: number
  /** The week of the earliest case that was counted. */
  since: number
  readonly cases: CaseRingState
  readonly faults: FaultRegions[]
}

export const emptyRegionalState = (): RegionalState => ({
  tenant: '',
  week: -1,
  looked: -1,
  since: Number.MAX_SAFE_INTEGER,
  cases: emptyCaseRing(),
  faults: [],
})

export const emptyFault = (model: string, fault: string): FaultRegions => ({
  model,
  fault,
  regions: [],
  touched: -1,
  looked: 0,
  fresh: 0,
  uncounted: 0,
  told: [],
})

/** Counts a case in its week, wherever that stands: late ones come into earlier weeks. */
export function countCase({ weeks, counts, ids }: RegionCases, week: number, id: string): void {
  let at = weeks.length - 1
  while (at >= 0 && (weeks[at] ?? 0) > week) at--
  if (at >= 0 && weeks[at] === week) counts[at] = (counts[at] ?? 0) + 1
  else {
    weeks.splice(at + 1, 0, week)
    counts.splice(at + 1, 0, 1)
  }
  ids.push(id)
  if (ids.length > mostIds) ids.shift()
}

/** Cases from the week `from` on, and before `to`. */
export function casesBetween({ weeks, counts }: RegionCases, from: number, to: number): number {
  let cases = 0
  for (let at = weeks.length - 1; at >= 0; at--) {
    const week = weeks[at] ?? 0
    if (week < from) break
    if (week < to) cases += counts[at] ?? 0
  }
  return cases
}

/** Forgets what happened before the week, and regions of which nothing is left. */
export function forgetBefore(fault: FaultRegions, week: number): void {
  let isOneEmpty = false
  for (const { weeks, counts } of fault.regions) {
    const first = weeks.findIndex((one) => one >= week)
    const old = first < 0 ? weeks.length : first
    if (old === 0) continue
    weeks.splice(0, old)
    counts.splice(0, old)
    isOneEmpty ||= weeks.length === 0
  }
  // Another array, so that what is derived from it is derived anew.
  if (isOneEmpty) fault.regions = fault.regions.filter(({ weeks }) => weeks.length > 0)
}
