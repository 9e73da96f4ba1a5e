import { parseOptions } from '@andon/core/connector'
import { must, mustBeFinite, mustCount, mustCountOf, mustNotBeNegative } from '../check.js'
import { apart, type Candidate, rankP, regionsOf } from './clusters.js'
import { bernoulliRatio, poissonRatio } from './likelihood.js'
import { aliasTable, type Random, randomFrom, shuffle } from './random.js'
import { type ScanOptions, scanSchema } from './scan-options.js'
import { type Circles, circlesOf, type Place } from './zones.js'

export interface ScannedRegion extends Place {
  readonly cases: number
  /** Poisson: units in service, or what is expected, in any unit. Bernoulli: cases and the others together. */
  readonly exposure: number
}

export interface SpatialCluster {
  /** Regions in the order given, counted from 0; the first is the centre. */
  readonly regions: readonly number[]
  readonly cases: number
  /** With one rate everywhere. */
  readonly expected: number
  /** The rate inside over the rate outside; null when there are no cases outside. */
  readonly relativeRisk: number | null
  /** ln of how much likelier the cases are with a higher rate inside. */
  readonly logLikelihoodRatio: number
  /** Over all circles at once; null without replicas. */
  readonly pValue: number | null
}

interface Model {
  /** Of the circle's cases and exposure. */
  readonly ratio: (cases: number, exposure: number) => number
  /** Plays the cases anew, with one rate everywhere. */
  readonly play: (into: Int32Array, random: Random) => void
}

/**
 * Kulldorff's scan: the circles, of all around every region, whose rate stands out most from the rest of the map, and how
 * likely that is by chance. Finds clusters across borders, and needs no correction for how many circles were looked at.
 *
 * - `poisson`: cases among exposure, cases few: played as a multinomial over the exposure
 * - `bernoulli`: units that are cases or not: played as a draw without replacement
 *
 * Regions without exposure are in no circle. Without cases, or when no circle stands out, there are no clusters.
 *
 * @throws AndonError OPTIONS_INVALID naming the option or region; also for cases where there is no exposure
 * @see M. Kulldorff, Commun. Stat. Theory Methods 26 (1997) 1481–1496
 */
export function spatialScan(
  model: 'poisson' | 'bernoulli',
  regions: readonly ScannedRegion[],
  options: ScanOptions = {},
): SpatialCluster[] {
  const { share, geography, replicas, seed, clusters } = parseOptions(scanSchema, options, 'spatialScan')
  mustBeRegions(regions, model)
  const cases = Int32Array.from(regions, (region) => region.cases)
  const exposure = Float64Array.from(regions, (region) => region.exposure)
  const total = cases.reduce((sum, count) => sum + count, 0)
  const all = exposure.reduce((sum, amount) => sum + amount, 0)
  if (total === 0) return []
  const circles = circlesOf(regions, exposure, share * all, geography)
  const { ratio, play } =
    model === 'poisson' ? poisson(exposure, total, all) : bernoulli(exposure, total, all)

  const candidates: Candidate[] = []
  scan(circles, cases, exposure, ratio, (center, size, found) => {
    if (found > 0) candidates.push({ center, size, from: 0, to: 0, ratio: found })
  })
  const random = randomFrom(seed)
  const played = new Int32Array(cases.length)
  const highest = Array.from({ length: replicas }, () => {
    play(played, random)
    let best = 0
    scan(circles, played, exposure, ratio, (_center, _size, found) => {
      if (found > best) best = found
    })
    return best
  })
  return apart(candidates, circles, clusters).map((candidate) => {
    const inside = regionsOf(candidate, circles)
    const within = inside.reduce((sum, region) => sum + (cases[region] ?? 0), 0)
    const amount = inside.reduce((sum, region) => sum + (exposure[region] ?? 0), 0)
    const outside = total - within
    return {
      regions: inside,
      cases: within,
      expected: (total * amount) / all,
      relativeRisk: outside === 0 ? null : within / amount / (outside / (all - amount)),
      logLikelihoodRatio: candidate.ratio,
      pValue: rankP(candidate.ratio, highest),
    }
  })
}

function scan(
  circles: readonly Circles[],
  cases: Int32Array,
  exposure: Float64Array,
  ratio: Model['ratio'],
  visit: (center: number, size: number, ratio: number) => void,
): void {
  for (const [center, { neighbours, sizes }] of circles.entries()) {
    let within = 0
    let amount = 0
    let position = 0
    for (const size of sizes) {
      for (; position < size; position++) {
        const region = neighbours[position] ?? 0
        within += cases[region] ?? 0
        amount += exposure[region] ?? 0
      }
      visit(center, size, ratio(within, amount))
    }
  }
}

function poisson(exposure: Float64Array, total: number, all: number): Model {
  const draw = aliasTable(exposure)
  return {
    ratio: (cases, amount) => poissonRatio(cases, (total * amount) / all, total),
    play: (into, random) => {
      into.fill(0)
      for (let left = total; left > 0; left--) {
        const region = draw(random)
        into[region] = (into[region] ?? 0) + 1
      }
    },
  }
}

function bernoulli(exposure: Float64Array, total: number, all: number): Model {
  const unitRegions = new Int32Array(all)
  let unit = 0
  for (const [region, units] of exposure.entries()) {
    unitRegions.fill(region, unit, unit + units)
    unit += units
  }
  return {
    ratio: (cases, units) => bernoulliRatio(cases, units, total, all),
    play: (into, random) => {
      into.fill(0)
      shuffle(unitRegions, random, total)
      for (let index = 0; index < total; index++) {
        const region = unitRegions[index] ?? 0
        into[region] = (into[region] ?? 0) + 1
      }
    },
  }
}

/** Many enough for any plant, few enough for memory. */
const mostUnits = 50_000_000

function mustBeRegions(regions: readonly ScannedRegion[], model: 'poisson' | 'bernoulli'): void {
  let all = 0
  for (const [index, { x, y, cases, exposure }] of regions.entries()) {
    const argument = `spatialScan.regions.${index}`
    mustBeFinite(x, `${argument}.x`)
    mustBeFinite(y, `${argument}.y`)
    mustCount(cases, `${argument}.cases`)
    if (model === 'bernoulli') {
      mustCount(exposure, `${argument}.exposure`)
      mustCountOf(cases, exposure, `${argument}.cases`)
    } else mustNotBeNegative(exposure, `${argument}.exposure`)
    must(cases === 0 || exposure > 0, `${argument}.exposure`, {
      en: 'must be above 0 where there are cases',
      zh: '有案例的地区必须大于 0',
    })
    all += exposure
  }
  must(model === 'poisson' || all <= mostUnits, 'spatialScan.regions', {
    en: `must have at most ${mostUnits} units together`,
    zh: `总数不得超过 ${mostUnits}`,
  })
}
