import { reportingOddsRatio } from '../disproportionality/ratios.js'
import { rateRatio } from '../intervals/rate-ratio.js'
import { type Comparison, expectedIn } from './comparison.js'
import type { RegionalSettings } from './regional-options.js'
import type { Zone } from './zones.js'

/** A place in numbers. */
export interface Measured {
  /** `confirmed`: the lower end of the ratio, too, is above the limit. */
  readonly level: 'likely' | 'confirmed'
  /** The region of the place with most cases beyond what is expected there. */
  readonly worst: string
  readonly expected: number
  /** Of the rate here to the rate elsewhere; null where there is nothing elsewhere to divide by. */
  readonly ratio: number | null
  readonly lower: number
  readonly upper: number | null
  /** Further cases elsewhere that would bring the ratio down to the limit, if none came here. */
  readonly casesToClear: number
}

/**
 * With units in service the exact interval of two rates; with the past that of the odds, now to before, by the normal
 * approximation of its logarithm.
 */
export function measure(
  comparison: Comparison,
  zone: Zone,
  { limit, confidence }: Pick<RegionalSettings, 'limit' | 'confidence'>,
): Measured {
  const { basis, totalCases, totalAgainst, names, cases, against } = comparison
  const [rest, restAgainst] = [totalCases - zone.cases, totalAgainst - zone.against]
  const { estimate, lower, upper } =
    basis === 'installed base'
      ? rateRatio(
          { count: zone.cases, exposure: zone.against },
          { count: rest, exposure: restAgainst },
          confidence,
        )
      : reportingOddsRatio({ a: zone.cases, b: zone.against, c: rest, d: restAgainst }, confidence)
  const inside = new Set(zone.regions)
  let [worst, most] = ['', Number.NEGATIVE_INFINITY]
  for (const [number, name] of names.entries()) {
    const [here, there] = [cases[number] ?? 0, against[number] ?? 0]
    const beyond = here - expectedIn(comparison, here, there)
    if (name !== null && inside.has(name) && beyond > most) [worst, most] = [name, beyond]
  }
  // cases·restAgainst / (against·(rest + more)) ≤ limit; a place without a past is as one with half a case.
  const more = (zone.cases * restAgainst) / (Math.max(zone.against, basis === 'own past' ? 0.5 : 0) * limit)
  return {
    level: lower > limit ? 'confirmed' : 'likely',
    worst,
    expected: expectedIn(comparison, zone.cases, zone.against),
    ratio: estimate,
    lower,
    upper,
    casesToClear: Math.max(0, Math.ceil(more - rest)),
  }
}
