import { countQuantile } from '../distributions/count-tails.js'
import { wilsonInterval } from '../intervals/wilson.js'
import { type Backdrop, Sums } from './backdrop.js'
import type { EmergingIndex } from './emerging-index.js'
import type { EmergingSettings } from './emerging-options.js'
import { type FaultCases, isFlag, periodsKept, type Total } from './emerging-state.js'
import { type Comparison, type Expectation, expectationsOf, type Surroundings } from './expectation.js'
import { type CountedWindow, windowsOf, yearOf } from './windows.js'

/** A fault that is rising. */
export interface Rise {
  readonly cases: number
  /** By the comparison that makes least of it. */
  readonly expected: number
  readonly comparison: Comparison
  readonly ratio: number
  readonly lower: number
  readonly upper: number
  readonly pValue: number
  /** What p had to be below. */
  readonly level: number
  readonly dispersion: number
  readonly expectations: readonly Expectation[]
  /** Periods of the window, both ends counted. */
  readonly from: number
  readonly to: number
  readonly since: number
  /** Cases of all faults of the model in the window. */
  readonly modelCases: number
  /** The share of the window's cases that is reported by now. */
  readonly reported: number
  /** As many cases in a window as long would be no rise. */
  readonly mostToClear: number
}

/**
 * Looks at every week and window are worth so many independent ones a year. By windows that do not overlap they would be
 * 52/4 + 52/13 + 1, but a rise has to hold by two or three comparisons at once, and to be `rise` times what was expected:
 * with 4, simulated streams without a rise bring about as many findings as `falseAlarms` says.
 */
const looksPerYear = 4

const confidence = 0.95

/** Whether a fault is rising as its latest period has ended; the window in which that is least likely chance, or null. */
export function riseOf(
  fault: FaultCases,
  index: EmergingIndex,
  backdrop: Backdrop,
  { first, period }: { readonly first: number; readonly period: number },
  settings: EmergingSettings,
): Rise | null {
  const model = index.modelNamed(fault.model)
  const everywhere = index.faultNamed(fault.fault)
  if (fault.total < settings.leastCases || model === undefined || everywhere === undefined) return null
  const start = Math.max(first, period - periodsKept(settings))
  const windows = windowsOf(fault, model, backdrop, { first, start, period }, settings)
  if (windows.length === 0) return null
  const sums = new Sums(fault.cases, period, periodsKept(settings))
  const level = levelOf(fault, model, settings)
  const rises = windows.flatMap((window) => {
    const month = Math.max(1, Math.round(28 / settings.periodDays))
    const around: Surroundings = {
      fault: sums,
      model: backdrop.sumsOf(model),
      everywhere: backdrop.sumsOf(everywhere),
      backdrop,
      year: yearOf(settings),
      isFlag: isFlag(fault.fault),
      first: start,
      modelFirst: model.first,
      dispersion: dispersionOf(sums, window.since, window.from - 1, month),
    }
    return riseIn(window, around, level, settings) ?? []
  })
  return rises.reduce<Rise | null>(
    (best, one) => (best === null || one.pValue < best.pValue ? one : best),
    null,
  )
}

/** A rise by every comparison that is possible, or null. */
function riseIn(
  window: CountedWindow,
  around: Surroundings,
  level: number,
  { rise, leastCases }: EmergingSettings,
): Rise | null {
  const { cases, from, to, since } = window
  const expectations = expectationsOf(cases, window, around)
  const [first, ...others] = expectations
  if (first === undefined) return null
  const weakest = others.reduce((most, one) => (one.pValue > most.pValue ? one : most), first)
  const highest = Math.max(...expectations.map(({ expected }) => expected))
  if (weakest.pValue > level || cases < rise * highest) return null
  const quantiles = expectations.map(({ expected: mean, dispersion }) =>
    countQuantile(1 - level, { mean, dispersion }),
  )
  return {
    cases,
    expected: weakest.expected,
    comparison: weakest.comparison,
    ...ratioOf(cases, weakest, around.dispersion),
    pValue: weakest.pValue,
    level,
    dispersion: around.dispersion,
    expectations,
    from,
    to,
    since,
    modelCases: around.model.in(from, to),
    reported: around.backdrop.exposure(from, to) / (to - from + 1),
    mostToClear: Math.max(...quantiles, Math.ceil(rise * highest) - 1, leastCases - 1),
  }
}

/**
 * What p has to be below: the false alarms of a model and year, by looks and faults. Half of them are for safety flags,
 * which are few: what may hurt somebody is to be seen early.
 */
function levelOf(
  { fault }: FaultCases,
  { judged }: Total,
  { falseAlarms, safety }: EmergingSettings,
): number {
  if (safety.length === 0) return falseAlarms / (looksPerYear * Math.max(1, judged))
  return falseAlarms / (2 * looksPerYear * (isFlag(fault) ? safety.length : Math.max(1, judged)))
}

/**
 * The rate ratio with its interval: given both counts, the window's share of their sum is binomial; with a dispersion, of
 * as many cases fewer.
 */
function ratioOf(
  cases: number,
  { expected, base }: Expectation,
  dispersion: number,
): { readonly ratio: number; readonly lower: number; readonly upper: number } {
  const ratio = cases / expected
  const [own, both] = [Math.round(cases / dispersion), Math.round((cases + base) / dispersion)]
  const share = wilsonInterval(own, Math.max(own + 1, both), confidence)
  const scale = base / expected
  const odds = (p: number): number => (scale * p) / (1 - p)
  return share === null
    ? { ratio, lower: 0, upper: Number.MAX_VALUE }
    : { ratio, lower: odds(share.lower), upper: odds(share.upper) }
}

/** How much the past varies more than chance, month by month; a short past is taken to vary as chance does. */
function dispersionOf(sums: Sums, since: number, until: number, month: number): number {
  const months = Math.floor((until - since + 1) / month)
  if (months < 2) return 1
  const start = until - months * month + 1
  const mean = sums.in(start, until) / months
  if (mean === 0) return 1
  let squares = 0
  for (let at = 0; at < months; at++) {
    const from = start + at * month
    squares += (sums.in(from, from + month - 1) - mean) ** 2
  }
  return Math.max(1, (squares / mean + steadyMonths) / (months - 1 + steadyMonths))
}

/** Months without more than chance that the past is taken to have had besides. */
const steadyMonths = 13
