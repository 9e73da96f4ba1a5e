import { type CaseLogState, emptyCaseLog } from '../detector/case-log.js'
import { type CaseRingState, emptyCaseRing } from '../detector/case-ring.js'
import { layout } from '../detector/derived-index.js'
import type { EmergingSettings } from './emerging-options.js'
import { forgetBefore, noCounts, type PeriodCounts } from './period-counts.js'
import { type DelayState, noDelays } from './reporting-delay.js'

/** What was last told of a fault. */
export type Told = { period: number; rate: number; alarmed: number }

/** One fault of one model. */
export type FaultCases = {
  readonly model: string
  readonly fault: string
  readonly cases: PeriodCounts
  /** Cases of before may be forgotten. */
  readonly knownSince: number
  /** Since it is kept in mind. */
  total: number
  /** The period in which its last case came. */
  seen: number
  /** Of its latest cases: that of the nth stands at n modulo their most. */
  readonly ids: string[]
  told: Told | null
}

/** The cases of a model, or of a fault in all models. */
export type Total = {
  readonly name: string
  readonly cases: PeriodCounts
  /** The period in which its first case came. */
  readonly first: number
  seen: number
  /** Of a model: faults, safety flags aside, that have cases enough to be judged. */
  judged: number
}

export type EmergingState = {
  readonly layout: number
  /** The period that is being filled, counted from 1970; −1 before the first feedback. */
  period: number
  /** The first period that was filled. */
  first: number
  /** The last period in which a fault was reported that is forgotten now; −1 for none. */
  forgotten: number
  readonly cases: CaseRingState
  /** Cases by fault, that are not among those of the faults and of `everywhere` yet. */
  readonly uncounted: CaseLogState
  readonly delays: DelayState
  faults: FaultCases[]
  models: Total[]
  /** All models together. */
  everywhere: Total[]
  readonly all: PeriodCounts
}

export const emptyEmerging = (): EmergingState => ({
  layout,
  period: -1,
  first: -1,
  forgotten: -1,
  cases: emptyCaseRing(),
  uncounted: emptyCaseLog(),
  delays: noDelays(),
  faults: [],
  models: [],
  everywhere: [],
  all: noCounts(),
})

/** Periods that are kept in mind: a window of a year, five years before it, and some more for delays. */
export const periodsKept = ({ periodDays }: Pick<EmergingSettings, 'periodDays'>): number =>
  Math.ceil((7 * 366) / periodDays)

/** Ids that a finding names as its evidence: the latest. */
export const mostIds = 50

/** The ids of the latest cases, at most so many, oldest first. */
export function latestIds({ ids, total }: FaultCases, most: number): string[] {
  const oldest = total > mostIds ? total % mostIds : 0
  const inOrder = [...ids.slice(oldest), ...ids.slice(0, oldest)]
  return inOrder.slice(-Math.min(ids.length, most))
}

/** The fault that a safety flag is. */
export const safetyMark = 'safety:'
export const isFlag = (fault: string): boolean => fault.startsWith(safetyMark)

/** Forgets periods that no look will ask for. */
export function forgetOldPeriods(state: EmergingState, settings: EmergingSettings): void {
  const oldest = state.period - periodsKept(settings)
  forgetBefore(state.all, oldest)
  for (const totals of [state.faults, state.models, state.everywhere])
    for (const { cases, seen } of totals) if (seen === state.period) forgetBefore(cases, oldest)
}
