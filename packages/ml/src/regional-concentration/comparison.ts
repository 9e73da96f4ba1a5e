import { binomialUpperTail } from '../distributions/binomial.js'
import { hypergeometricUpperTail } from '../distributions/hypergeometric.js'
import type { Exposure } from './exposure.js'

/** Regions side by side: cases of a fault in each, and what they are to be measured against. */
export interface Comparison {
  /** Units in service, or the region's own cases before. */
  readonly basis: 'installed base' | 'own past'
  /** The first day on which cases count, counted from 1970. */
  readonly from: number
  /** The first day that is known at all; for the installed base the same. */
  readonly since: number
  /** By the number of the region; null where there is none. */
  readonly names: readonly (string | null)[]
  readonly numbers: ReadonlyMap<string, number>
  readonly cases: ArrayLike<number>
  readonly against: ArrayLike<number>
  /** Regions with units, or with cases at any time. */
  readonly compared: number
  readonly totalCases: number
  readonly totalAgainst: number
  /** Cases in regions where no unit is known to be. */
  readonly unplaced: number
}

/** Cases of a fault by region, over times that follow each other; the last lasts until now. */
export interface CasesInTime {
  /** The weeks in which they begin, counted from 1970. */
  readonly starts: readonly number[]
  readonly spans: readonly Int32Array[]
  readonly names: readonly (string | null)[]
  readonly numbers: ReadonlyMap<string, number>
}

/** Cases from the start of one span on against the units in service since then. */
export function againstUnits(
  { starts, spans, names }: CasesInTime,
  span: number,
  exposure: Exposure,
): Comparison {
  const from = (starts[span] ?? 0) * 7
  const cases = new Float64Array(exposure.names.length)
  let totalCases = 0
  let unplaced = 0
  for (const [region, counted] of sumOf(spans.slice(span), names.length).entries()) {
    if (counted === 0) continue
    const number = exposure.numbers.get(names[region] ?? '')
    if (number === undefined) unplaced += counted
    else {
      cases[number] = counted
      totalCases += counted
    }
  }
  return {
    basis: 'installed base',
    from,
    since: from,
    names: exposure.names,
    numbers: exposure.numbers,
    cases,
    against: exposure.units,
    compared: exposure.names.length,
    totalCases,
    totalAgainst: exposure.total,
    unplaced,
  }
}

/** Cases from the start of one span on against those of all spans before it. */
export function againstPast({ starts, spans, names, numbers }: CasesInTime, span: number): Comparison {
  const cases = sumOf(spans.slice(span), names.length)
  const against = sumOf(spans.slice(0, span), names.length)
  let compared = 0
  let totalCases = 0
  let totalAgainst = 0
  for (let region = 0; region < names.length; region++) {
    const [now, before] = [cases[region] ?? 0, against[region] ?? 0]
    if (now + before > 0) compared++
    totalCases += now
    totalAgainst += before
  }
  return {
    basis: 'own past',
    from: (starts[span] ?? 0) * 7,
    since: (starts[0] ?? 0) * 7,
    names,
    numbers,
    cases,
    against,
    compared,
    totalCases,
    totalAgainst,
    unplaced: 0,
  }
}

/** Of the rate of cases in a place over that of all others. */
export const ratioToRest = (
  cases: number,
  against: number,
  totalCases: number,
  totalAgainst: number,
): number => (cases * (totalAgainst - against)) / (against * (totalCases - cases))

/**
 * Whether any region has so many cases, and more than `limit` times the rate of all others, against the past of some span, and
 * may have a chance of `level` at most, corrected for all regions and spans. Mostly none has, and then no comparison needs to
 * be laid out.
 */
export function mayStandOutFromPast(
  { spans, names }: CasesInTime,
  level: number,
  { leastCases, limit }: { readonly leastCases: number; readonly limit: number },
): boolean {
  const regions = sumOf(spans, names.length)
  const totals = spans.map((span) => span.reduce((sum, cases) => sum + cases, 0))
  const total = totals.reduce((sum, cases) => sum + cases, 0)
  const compared = (spans.length - 1) * regions.reduce((sum, cases) => sum + (cases > 0 ? 1 : 0), 0)
  for (let region = 0; region < names.length; region++) {
    const all = regions[region] ?? 0
    if (all < leastCases) continue
    let [cases, totalCases] = [0, 0]
    for (let span = spans.length - 1; span > 0; span--) {
      cases += spans[span]?.[region] ?? 0
      totalCases += totals[span] ?? 0
      if (cases < leastCases || ratioToRest(cases, all - cases, totalCases, total - totalCases) <= limit)
        continue
      if (compared * chanceOfJust(cases, all, totalCases, total) <= level * roundings) return true
    }
  }
  return false
}

/** So much more than the level a chance may seem that is not. */
const roundings = 1 + 1e-6

/** How likely the draw of `drawn` out of `population` has just so many of the `marked`: so many or more are no less likely. */
function chanceOfJust(hits: number, marked: number, drawn: number, population: number): number {
  let chance = 1
  for (let hit = 0; hit < hits; hit++)
    chance *= ((marked - hit) / (hit + 1)) * ((drawn - hit) / (population - hit))
  for (let miss = 0; miss < marked - hits; miss++)
    chance *= (population - drawn - miss) / (population - hits - miss)
  return chance
}

function sumOf(spans: readonly Int32Array[], regions: number): Int32Array {
  const sum = new Int32Array(regions)
  for (const span of spans)
    for (let region = 0; region < regions; region++) sum[region] = (sum[region] ?? 0) + (span[region] ?? 0)
  return sum
}

/**
 * How likely chance alone brings so many of all cases into a place. Exact, given what does not matter: with units, how many
 * cases there are; with the past, also how many each place has, now and then together.
 *
 * @param usual so many times the rate elsewhere is nothing unusual; it says nothing of a place's own past
 */
export function chanceOf(comparison: Comparison, cases: number, against: number, usual: number): number {
  const { basis, totalCases, totalAgainst } = comparison
  return basis === 'installed base'
    ? binomialUpperTail(cases, totalCases, (usual * against) / (usual * against + totalAgainst - against))
    : hypergeometricUpperTail(cases, totalCases + totalAgainst, cases + against, totalCases)
}

/** What is expected in a place if it were like all. */
export function expectedIn(
  { basis, totalCases, totalAgainst }: Comparison,
  cases: number,
  against: number,
): number {
  return basis === 'installed base'
    ? (totalCases * against) / totalAgainst
    : (totalCases * (cases + against)) / (totalCases + totalAgainst)
}
