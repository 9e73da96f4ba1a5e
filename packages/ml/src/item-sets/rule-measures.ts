import { hypergeometricUpperTail } from '../distributions/hypergeometric.js'

/** How much one side of a rule says of the other. `A → C`: a basket with A has C too. */
export interface RuleMeasures {
  /** Share of baskets with both: P(A ∧ C). */
  readonly support: number
  /** P(C | A) */
  readonly confidence: number
  /** P(C | A)/P(C): 1 when they have nothing to do with each other. */
  readonly lift: number
  /** P(A ∧ C) − P(A)·P(C): baskets more than by chance, as a share of all. */
  readonly leverage: number
  /** P(A)·P(¬C)/P(A ∧ ¬C): how much rarer the rule fails than by chance; infinite when it never fails. */
  readonly conviction: number
  /** From −1 (never together) over 0 (independent) to 1 (never C without A). */
  readonly zhang: number
  /** One-sided p of Fisher's exact test: as many baskets with both, or more, by chance. Of one test: correct for many. */
  readonly fisherP: number
}

/**
 * @param both baskets with both sides
 * @param left baskets with A, 1 or more
 * @param right baskets with C, 1 or more
 * @see S. Brin, R. Motwani, J. D. Ullman, S. Tsur, SIGMOD 1997 (conviction); X. Yan, C. Zhang, S. Zhang, Expert Syst.
 * Appl. 36 (2009) (Zhang's measure); M. Hahsler, K. Hornik, Intell. Data Anal. 11 (2007) 437–455 (Fisher)
 */
export function ruleMeasures(both: number, left: number, right: number, baskets: number): RuleMeasures {
  const [p, a, c] = [both / baskets, left / baskets, right / baskets]
  const leverage = p - a * c
  const range = Math.max(p * (1 - a), a * (c - p))
  return {
    support: p,
    confidence: both / left,
    lift: p / (a * c),
    leverage,
    conviction: both === left ? Number.POSITIVE_INFINITY : (a * (1 - c)) / (a - p),
    // Always together with everything: nothing is learnt.
    zhang: range === 0 ? 0 : leverage / range,
    fisherP: hypergeometricUpperTail(both, baskets, left, right),
  }
}
