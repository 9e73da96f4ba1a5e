import { must, mustBePositive, mustCount } from '../check.js'
import { minimize } from '../numeric/minimize.js'
import { fromFree, mgpsLikelihood, type SquashedPair, toFree } from './mgps-likelihood.js'
import type { MgpsPrior } from './mgps-prior.js'

export interface MgpsFit extends MgpsPrior {
  readonly logLikelihood: number
  /** false: the search ended before the likelihood was flat; there are too few pairs, or all are alike. */
  readonly converged: boolean
}

/** Where the search begins; the best end counts. The first is DuMouchel's. */
const starts: readonly MgpsPrior[] = [
  { shape1: 0.2, rate1: 0.1, shape2: 2, rate2: 4, weight: 1 / 3 },
  { shape1: 2, rate1: 0.4, shape2: 2, rate2: 2, weight: 0.1 },
]

/** Fewer say nothing about what ratios are like. */
const fewestPairs = 10

/**
 * The prior of the multi-item gamma Poisson shrinker, by maximum likelihood over all pairs that were reported at all.
 *
 * @param pairs each with a count of 1 or more; how many reports had both, and how many were expected to
 * @returns null with fewer than ten pairs
 * @throws AndonError OPTIONS_INVALID for a count of 0, or nothing expected
 * @see W. DuMouchel, Am. Stat. 53 (1999) 177–190; W. DuMouchel, D. Pregibon, KDD 2001, 67–76
 */
export function fitMgps(
  pairs: readonly { readonly both: number; readonly expected: number }[],
): MgpsFit | null {
  for (const [index, { both, expected }] of pairs.entries()) {
    mustCount(both, `fitMgps.pairs.${index}.both`)
    must(both > 0, `fitMgps.pairs.${index}.both`, {
      en: 'must be 1 or more: pairs that were never reported are left out',
      zh: '必须不小于 1：从未被报告的组合不计入',
    })
    mustBePositive(expected, `fitMgps.pairs.${index}.expected`)
  }
  if (pairs.length < fewestPairs) return null
  const likelihood = mgpsLikelihood(squashed(pairs))
  const ends = starts.map((start) => minimize(likelihood, toFree(start)))
  const best = ends.reduce((found, end) => (end.value < found.value ? end : found))
  return { ...ordered(fromFree(best.at)), logLikelihood: -best.value, converged: best.converged }
}

/** Pairs with the same numbers count once, with their number. */
function squashed(pairs: readonly { readonly both: number; readonly expected: number }[]): SquashedPair[] {
  const byCount = new Map<number, Map<number, number>>()
  for (const { both, expected } of pairs) {
    const byExpected = byCount.get(both) ?? new Map<number, number>()
    byExpected.set(expected, (byExpected.get(expected) ?? 0) + 1)
    byCount.set(both, byExpected)
  }
  return [...byCount].flatMap(([both, byExpected]) =>
    [...byExpected].map(([expected, times]) => ({ both, expected, pairs: times })),
  )
}

function ordered(prior: MgpsPrior): MgpsPrior {
  const { shape1, rate1, shape2, rate2, weight } = prior
  return shape1 / rate1 >= shape2 / rate2
    ? prior
    : { shape1: shape2, rate1: rate2, shape2: shape1, rate2: rate1, weight: 1 - weight }
}
