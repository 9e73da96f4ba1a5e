import { countUpperTail } from '../distributions/count-tails.js'
import type { Backdrop, Sums } from './backdrop.js'

/** What a fault's cases are compared with. */
export type Comparison = 'level' | 'share' | 'season'

/** How many cases were to be expected by one comparison. */
export interface Expectation {
  readonly comparison: Comparison
  readonly expected: number
  /** Variance of a count to come over its mean, the uncertainty of the expectation included: 1 or more. */
  readonly dispersion: number
  /** Cases that the expectation stands on, one more than were seen. */
  readonly base: number
  /** P(this many cases or more). */
  readonly pValue: number
}

/** A window that ends now, and the history before it; periods, both ends counted. */
export interface Window {
  readonly from: number
  readonly to: number
  /** The first period of the history, which ends just before the window. */
  readonly since: number
}

/** One fault of a model, and what is around it. */
export interface Surroundings {
  readonly fault: Sums
  readonly model: Sums
  /** The fault in all models. */
  readonly everywhere: Sums
  readonly backdrop: Backdrop
  /** Periods of a year. */
  readonly year: number
  /** A safety flag: its cases are no part of the model's faults. */
  readonly isFlag: boolean
  /** The first period of the stream, and of the model. */
  readonly first: number
  readonly modelFirst: number
  /** Variance over mean of the fault's own past. */
  readonly dispersion: number
}

/** The rest of the fleet counts as if it had seen so many cases without change besides: a few cases are no season. */
const steadiness = 20

/**
 * What was to be expected of a window, by each comparison that is possible. A rise is one by all of them.
 *
 * Counts are negative binomial with the mean E and the variance φE(1 + …), where what follows the 1 is how uncertain the
 * expectation is: as uncertain as the counts it stands on.
 */
export function expectationsOf(cases: number, window: Window, around: Surroundings): Expectation[] {
  const { fault, backdrop, dispersion } = around
  const { from, to, since } = window
  const fleet = fleetChange(window, around)
  const base = fault.in(since, from - 1) + 1
  const found: Expectation[] = []
  const add = (comparison: Comparison, stands: number, ratio: number, spread: number): void => {
    const expected = stands * ratio
    const spreads = dispersion * (1 + ratio + expected * spread)
    const pValue = countUpperTail(cases, { mean: expected, dispersion: spreads })
    found.push({ comparison, expected, dispersion: spreads, base: stands, pValue })
  }
  if (from - since >= around.year / 2) {
    const ratio = backdrop.exposure(from, to) / backdrop.exposure(since, from - 1)
    add('level', base, ratio * fleet.factor, fleet.spread)
  }
  const share = shareOf(window, around)
  if (share !== null) {
    const ratio = (share.now * fleet.factor) / share.before
    add('share', base, ratio, 1 / share.now + 1 / share.before + fleet.spread)
  }
  const season = seasonOf(window, around)
  if (season !== null) add('season', season.base, season.ratio, 0)
  return found
}

/**
 * How much more of all cases of the other models is this fault now than in the history: what is everybody's, a season for
 * example, is nobody's issue. Never below 1: others getting better is no rise here.
 */
function fleetChange(
  { from, to, since }: Window,
  around: Surroundings,
): { readonly factor: number; readonly spread: number } {
  const [now, before] = [restIn(from, to, around), restIn(since, from - 1, around)]
  if (before.others === 0) return { factor: 1, spread: 0 }
  const expected = (before.fault * now.others) / before.others
  const factor = (now.fault + steadiness) / (expected + steadiness)
  return factor > 1
    ? { factor, spread: 1 / (now.fault + steadiness) + 1 / (before.fault + steadiness) }
    : { factor: 1, spread: 0 }
}

/** Cases of all other models: with this fault, and with others. */
function restIn(
  from: number,
  to: number,
  { fault, model, everywhere, backdrop, isFlag }: Surroundings,
): { readonly fault: number; readonly others: number } {
  const rest = everywhere.in(from, to) - fault.in(from, to)
  const all = backdrop.all.in(from, to) - model.in(from, to)
  return { fault: rest, others: isFlag ? all : all - rest }
}

/**
 * The model's other cases in the window and in the history. A model without much history is compared with the other
 * models: the history is lengthened by as many cases as those take to show this fault once.
 *
 * @returns null where neither has a history
 */
function shareOf(
  { from, to, since }: Window,
  around: Surroundings,
): { readonly now: number; readonly before: number } | null {
  const { fault, model, isFlag } = around
  const othersIn = (first: number, last: number): number =>
    model.in(first, last) - (isFlag ? 0 : fault.in(first, last))
  const rest = restIn(since, to, around)
  // A fault that no other model has ever had may just have another name there.
  const asRest = rest.fault === 0 ? 0 : rest.others / rest.fault
  const before = othersIn(since, from - 1) + asRest
  const now = othersIn(from, to)
  return before === 0 ? null : { now: Math.max(now, 1), before }
}

/** The same time of up to five years before, with two periods on either side. */
function seasonOf(
  { from, to }: Window,
  { fault, backdrop, year, first, modelFirst }: Surroundings,
): { readonly base: number; readonly ratio: number } | null {
  if (to - from + 1 >= year) return null
  let [cases, exposure] = [0, 0]
  for (let back = 1; back <= 5; back++) {
    const shift = Math.round(back * year)
    const [start, end] = [from - shift - 2, to - shift + 2]
    if (start < Math.max(first, modelFirst)) break
    cases += fault.in(start, end)
    exposure += backdrop.exposure(start, end)
  }
  return exposure === 0 ? null : { base: cases + 1, ratio: backdrop.exposure(from, to) / exposure }
}
