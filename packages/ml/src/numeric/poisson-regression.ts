import { dot } from './dot.js'
import { invert, solve } from './solve.js'

export interface PoissonFit {
  readonly coefficients: readonly number[]
  readonly fitted: readonly number[]
  /** (XᵀWX)⁻¹: of the coefficients, times the dispersion. */
  readonly covariance: readonly (readonly number[])[]
  /** Σ w(y − μ)²/μ over the degrees of freedom: 1 for Poisson counts. */
  readonly dispersion: number
  /** Observations less coefficients. */
  readonly degrees: number
}

/** One count and what it depends on. */
export interface RegressionRow {
  readonly count: number
  /** Above 0; the expectation is in proportion to it. */
  readonly exposure: number
  /** With a leading 1 for the constant. */
  readonly terms: readonly number[]
}

/**
 * ln E(count) = ln exposure + Σ βₖ·termₖ, with the variance in proportion to the mean (quasi-Poisson), by iteratively
 * reweighted least squares.
 *
 * @param weights one for every row, 1 unless given
 * @returns null when the terms depend on each other, or the steps run away
 * @see P. McCullagh, J. A. Nelder, Generalized Linear Models, 2.5 and 9.2
 */
export function poissonRegression(
  rows: readonly RegressionRow[],
  weights: readonly number[] = rows.map(() => 1),
): PoissonFit | null {
  let fitted = rows.map(({ count }) => count + 0.1)
  let coefficients: readonly number[] = []
  let deviance = Number.POSITIVE_INFINITY
  for (let step = 0; step < 50; step++) {
    const { matrix, right } = normalEquations(rows, weights, fitted)
    const solved = solve(matrix, right)
    if (solved === null) return null
    coefficients = solved
    fitted = rows.map(
      ({ exposure, terms }) => exposure * Math.exp(Math.max(-25, Math.min(25, dot(terms, solved)))),
    )
    const before = deviance
    deviance = devianceOf(rows, weights, fitted)
    if (Math.abs(before - deviance) <= 1e-10 * (Math.abs(deviance) + 0.1))
      return finished(rows, weights, fitted, coefficients)
  }
  return null
}

/** XᵀWX and XᵀWz of one step, where z is what the linear predictor should have been. */
function normalEquations(
  rows: readonly RegressionRow[],
  weights: readonly number[],
  fitted: readonly number[],
): { matrix: number[][]; right: number[] } {
  const size = rows[0]?.terms.length ?? 0
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const right = new Array<number>(size).fill(0)
  for (const [index, { count, exposure, terms }] of rows.entries()) {
    const mean = fitted[index] ?? 0
    const weight = (weights[index] ?? 0) * mean
    const wanted = Math.log(mean / exposure) + (count - mean) / mean
    for (const [i, a] of terms.entries()) {
      if (a === 0) continue
      right[i] = (right[i] ?? 0) + weight * a * wanted
      const line = matrix[i] ?? []
      for (const [j, b] of terms.entries()) line[j] = (line[j] ?? 0) + weight * a * b
    }
  }
  return { matrix, right }
}

function finished(
  rows: readonly RegressionRow[],
  weights: readonly number[],
  fitted: readonly number[],
  coefficients: readonly number[],
): PoissonFit | null {
  const covariance = invert(normalEquations(rows, weights, fitted).matrix)
  if (covariance === null) return null
  const degrees = rows.length - coefficients.length
  const pearson = rows.reduce((sum, { count }, index) => {
    const mean = fitted[index] ?? 1
    return sum + ((weights[index] ?? 0) * (count - mean) ** 2) / mean
  }, 0)
  return { coefficients, fitted, covariance, dispersion: degrees > 0 ? pearson / degrees : 1, degrees }
}

function devianceOf(
  rows: readonly RegressionRow[],
  weights: readonly number[],
  fitted: readonly number[],
): number {
  return rows.reduce((sum, { count }, index) => {
    const mean = fitted[index] ?? 0
    const own = count === 0 ? mean : count * Math.log(count / mean) - (count - mean)
    return sum + 2 * (weights[index] ?? 0) * own
  }, 0)
}

/** xᵀ·C·x: the variance of a linear predictor, and with the mean as weight the leverage of a row. */
export function quadraticForm(covariance: readonly (readonly number[])[], terms: readonly number[]): number {
  return terms.reduce((sum, a, i) => (a === 0 ? sum : sum + a * dot(covariance[i] ?? [], terms)), 0)
}
