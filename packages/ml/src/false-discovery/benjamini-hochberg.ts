import { must, mustBeBetween0And1 } from '../check.js'

/** Which of many tests found something, when at most a share `level` of what is found may be false. */
export interface FalseDiscovery {
  /** In the order of the p-values given. */
  readonly rejected: readonly boolean[]
  /** The smallest level at which the test would be rejected, in the order given; 0 to 1. */
  readonly adjusted: readonly number[]
  readonly rejections: number
}

/**
 * The step-up procedure for independent or positively dependent tests: with the p-values in order, all up to the last
 * with p₍ₖ₎ ≤ k·level/m are rejected. Adjusted p-values are min over j ≥ k of m·p₍ⱼ₎/j, at most 1.
 *
 * Without tests there is nothing to reject. Equal p-values are rejected together.
 *
 * @param pValues 0 to 1, of every test that was made, not only of those that look good
 * @param level the false discovery rate, .05 unless told
 * @throws AndonError OPTIONS_INVALID for a p-value outside 0 to 1
 * @see Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289–300
 */
export function benjaminiHochberg(pValues: readonly number[], level = 0.05): FalseDiscovery {
  mustBeBetween0And1(level, 'benjaminiHochberg.level')
  for (const [index, p] of pValues.entries())
    must(p >= 0 && p <= 1, `benjaminiHochberg.pValues.${index}`, {
      en: 'must be from 0 to 1',
      zh: '必须在 0 与 1 之间',
    })
  const tests = pValues.length
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p)
  const adjusted = new Array<number>(tests).fill(1)
  let least = 1
  for (const [place, { p, index }] of descending.entries()) {
    // The factor first: it is exactly 1 for the last, so that rounding never makes a p-value smaller.
    least = Math.min(least, p * (tests / (tests - place)))
    adjusted[index] = least
  }
  const rejected = adjusted.map((p) => p <= level)
  return { rejected, adjusted, rejections: rejected.filter(Boolean).length }
}
