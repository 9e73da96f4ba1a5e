/**
 * What makes a point suspicious, in standard deviations from the centre:
 * - `beyond-limits`: one point beyond 3
 * - `two-of-three`: two of three points in a row beyond 2, on one side
 * - `four-of-five`: four of five points in a row beyond 1, on one side
 * - `eight-on-one-side`: eight points in a row on one side of the centre
 *
 * Each alone calls once in a while without any cause (the first in 370 points, all four together in 92): charts use the
 * first unless told.
 *
 * @see Western Electric, Statistical Quality Control Handbook (1956) 25–28; D. C. Montgomery, Introduction to
 * Statistical Quality Control, 5.3.3
 */
export const runRules = ['beyond-limits', 'two-of-three', 'four-of-five', 'eight-on-one-side'] as const

export type RunRule = (typeof runRules)[number]

interface Pattern {
  readonly points: number
  readonly hits: number
  readonly beyond: number
}

const patterns: Readonly<Record<RunRule, Pattern>> = {
  'beyond-limits': { points: 1, hits: 1, beyond: 3 },
  'two-of-three': { points: 3, hits: 2, beyond: 2 },
  'four-of-five': { points: 5, hits: 4, beyond: 1 },
  'eight-on-one-side': { points: 8, hits: 8, beyond: 0 },
}

/**
 * The rules that each point breaks: it is the last of the pattern and beyond itself.
 *
 * @param deviations in standard deviations, in order of time; null: there is no point, the pattern goes on over it
 */
export function brokenRules(
  deviations: readonly (number | null)[],
  rules: readonly RunRule[],
): readonly RunRule[][] {
  const seen: number[] = []
  return deviations.map((deviation) => {
    if (deviation === null) return []
    seen.push(deviation)
    return rules.filter((rule) => breaks(seen, patterns[rule]))
  })
}

function breaks(seen: readonly number[], { points, hits, beyond }: Pattern): boolean {
  const last = seen.at(-1) ?? 0
  const side = Math.sign(last)
  const isBeyond = (deviation: number): boolean => deviation * side > beyond
  return side !== 0 && isBeyond(last) && seen.slice(-points).filter(isBeyond).length >= hits
}
