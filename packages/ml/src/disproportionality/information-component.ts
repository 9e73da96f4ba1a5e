import { gammaQuantile } from '../distributions/gamma.js'

export interface InformationComponent {
  /** log₂ of observed to expected, drawn towards 0 where little was seen. */
  readonly estimate: number
  /** IC025 and IC975, at a confidence of .95. */
  readonly lower: number
  readonly upper: number
}

/**
 * IC = log₂((a + ½)/(E + ½)); its ends are log₂ of the quantiles of Gamma(a + ½, E + ½). Defined for every count, 0 too.
 *
 * @see G. N. Norén, J. Hopstadius, A. Bate, Stat. Methods Med. Res. 22 (2013) 57–69
 */
export function informationComponent(
  both: number,
  expected: number,
  confidence: number,
): InformationComponent {
  const shape = both + 0.5
  const rate = expected + 0.5
  const tail = (1 - confidence) / 2
  return {
    estimate: Math.log2(shape / rate),
    lower: Math.log2(gammaQuantile(tail, shape, rate)),
    upper: Math.log2(gammaQuantile(1 - tail, shape, rate)),
  }
}
