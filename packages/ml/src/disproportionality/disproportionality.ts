import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { must } from '../check.js'
import { type EmpiricalBayes, empiricalBayes } from './empirical-bayes.js'
import { fitMgps } from './fit-mgps.js'
import { type InformationComponent, informationComponent } from './information-component.js'
import type { MgpsPrior } from './mgps-prior.js'
import { mustBePairCount, type PairCount } from './pair-count.js'
import {
  cellsOf,
  proportionalReportingRatio,
  type Ratio,
  reportingOddsRatio,
  yatesChiSquare,
} from './ratios.js'

export interface DisproportionalityOptions {
  /** Fitted from the pairs unless given. Give it where there are few pairs, or to judge new pairs by an old fit. */
  readonly prior?: MgpsPrior
  /** Of PRR, ROR and IC, two-sided; .95 unless told. EB05 and EB95 are at .90, as their names say. */
  readonly confidence?: number
}

/** How much more often than by chance two things are reported together, by five measures. */
export interface Disproportionality<Pair extends PairCount = PairCount> {
  readonly pair: Pair
  readonly prr: Ratio
  readonly ror: Ratio
  /** With Yates' correction. */
  readonly chiSquare: number
  /** Evans' rule: PRR 2 or more, χ² 4 or more, 3 reports or more; an infinite PRR is more than 2. */
  readonly evans: boolean
  readonly ic: InformationComponent
  /** null without a prior: too few pairs to fit one. EB05 of 2 or more is a signal. */
  readonly eb: EmpiricalBayes | null
}

export interface DisproportionalityReport<Pair extends PairCount = PairCount> {
  /** In the order given. */
  readonly pairs: readonly Disproportionality<Pair>[]
  readonly prior: MgpsPrior | null
}

const positive = z.number().positive()
const optionsSchema = z.strictObject({
  prior: z
    .looseObject({
      shape1: positive,
      rate1: positive,
      shape2: positive,
      rate2: positive,
      weight: z.number().gt(0).lt(1),
    })
    .optional(),
  confidence: z.number().gt(0).lt(1).default(0.95),
})

/**
 * Which pairs (a fault and a batch) are reported together more often than by chance: where nobody knows how many units are
 * in use, the other reports are what they are compared with.
 *
 * A pair without a report of both is no signal; it does not count for the prior. A defect that makes up much of all reports
 * hides others (masking): count without its reports and look again.
 *
 * @throws AndonError OPTIONS_INVALID for counts that contradict each other
 * @see the measures: `proportionalReportingRatio`, `informationComponent`, `empiricalBayes`, `fitMgps`
 */
export function disproportionality<Pair extends PairCount>(
  pairs: readonly Pair[],
  options: DisproportionalityOptions = {},
): DisproportionalityReport<Pair> {
  const { confidence, prior: given } = parseOptions(optionsSchema, options, 'disproportionality')
  for (const [index, pair] of pairs.entries()) {
    const argument = `disproportionality.pairs.${index}`
    mustBePairCount(pair, argument)
    must(pair.both === 0 || pair.expected > 0, `${argument}.expected`, {
      en: 'must be above 0 where there are reports of both',
      zh: '有同时报告两者的记录时必须大于 0',
    })
  }
  const prior = given ?? fitMgps(pairs.filter(({ both }) => both > 0))
  return { pairs: pairs.map((pair) => judged(pair, prior, confidence)), prior }
}

function judged<Pair extends PairCount>(
  pair: Pair,
  prior: MgpsPrior | null,
  confidence: number,
): Disproportionality<Pair> {
  const cells = cellsOf(pair)
  const prr = proportionalReportingRatio(cells, confidence)
  const chiSquare = yatesChiSquare(cells)
  return {
    pair,
    prr,
    ror: reportingOddsRatio(cells, confidence),
    chiSquare,
    evans: pair.both >= 3 && (prr.estimate === null || prr.estimate >= 2) && chiSquare >= 4,
    ic: informationComponent(pair.both, pair.expected, confidence),
    eb: prior === null ? null : empiricalBayes(pair.both, pair.expected, prior, 0.9),
  }
}
