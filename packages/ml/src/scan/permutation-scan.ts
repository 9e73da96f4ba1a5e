import { parseOptions } from '@andon/core/connector'
import { must, mustBeFinite, mustCount } from '../check.js'
import { apart, type Candidate, rankP, regionsOf } from './clusters.js'
import { poissonRatio } from './likelihood.js'
import { randomFrom, shuffle } from './random.js'
import { type PeriodScanOptions, periodScanSchema } from './scan-options.js'
import { type Circles, circlesOf, type Place } from './zones.js'

export interface CountedRegion extends Place {
  /** Cases per period, oldest first; as many periods in every region. */
  readonly cases: readonly number[]
}

export interface PeriodCluster {
  /** Regions in the order given, counted from 0; the first is the centre. */
  readonly regions: readonly number[]
  /** The first and the last period, counted from 0. */
  readonly from: number
  readonly to: number
  readonly cases: number
  /** If place and time had nothing to do with each other. */
  readonly expected: number
  readonly logLikelihoodRatio: number
  /** Over all circles and times at once; null without replicas. */
  readonly pValue: number | null
}

/** What does not change from replica to replica. */
interface Ground {
  readonly circles: readonly Circles[]
  readonly perRegion: Int32Array
  readonly perPeriod: Int32Array
  readonly total: number
  readonly longest: number
  readonly alive: boolean
}

/**
 * The space-time permutation scan: where, and since when, there are more cases than the place and the time let expect.
 * Needs no exposure: each place is compared with itself at other times, and each time with itself in other places, so that
 * a place that always has many, or a month that has many everywhere, is no cluster.
 *
 * Expected in a circle over some periods: cases of the circle · cases of the periods / all cases. Chance is played by giving
 * the cases' periods to the cases anew.
 *
 * Without cases, or when nothing stands out, there are no clusters.
 *
 * @throws AndonError OPTIONS_INVALID naming the option or region, also when regions have not as many periods
 * @see M. Kulldorff, R. Heffernan, J. Hartman, R. Assunção, F. Mostashari, PLoS Med. 2 (2005) e59
 */
export function permutationScan(
  regions: readonly CountedRegion[],
  options: PeriodScanOptions = {},
): PeriodCluster[] {
  const { share, geography, replicas, seed, clusters, duration, alive } = parseOptions(
    periodScanSchema,
    options,
    'permutationScan',
  )
  const periods = mustBeRegions(regions)
  const table = Int32Array.from(regions.flatMap(({ cases }) => cases))
  const perRegion = Int32Array.from(regions, ({ cases }) => cases.reduce((sum, count) => sum + count, 0))
  const perPeriod = new Int32Array(periods)
  for (const [cell, count] of table.entries()) {
    const period = cell % periods
    perPeriod[period] = (perPeriod[period] ?? 0) + count
  }
  const total = perRegion.reduce((sum, count) => sum + count, 0)
  if (total === 0) return []
  const circles = circlesOf(regions, perRegion, share * total, geography)
  const longest = Math.max(1, Math.floor(duration * periods))
  const ground: Ground = { circles, perRegion, perPeriod, total, longest, alive }

  const candidates: Candidate[] = []
  scan(ground, table, (center, size, from, to, ratio) => {
    if (ratio > 0) candidates.push({ center, size, from, to, ratio })
  })
  const highest = playedHighest(ground, table, replicas, seed)
  return apart(candidates, circles, clusters).map((candidate) => {
    const { from, to, ratio } = candidate
    const inside = regionsOf(candidate, circles)
    const inCircle = inside.reduce((sum, region) => sum + (perRegion[region] ?? 0), 0)
    const inTime = perPeriod.subarray(from, to + 1).reduce((sum, count) => sum + count, 0)
    const cases = inside
      .map((region) => table.subarray(region * periods + from, region * periods + to + 1))
      .reduce((sum, counts) => sum + counts.reduce((some, count) => some + count, 0), 0)
    return {
      regions: inside,
      from,
      to,
      cases,
      expected: (inCircle * inTime) / total,
      logLikelihoodRatio: ratio,
      pValue: rankP(ratio, highest),
    }
  })
}

/** The highest ratio of each replica. */
function playedHighest(ground: Ground, table: Int32Array, replicas: number, seed: number): number[] {
  const periods = ground.perPeriod.length
  const random = randomFrom(seed)
  const regionOfCase = new Int32Array(ground.total)
  const periodOfCase = new Int32Array(ground.total)
  let next = 0
  for (const [cell, count] of table.entries())
    for (let left = count; left > 0; left--, next++) {
      regionOfCase[next] = Math.floor(cell / periods)
      periodOfCase[next] = cell % periods
    }
  const played = new Int32Array(table.length)
  return Array.from({ length: replicas }, () => {
    shuffle(periodOfCase, random, ground.total)
    played.fill(0)
    for (const [index, region] of regionOfCase.entries()) {
      const cell = region * periods + (periodOfCase[index] ?? 0)
      played[cell] = (played[cell] ?? 0) + 1
    }
    let best = 0
    scan(ground, played, (_center, _size, _from, _to, ratio) => {
      if (ratio > best) best = ratio
    })
    return best
  })
}

function scan(
  { circles, perRegion, perPeriod, total, longest, alive }: Ground,
  table: Int32Array,
  visit: (center: number, size: number, from: number, to: number, ratio: number) => void,
): void {
  const periods = perPeriod.length
  const within = new Int32Array(periods)
  for (const [center, { neighbours, sizes }] of circles.entries()) {
    within.fill(0)
    let inCircle = 0
    let position = 0
    for (const size of sizes) {
      for (; position < size; position++) {
        const region = neighbours[position] ?? 0
        inCircle += perRegion[region] ?? 0
        for (let period = 0; period < periods; period++)
          within[period] = (within[period] ?? 0) + (table[region * periods + period] ?? 0)
      }
      for (let to = periods - 1; to >= (alive ? periods - 1 : 0); to--) {
        let cases = 0
        let inTime = 0
        for (let from = to; from >= 0 && to - from < longest; from--) {
          cases += within[from] ?? 0
          inTime += perPeriod[from] ?? 0
          visit(center, size, from, to, poissonRatio(cases, (inCircle * inTime) / total, total))
        }
      }
    }
  }
}

function mustBeRegions(regions: readonly CountedRegion[]): number {
  const periods = regions[0]?.cases.length ?? 0
  for (const [index, { x, y, cases }] of regions.entries()) {
    const argument = `permutationScan.regions.${index}`
    mustBeFinite(x, `${argument}.x`)
    mustBeFinite(y, `${argument}.y`)
    must(cases.length === periods, `${argument}.cases`, {
      en: `must have ${periods} periods, as the first region has`,
      zh: `必须与第一个地区一样有 ${periods} 个时段`,
    })
    for (const [period, count] of cases.entries()) mustCount(count, `${argument}.cases.${period}`)
  }
  return periods
}
