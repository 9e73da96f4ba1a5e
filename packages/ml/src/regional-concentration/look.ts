import type { Finding } from '@andon/core/connector'
import { benjaminiHochberg } from '../false-discovery/benjamini-hochberg.js'
import {
  againstPast,
  againstUnits,
  type CasesInTime,
  type Comparison,
  mayStandOutFromPast,
} from './comparison.js'
import type { Exposures } from './exposure.js'
import { measure } from './measure.js'
import { riseOfOthers } from './other-faults.js'
import { findingOf } from './regional-finding.js'
import type { RegionalSettings } from './regional-options.js'
import { addCasesSince, type FaultRegions, forgetBefore, type RegionalState } from './regional-state.js'
import { newsOf } from './told-places.js'
import { apart, type Neighbourhood, type Zone } from './zones.js'

/** What a look needs beside the state. */
export interface LookTools {
  /** The numbers of regions in the state. */
  readonly numbers: ReadonlyMap<string, number>
  readonly settings: RegionalSettings
  readonly neighbourhood: Neighbourhood
  /** null where no installed base is known at all. */
  readonly exposures: Exposures | null
}

/** A place that stands out; its chance is corrected for all places and times at which the fault was compared. */
interface Suspicion extends Zone {
  readonly comparison: Comparison
}

interface Suspect {
  readonly place: number
  readonly fault: FaultRegions
  readonly suspicions: readonly Suspicion[]
}

const yearsInWeek = 7 / 365.25

/**
 * Looks at what is known when a week has ended. The year's chance of a false finding is shared out evenly over its weeks;
 * within a look, a place's chance is multiplied by the number of places compared for its fault, and the faults of all models
 * share the week's part by false discovery: those that have nothing new count as tests, too.
 *
 * @param ended the week, counted from 1970
 */
export function lookAt(state: RegionalState, ended: number, tools: LookTools): Finding[] {
  const { settings } = tools
  const weeks = ended - state.looked
  state.looked = ended
  // A chance above it is told by no look, and changes nothing for those below.
  const level = Math.min(0.5, settings.falseAlarms * weeks * yearsInWeek)
  const starts = startsOf(state, ended, settings)
  const spans = starts.map(() => new Int32Array(state.regions.length))
  const cases = { starts, spans, names: state.regions, numbers: tools.numbers }
  const suspects: Suspect[] = []
  let place = -1
  for (const fault of state.faults) {
    place++
    // A tenth more cases than at the last look, so that what it costs does not grow with the square of what comes.
    if (fault.fresh === 0 || fault.fresh * 10 < fault.looked) continue
    const suspicions = suspicionsOf(state, fault, { ended, level }, cases, tools)
    if (suspicions.length > 0) suspects.push({ place, fault, suspicions })
  }
  if (suspects.length === 0) return []
  const pValues = new Array<number>(state.faults.length).fill(1)
  for (const { place, suspicions } of suspects)
    pValues[place] = suspicions.reduce((least, { pValue }) => Math.min(least, pValue), 1)
  const { rejected, adjusted, rejections } = benjaminiHochberg(pValues, level)
  const highest = (level * rejections) / state.faults.length
  return suspects.flatMap(({ place, fault, suspicions }) =>
    rejected[place] === true
      ? tell(
          state,
          fault,
          ended,
          suspicions.filter(({ pValue }) => pValue <= highest),
          adjusted[place] ?? 1,
          settings,
        )
      : [],
  )
}

/** The weeks since which cases are compared: all that are watched, and their last half, quarter and twelfth. */
function startsOf({ since }: RegionalState, ended: number, { windowDays }: RegionalSettings): number[] {
  const weeks = Math.floor(windowDays / 7)
  const first = Math.max(ended + 1 - weeks, since)
  const later = [2, 4, 12].map((part) => ended + 1 - Math.round(weeks / part))
  return [first, ...later.filter((week) => week > first)]
}

function suspicionsOf(
  state: RegionalState,
  fault: FaultRegions,
  { ended, level }: { readonly ended: number; readonly level: number },
  cases: CasesInTime,
  tools: LookTools,
): Suspicion[] {
  const { settings, neighbourhood, exposures } = tools
  const weeks = Math.floor(settings.windowDays / 7)
  forgetBefore(fault, ended + 1 - weeks)
  const { starts, spans, names } = cases
  for (const span of spans) span.fill(0)
  addCasesSince(fault, starts, spans)
  let most = 0
  let all = 0
  for (let region = 0; region < names.length; region++) {
    let here = 0
    for (const span of spans) here += span[region] ?? 0
    most = Math.max(most, here)
    all += here
  }
  fault.looked = all
  fault.fresh = 0
  fault.told = fault.told.filter(({ seen }) => ended - seen <= weeks)
  // Most faults have few cases, and then nothing needs to be asked or compared.
  if ((neighbourhood.hasCircles ? fault.looked : most) < settings.leastCases) return []
  if (exposures === null && !neighbourhood.hasCircles && !mayStandOutFromPast(cases, level, settings))
    return []
  const comparisons = comparisonsOf(state, fault, ended, cases, tools)
  const hot = comparisons.map((comparison) => neighbourhood.hotZones(comparison, settings))
  if (hot.every((zones) => zones.length === 0)) return []
  const compared = comparisons.reduce((sum, comparison) => sum + neighbourhood.zoneCount(comparison), 0)
  return comparisons.flatMap((comparison, index) =>
    (hot[index] ?? []).map((zone) => ({ ...zone, comparison, pValue: Math.min(1, zone.pValue * compared) })),
  )
}

/**
 * With units in service: over all that is watched, and over its last quarter, in which what is new shows sooner. Without:
 * its last half, quarter and twelfth, each against what was before.
 */
function comparisonsOf(
  { tenant }: RegionalState,
  { model }: FaultRegions,
  ended: number,
  cases: CasesInTime,
  { exposures, settings }: LookTools,
): Comparison[] {
  const { starts } = cases
  const quarter = ended + 1 - Math.round(Math.floor(settings.windowDays / 7) / 4)
  const against = starts.flatMap((from, span) => {
    if (exposures === null || (span > 0 && from !== quarter)) return []
    const exposure = exposures.of(tenant, model, from * 7, (ended + 1) * 7)
    return exposure === null ? [] : [againstUnits(cases, span, exposure)]
  })
  return against.length > 0 ? against : starts.slice(1).map((_, earlier) => againstPast(cases, earlier + 1))
}

function tell(
  state: RegionalState,
  fault: FaultRegions,
  ended: number,
  suspicions: readonly Suspicion[],
  adjusted: number,
  settings: RegionalSettings,
): Finding[] {
  return apart(suspicions).flatMap(({ comparison, ...zone }) => {
    const others = comparison.basis === 'own past' ? riseOfOthers(state, fault, comparison, zone) : null
    if (others !== null && zone.ratio <= settings.limit * others) return []
    const measured = measure(comparison, zone, settings)
    const name = newsOf(fault, zone, measured, ended)
    if (name === null) return []
    const regions = new Set(zone.regions.map((region) => state.regions.indexOf(region)))
    const sight = { adjusted, others, regions, ended }
    return [findingOf(fault, name, comparison, zone, measured, sight, settings)]
  })
}
