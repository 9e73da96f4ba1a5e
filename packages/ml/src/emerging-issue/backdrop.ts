import type { EmergingSettings } from './emerging-options.js'
import { type EmergingState, periodsKept, type Total } from './emerging-state.js'
import type { PeriodCounts } from './period-counts.js'
import { longestDelay, reportedShares } from './reporting-delay.js'

/** Sums over the periods up to `now`, each in two subtractions. */
export class Sums {
  readonly #before: Float64Array
  readonly #from: number

  /**
   * @param now the latest period
   * @param kept periods before it that count, too
   */
  constructor({ periods, counts }: PeriodCounts, now: number, kept: number) {
    this.#from = Math.max(now - kept, Math.min(now, periods[0] ?? now))
    this.#before = new Float64Array(now - this.#from + 2)
    const before = this.#before
    for (let place = 0; place < periods.length; place++) {
      const period = periods[place] ?? 0
      if (period >= this.#from && period <= now) before[period - this.#from + 1] = counts[place] ?? 0
    }
    for (let place = 1; place < before.length; place++)
      before[place] = (before[place] ?? 0) + (before[place - 1] ?? 0)
  }

  /** Cases from one period to another, both counted. */
  in(from: number, to: number): number {
    const last = this.#before.length - 1
    const upTo = (period: number): number =>
      this.#before[Math.max(0, Math.min(last, period - this.#from))] ?? 0
    return to < from ? 0 : upTo(to + 1) - upTo(from)
  }
}

/** What all faults are compared with at one look. Totals are summed when first asked for. */
export class Backdrop {
  /** The latest period of which enough is reported by now. */
  readonly latest: number
  readonly all: Sums
  readonly #now: number
  readonly #kept: number
  readonly #sums = new Map<Total, Sums>()
  /** G summed over delays below d. */
  readonly #reported: Float64Array

  constructor(state: EmergingState, settings: EmergingSettings) {
    this.#now = state.period
    this.#kept = periodsKept(settings)
    const shares = reportedShares(state.delays, state.period)
    const silent = shares.findIndex((share) => share >= settings.leastReported)
    this.latest = state.period - Math.max(0, silent)
    this.all = new Sums(state.all, state.period, this.#kept)
    this.#reported = new Float64Array(shares.length + 1)
    for (const [delay, share] of shares.entries())
      this.#reported[delay + 1] = (this.#reported[delay] ?? 0) + share
  }

  sumsOf(total: Total): Sums {
    const known = this.#sums.get(total)
    if (known !== undefined) return known
    const sums = new Sums(total.cases, this.#now, this.#kept)
    this.#sums.set(total, sums)
    return sums
  }

  /** Periods that count, each by the share of it that is reported by now. */
  exposure(from: number, to: number): number {
    if (to < from) return 0
    const upTo = (age: number): number =>
      age <= longestDelay + 1
        ? (this.#reported[Math.max(0, age)] ?? 0)
        : (this.#reported[longestDelay + 1] ?? 0) + age - longestDelay - 1
    return upTo(this.#now - from + 1) - upTo(this.#now - to)
  }
}
