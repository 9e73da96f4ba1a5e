import { mustBeBetween0And1, mustBePositive, mustCount } from '../check.js'
import { binomialUpperTail } from '../distributions/binomial.js'

/** Events in an exposure: a time, a number of units, or both multiplied. */
export interface CountedRate {
  readonly count: number
  /** Above 0. */
  readonly exposure: number
}

/** One rate over another. */
export interface RateRatio {
  /** null when the other has no events: without bound, or nothing over nothing. */
  readonly estimate: number | null
  readonly lower: number
  /** null: without bound. */
  readonly upper: number | null
  /** How likely chance alone makes the first rate as high, one-sided. */
  readonly pValue: number
}

/**
 * How many times one rate is another, exactly, however few the events of both are: given all events, those of the first are
 * a draw with the share θE₁ / (θE₁ + E₂), where θ is the ratio. Garwood's interval of observed to expected takes what is
 * expected as known, and is too sure where it comes from few events.
 *
 * @param confidence two-sided, .95 unless told
 * @throws AndonError OPTIONS_INVALID for what is no count, or an exposure that is not above 0
 * @see J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313–323
 */
export function rateRatio(first: CountedRate, second: CountedRate, confidence = 0.95): RateRatio {
  mustCount(first.count, 'rateRatio.first.count')
  mustCount(second.count, 'rateRatio.second.count')
  mustBePositive(first.exposure, 'rateRatio.first.exposure')
  mustBePositive(second.exposure, 'rateRatio.second.exposure')
  mustBeBetween0And1(confidence, 'rateRatio.confidence')
  const tail = (1 - confidence) / 2
  const events = first.count + second.count
  const ofShare = (share: number): number => (share / (1 - share)) * (second.exposure / first.exposure)
  const lowerShare = shareAt(tail, (share) => binomialUpperTail(first.count, events, share))
  // As few as it has, seen from the other side.
  const upperShare = 1 - shareAt(tail, (share) => binomialUpperTail(second.count, events, share))
  return {
    estimate: second.count === 0 ? null : (first.count * second.exposure) / (second.count * first.exposure),
    lower: first.count === 0 ? 0 : ofShare(lowerShare),
    upper: second.count === 0 ? null : ofShare(upperShare),
    pValue: binomialUpperTail(first.count, events, first.exposure / (first.exposure + second.exposure)),
  }
}

/** The share at which a tail that grows with it reaches `tail`, to the last digits. */
function shareAt(tail: number, tailOf: (share: number) => number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (tailOf(middle) < tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
