import { type Detector, type Finding, parseOptions } from '@andon/core/connector'
import { CaseRing } from '../detector/case-ring.js'
import { derivedFrom } from '../detector/derived-index.js'
import { day } from '../detector/instant.js'
import { keyOf, keyOfPair } from '../detector/key.js'
import { type Reading, readingsOf } from '../detector/reading.js'
import { faultOf } from '../detector/subject.js'
import { Exposures } from './exposure.js'
import { FaultPlaces } from './fault-places.js'
import { type LookTools, lookAt } from './look.js'
import {
  type RegionalConcentrationOptions,
  type RegionalSettings,
  regionalSchema,
} from './regional-options.js'
import { emptyRegionalState, type RegionalState } from './regional-state.js'
import { Neighbourhood } from './zones.js'

interface Index {
  readonly cases: CaseRing
  readonly faults: FaultPlaces
}

/**
 * Finds faults that are more frequent in a region, or in neighbouring ones, than `limit` times elsewhere.
 *
 * Counted are units, once in `windowDays`, by serial number, else by customer, where he is a consumer, else by feedback.
 * Where the installed base is known, cases per unit in service here are compared with those of all other regions, over the
 * window and over its last quarter; where it is not, the cases of its last half, quarter and twelfth with those before,
 * here and elsewhere (the space-time permutation), and a place in which everything said of the model has risen as much is
 * passed over. Both are exact tests, which give the very small chances that a fair share of a year's false alarms comes to;
 * a scan's chance from 999 replicas ends at one in a thousand. Where `places` are given, circles of neighbours are compared
 * like regions.
 *
 * It looks when a week of arrivals has ended. A place is told when it has `leastCases`, its ratio to the rest is above the
 * limit, and chance is ruled out for all places, faults, models and weeks together; again when the lower end of the ratio is
 * above the limit, or with twice as many cases.
 *
 * Feedback without a region is not counted.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; when observing, for an installed base that tells negative units
 */
export function regionalConcentration(options: RegionalConcentrationOptions = {}): Detector<RegionalState> {
  const settings = parseOptions(regionalSchema, options, 'regionalConcentration')
  const tools: Omit<LookTools, 'numbers'> = {
    settings,
    neighbourhood: new Neighbourhood(settings),
    exposures: settings.installedBase === undefined ? null : new Exposures(settings.installedBase),
  }
  const about = { name: 'regional-concentration', init: emptyRegionalState }
  const indexOf = derivedFrom<RegionalState, Index>(about, (state) => ({
    cases: new CaseRing(state.cases, settings.mostCases, settings.windowDays * day),
    faults: new FaultPlaces(state, settings.mostFaults, settings.mostRegions),
  }))
  return {
    contract: 1,
    ...about,
    capabilities: {
      limit: settings.limit,
      windowDays: settings.windowDays,
      installedBase: settings.installedBase !== undefined,
      places: Object.keys(settings.places).length,
    },
    observe(state, batch) {
      const index = indexOf(state)
      const findings: Finding[] = []
      // Most feedback ends no week: nothing is made for it.
      for (const reading of readingsOf(batch)) {
        const now = Math.floor(reading.arrived / week)
        if (now > state.week) findings.push(...endWeek(state, index, now, reading.feedback.tenant, tools))
        if (reading.feedback.region !== undefined)
          count(state, index, reading, reading.feedback.region, settings)
      }
      return findings
    },
  }
}

const week = 7 * day

/** Looks at the week that has ended with this arrival. */
function endWeek(
  state: RegionalState,
  index: Index,
  now: number,
  tenant: string,
  tools: Omit<LookTools, 'numbers'>,
): readonly Finding[] {
  index.faults.countAll()
  const ended = state.week
  state.week = now
  if (ended >= 0) {
    index.faults.forgetRegions()
    return lookAt(state, ended, { ...tools, numbers: index.faults.numbers })
  }
  state.tenant = tenant
  state.looked = now - 1
  return []
}

function count(
  state: RegionalState,
  index: Index,
  reading: Reading,
  region: string,
  settings: RegionalSettings,
): void {
  const happened = Math.floor(reading.at / week)
  if (happened <= state.week - Math.floor(settings.windowDays / 7)) return
  if (index.cases.open(caseKeyOf(reading), reading.at) < 0) return
  const fault = index.faults.placeOf(reading)
  state.since = Math.min(state.since, happened)
  const number = index.faults.regionOf(region)
  if (number < 0) index.faults.addUncounted(fault)
  else index.faults.add(fault, happened, number, reading.feedback.feedbackId)
}

/** The unit is a customer's where no serial number is known and he is a consumer. */
function caseKeyOf({ feedback, caseKey }: Reading): number {
  const { serialNumber, customerRole, customerRef } = feedback
  return serialNumber === undefined && customerRole === 'consumer' && customerRef !== undefined
    ? keyOfPair(keyOf(customerRef), keyOf(faultOf(feedback)))
    : caseKey
}
