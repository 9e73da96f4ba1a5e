import type { EmergingSettings } from './emerging-options.js'
import type { EmergingState, FaultCases } from './emerging-state.js'
import type { Rise } from './emerging-test.js'
import { sharedCases } from './shared-cases.js'
import { yearOf } from './windows.js'

/** A fault that rises. */
export interface Risen {
  readonly fault: FaultCases
  readonly rise: Rise
}

/** A rise that is to be told. */
export interface Telling extends Risen {
  /** The fault that gave its signal the name: itself, unless the rise is a part of a problem that was told. */
  readonly signal: string
  /** What it is a part of, and how many of the rise's cases are. */
  readonly within: { readonly fault: string; readonly cases: number } | null
}

/**
 * Which of the rises of one look are news: the first, one of twice the rate that was told, or one after a quiet year; and
 * whose signal each is told in. A fault that has a signal of its own keeps it until it has been quiet for a year.
 */
export function newsOf(rises: readonly Risen[], state: EmergingState, settings: EmergingSettings): Telling[] {
  const { period } = state
  const year = yearOf(settings)
  // The larger first: of two, the one that lies mostly within the other has seldom more cases.
  const bySize = rises.toSorted((a, b) => b.rise.cases - a.rise.cases)
  return bySize.flatMap(({ fault, rise }): Telling[] => {
    const rate = rise.cases / (rise.to - rise.from + 1)
    const told = isOpen(fault, period, year) ? fault.told : null
    if (told !== null && rate < 2 * told.rate) {
      fault.told = { ...told, alarmed: period }
      return []
    }
    const whole = told?.signal === fault.fault ? null : wholeOf(fault, rise, state, year)
    const signal = whole?.of.told?.signal ?? fault.fault
    fault.told = { period, rate, alarmed: period, signal }
    const within = whole === null ? null : { fault: whole.of.fault, cases: whole.cases }
    return [{ fault, rise, signal, within }]
  })
}

/** Whether it was told, and has not been quiet for a year since. */
const isOpen = ({ told }: FaultCases, period: number, year: number): boolean =>
  told !== null && period - told.alarmed <= year

/**
 * The problem of the same model, told and not quiet since, within which most of a rise's cases lie: more than half, so that
 * whoever looks at the rise looks at that problem more often than at all else. Of several the one that has most of them.
 */
function wholeOf(
  fault: FaultCases,
  { cases, from, to }: Rise,
  { faults, period }: EmergingState,
  year: number,
): { readonly of: FaultCases; readonly cases: number } | null {
  let whole: { readonly of: FaultCases; readonly cases: number } | null = null
  for (const of of faults) {
    if (of === fault || of.model !== fault.model || !isOpen(of, period, year)) continue
    const shared = Math.min(cases, sharedCases(fault, of, from, to))
    if (2 * shared > cases && shared > (whole?.cases ?? 0)) whole = { of, cases: shared }
  }
  return whole
}
