import { type EmpiricalBayes, empiricalBayes } from '../disproportionality/empirical-bayes.js'
import type { PairCount } from '../disproportionality/pair-count.js'
import { poissonUpperTail } from '../distributions/gamma.js'
import type { AssociationSettings } from './association-options.js'

/** What is told of a fault and one attribute, or several that only together explain it. */
export interface Association {
  /** Numbers of the state. */
  readonly fault: number
  readonly attributes: readonly number[]
  /** Places of the cases with the fault and all attributes. */
  readonly cases: readonly number[]
  readonly count: PairCount
  readonly bayes: EmpiricalBayes
  readonly p: number
  /** How many p-values that was the smallest of. */
  readonly tests: number
  /** Other attributes of the same cases. */
  readonly alike: readonly number[]
  /** Among cases with the attribute, what the fault comes with above all. */
  readonly aboveAll: readonly number[]
  /** What the best explanation with fewer attributes expects; null for a single attribute. */
  readonly expectedByParts: number | null
}

/**
 * How many looks share the chance of a false alarm: fewer than there are, for one look sees mostly what the one before saw,
 * and p-values by Poisson are too high.
 */
const looks = 2

/** The p-value below which one of so many tests is no accident. */
export const levelOf = (falseAlarms: number, tests: number): number =>
  falseAlarms / looks / Math.max(1, tests)

/** P(N ≥ both) when `expected` are expected by chance; wide of the truth on the safe side, for margins are given. */
export const chanceOf = ({ both, expected }: { both: number; expected: number }): number =>
  poissonUpperTail(both, expected)

/**
 * Whether the chance can be as low as the level: it is at least that of the very count, e^−surprise/√(2πn) but for a twelfth.
 * Costs less than the chance, and most pairs are done with by it.
 */
export const canBe = ({ both, surprise }: { both: number; surprise: number }, level: number): boolean =>
  Math.exp(-surprise - 1 / (12 * both)) / Math.sqrt(2 * Math.PI * both) <= level

export const judge = ({ both, expected }: PairCount, { prior }: AssociationSettings): EmpiricalBayes =>
  empiricalBayes(both, expected, prior, 0.9)

/** How many more cases with the attribute, all of other faults, would bring EB05 down to the limit. */
export function casesToClear(
  { both, expected, second }: PairCount,
  { prior, limit }: AssociationSettings,
): number {
  const lowerAt = (more: number): number =>
    empiricalBayes(both, (expected * (second + more)) / second, prior, 0.9).lower
  if (lowerAt(0) <= limit) return 0
  let most = 1
  while (lowerAt(most) > limit && most < 1e9) most *= 2
  let least = most / 2
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2)
    if (lowerAt(middle) <= limit) most = middle
    else least = middle
  }
  return most
}
