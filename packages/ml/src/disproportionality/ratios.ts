import { twoSidedDeviate } from '../distributions/normal.js'
import type { PairCount } from './pair-count.js'

/** A ratio and its interval, where a zero cell may leave one of them open. */
export interface Ratio {
  /** 0 without a report of both, or for the odds without one of neither; null when there is nothing to divide by: infinite, or nothing over nothing. */
  readonly estimate: number | null
  /** With a zero cell from the table with ½ added to each cell, after Haldane. */
  readonly lower: number
  /** null: without bound. */
  readonly upper: number | null
}

/** a: both; b: the first only; c: the second only; d: neither. */
export interface Cells {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

export const cellsOf = ({ both, first, second, total }: PairCount): Cells => ({
  a: both,
  b: first - both,
  c: second - both,
  d: total - first - second + both,
})

const prr = ({ a, b, c, d }: Cells): number => a / (a + b) / (c / (c + d))
const prrError = ({ a, b, c, d }: Cells): number => Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
const ror = ({ a, b, c, d }: Cells): number => (a * d) / (b * c)
const rorError = ({ a, b, c, d }: Cells): number => Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)

/**
 * Proportional reporting ratio: the share with the second among reports with the first, over that among the rest.
 *
 * [a/(a + b)] / [c/(c + d)], standard error of its logarithm √(1/a − 1/(a + b) + 1/c − 1/(c + d))
 *
 * @see S. J. W. Evans, P. C. Waller, S. Davis, Pharmacoepidemiol. Drug Saf. 10 (2001) 483–486
 */
export const proportionalReportingRatio = (cells: Cells, confidence: number): Ratio =>
  ratio(cells, cells.a > 0 && cells.c > 0, prr, prrError, confidence)

/** Reporting odds ratio: ad/bc, standard error of its logarithm √(1/a + 1/b + 1/c + 1/d). */
export const reportingOddsRatio = (cells: Cells, confidence: number): Ratio =>
  ratio(cells, Math.min(cells.a, cells.b, cells.c, cells.d) > 0, ror, rorError, confidence)

function ratio(
  cells: Cells,
  isFull: boolean,
  of: (cells: Cells) => number,
  errorOf: (cells: Cells) => number,
  confidence: number,
): Ratio {
  const raw = of(cells)
  const { a, b, c, d } = cells
  const used = isFull ? cells : { a: a + 0.5, b: b + 0.5, c: c + 0.5, d: d + 0.5 }
  const reach = Math.exp(twoSidedDeviate(confidence) * errorOf(used))
  return {
    estimate: Number.isFinite(raw) ? raw : null,
    lower: a === 0 || raw === 0 ? 0 : of(used) / reach,
    upper: Number.isFinite(raw) ? of(used) * reach : null,
  }
}

/**
 * χ² of the table with Yates' correction, N(|ad − bc| − N/2)² / (a+b)(c+d)(a+c)(b+d); 0 when a margin is empty.
 */
export function yatesChiSquare({ a, b, c, d }: Cells): number {
  const total = a + b + c + d
  const margins = (a + b) * (c + d) * (a + c) * (b + d)
  const distance = Math.max(0, Math.abs(a * d - b * c) - total / 2)
  return margins === 0 ? 0 : (total * distance ** 2) / margins
}
