import gammaln from '@stdlib/math-base-special-gammaln'

const lnChoose = (n: number, k: number): number => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

/**
 * P(X ≥ hits) for a draw of `drawn` out of `population` things of which `marked` are marked: the one-sided p of Fisher's
 * exact test. The terms are added up from the smallest, so that it is exact far out in the tail, where 1 − P(X < hits) is 0.
 */
export function hypergeometricUpperTail(
  hits: number,
  population: number,
  marked: number,
  drawn: number,
): number {
  const most = Math.min(marked, drawn)
  const least = Math.max(0, drawn + marked - population)
  if (hits <= least) return 1
  if (hits > most) return 0
  const first = Math.exp(
    lnChoose(marked, hits) + lnChoose(population - marked, drawn - hits) - lnChoose(population, drawn),
  )
  // Each term from the one before: C(K,x+1)·C(N−K,n−x−1) / (C(K,x)·C(N−K,n−x)).
  let term = 1
  let sum = 1
  for (let x = hits; x < most; x++) {
    term *= ((marked - x) * (drawn - x)) / ((x + 1) * (population - marked - drawn + x + 1))
    sum += term
    // Once the terms fall, the rest is less than a geometric series.
    if (term < sum * 1e-17) break
  }
  return Math.min(1, first * sum)
}
