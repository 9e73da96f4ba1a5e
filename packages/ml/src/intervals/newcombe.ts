import { mustBeBetween0And1, mustCount, mustCountOf } from '../check.js'
import type { Interval } from './interval.js'
import { wilsonInterval } from './wilson.js'

/** `successes` of `trials`. */
export interface Proportion {
  readonly successes: number
  readonly trials: number
}

/**
 * The interval of the difference of two independent proportions, p₁ − p₂, from their score intervals (l, u).
 *
 * from d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²)
 *
 * @param confidence two-sided, .95 unless told
 * @returns null when either has no trials
 * @throws AndonError OPTIONS_INVALID for successes beyond trials, or what is no count
 * @see R. G. Newcombe, Stat. Med. 17 (1998) 873–890, method 10
 */
export function newcombeDifference(
  first: Proportion,
  second: Proportion,
  confidence = 0.95,
): Interval | null {
  mustBeProportion(first, 'newcombeDifference.first')
  mustBeProportion(second, 'newcombeDifference.second')
  mustBeBetween0And1(confidence, 'newcombeDifference.confidence')
  const one = wilsonInterval(first.successes, first.trials, confidence)
  const two = wilsonInterval(second.successes, second.trials, confidence)
  if (one === null || two === null) return null
  const difference = one.estimate - two.estimate
  return {
    estimate: difference,
    lower: difference - Math.hypot(one.estimate - one.lower, two.upper - two.estimate),
    upper: difference + Math.hypot(one.upper - one.estimate, two.estimate - two.lower),
  }
}

function mustBeProportion({ successes, trials }: Proportion, argument: string): void {
  mustCount(trials, `${argument}.trials`)
  mustCountOf(successes, trials, `${argument}.successes`)
}
