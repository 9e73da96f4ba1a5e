/** P(X ≤ k) for X ~ Binomial(n, p); k and n are whole, 0 < p < 1. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  // From the likelier tail's own end, in logarithms: p^n alone would be 0 for a few hundred complaints.
  let logTerm = n * Math.log1p(-p)
  let sum = Math.exp(logTerm)
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log(((n - i + 1) / i) * (p / (1 - p)))
    sum += Math.exp(logTerm)
  }
  return Math.min(1, sum)
}

/** P(X ≥ k) for X ~ Binomial(n, p). */
export const binomialAtLeast = (k: number, n: number, p: number): number => binomialAtMost(n - k, n, 1 - p)
