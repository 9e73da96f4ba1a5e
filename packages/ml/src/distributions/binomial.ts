import negativeBinomialCdf from '@stdlib/stats-base-dists-negative-binomial-cdf'

/**
 * P(X ≥ hits) for X ~ Binomial(trials, p), exact far out in the tail: so many hits have come after at most `trials` trials
 * when at most trials − hits failures came before the last of them.
 */
export function binomialUpperTail(hits: number, trials: number, p: number): number {
  if (hits <= 0) return 1
  if (hits > trials || p <= 0) return 0
  if (p >= 1) return 1
  return negativeBinomialCdf(trials - hits, hits, p)
}
