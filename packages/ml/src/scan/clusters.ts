import type { Circles } from './zones.js'

/** One zone that was looked at: a circle, over some periods where time counts. */
export interface Candidate {
  readonly center: number
  /** How many of the centre's neighbours are in it. */
  readonly size: number
  readonly from: number
  readonly to: number
  readonly ratio: number
}

/**
 * The best candidates that share no region, nor are equal: each is the best of what the ones before it left.
 *
 * @param circles of the centres
 */
export function apart(candidates: Candidate[], circles: readonly Circles[], most: number): Candidate[] {
  const taken = new Set<number>()
  const found: Candidate[] = []
  candidates.sort((a, b) => b.ratio - a.ratio || a.size - b.size || a.center - b.center || b.from - a.from)
  for (const candidate of candidates) {
    if (found.length === most) break
    const regions = regionsOf(candidate, circles)
    if (regions.some((region) => taken.has(region))) continue
    for (const region of regions) taken.add(region)
    found.push(candidate)
  }
  return found
}

export function regionsOf({ center, size }: Candidate, circles: readonly Circles[]): number[] {
  return Array.from(circles[center]?.neighbours.subarray(0, size) ?? [])
}

/**
 * How often chance, with one rate everywhere, gives as high a ratio somewhere: the rank among the highest of each replica.
 *
 * @returns null without replicas
 */
export function rankP(ratio: number, highest: readonly number[]): number | null {
  if (highest.length === 0) return null
  // Sums in another order differ by rounding; what is equal to within that is as high.
  const least = ratio * (1 - 1e-9)
  return (1 + highest.filter((other) => other >= least).length) / (1 + highest.length)
}
