import type { Finding, JsonObject } from '@andon/core/connector'
import { garwoodInterval } from '../intervals/garwood.js'
import type { Comparison } from './comparison.js'
import type { Measured } from './measure.js'
import type { RegionalSettings } from './regional-options.js'
import { type FaultRegions, idsIn } from './regional-state.js'
import { remedyOf, sentenceOf } from './regional-words.js'
import type { Zone } from './zones.js'

/** What the look as a whole says of a place. */
export interface Sight {
  /** The smallest false discovery rate of the week at which the fault would still be told. */
  readonly adjusted: number
  /** How many times as much as elsewhere all else has risen; null with units in service. */
  readonly others: number | null
  /** The numbers of the place's regions. */
  readonly regions: ReadonlySet<number>
  /** The week that ended, counted from 1970. */
  readonly ended: number
}

/**
 * The finding of a place. Its `pValue` is corrected for all places and times at which the fault was compared, `adjusted` for
 * the other faults of the week, too; `expected` is what the place would have if it were like all; `days` is how long cases
 * are counted for.
 */
export function findingOf(
  fault: FaultRegions,
  name: string,
  comparison: Comparison,
  zone: Zone,
  measured: Measured,
  sight: Sight,
  settings: RegionalSettings,
): Finding {
  const days = (sight.ended + 1) * 7 - comparison.from
  const { en, zh } = remedyOf(measured, settings)
  const isRate = comparison.basis === 'installed base'
  return {
    key: JSON.stringify(['region', fault.model, fault.fault, name]),
    title: sentenceOf(fault, comparison, zone, measured, days),
    severity: (measured.level === 'confirmed' ? 7 : 6) - (isRate ? 0 : 1),
    feedbackIds: idsIn(fault, sight.regions),
    numbers: {
      level: measured.level,
      basis: isRate ? 'installed base' : 'own past, the installed base is not known',
      regions: [...zone.regions],
      cases: zone.cases,
      casesElsewhere: comparison.totalCases - zone.cases,
      expected: measured.expected,
      ratio: measured.ratio,
      lower: measured.lower,
      upper: measured.upper,
      ...(isRate
        ? rateOf(comparison, zone, days, settings.confidence)
        : pastOf(comparison, zone, sight.others)),
      pValue: zone.pValue,
      adjusted: sight.adjusted,
      days,
      limit: settings.limit,
      confidence: settings.confidence,
      uncounted: fault.uncounted,
      casesToClear: measured.casesToClear,
      goesAway: { en, zh },
    },
  }
}

/** The rate itself with its interval, in cases a year for 1,000 units, and the ratio to the mean of all regions. */
function rateOf(
  { totalCases, totalAgainst, unplaced }: Comparison,
  { cases, against }: Zone,
  days: number,
  confidence: number,
): JsonObject {
  const rate = garwoodInterval(cases, (against / 1000) * (days / 365.25), confidence)
  return {
    units: against,
    unitsElsewhere: totalAgainst - against,
    ratePerThousand: rate?.estimate ?? null,
    rateLower: rate?.lower ?? null,
    rateUpper: rate?.upper ?? null,
    ratioToMean: cases / against / (totalCases / totalAgainst),
    casesWhereNoUnitIsKnown: unplaced,
  }
}

function pastOf({ totalAgainst }: Comparison, { against }: Zone, others: number | null): JsonObject {
  return { casesBefore: against, casesElsewhereBefore: totalAgainst - against, riseOfOtherFaults: others }
}
