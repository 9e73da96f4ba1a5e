import { binomialUpperTail } from '../distributions/binomial.js'
import { hypergeometricUpperTail } from '../distributions/hypergeometric.js'
import type { Exposure } from './exposure.js'
import { casesBetween, type FaultRegions } from './regional-state.js'

/** Regions side by side: cases of a fault in each, and what they are to be measured against. */
export interface Comparison {
  /** Units in service, or the region's own cases before. */
  readonly basis: 'installed base' | 'own past'
  /** The first day on which cases count, counted from 1970. */
  readonly from: number
  /** The first day that is known at all; for the installed base the same. */
  readonly since: number
  readonly names: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  readonly cases: readonly number[]
  readonly against: readonly number[]
  readonly totalCases: number
  readonly totalAgainst: number
  /** Cases in regions where no unit is known to be. */
  readonly unplaced: number
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/** Cases since a week against the units in service since then. */
export function againstUnits(fault: FaultRegions, exposure: Exposure, fromWeek: number): Comparison {
  const cases = new Array<number>(exposure.names.length).fill(0)
  let unplaced = 0
  for (const region of fault.regions) {
    const number = exposure.numbers.get(region.name)
    const counted = casesBetween(region, fromWeek, Number.POSITIVE_INFINITY)
    if (number === undefined) unplaced += counted
    else cases[number] = counted
  }
  return {
    basis: 'installed base',
    from: fromWeek * 7,
    since: fromWeek * 7,
    names: exposure.names,
    numbers: exposure.numbers,
    cases,
    against: exposure.units,
    totalCases: sumOf(cases),
    totalAgainst: exposure.total,
    unplaced,
  }
}

/** Cases since a week against those before it, from another week on. */
export function againstPast(fault: FaultRegions, pastWeek: number, fromWeek: number): Comparison {
  const names = fault.regions.map(({ name }) => name)
  const cases = fault.regions.map((region) => casesBetween(region, fromWeek, Number.POSITIVE_INFINITY))
  const against = fault.regions.map((region) => casesBetween(region, pastWeek, fromWeek))
  return {
    basis: 'own past',
    from: fromWeek * 7,
    since: pastWeek * 7,
    names,
    numbers: new Map(names.map((name, number) => [name, number])),
    cases,
    against,
    totalCases: sumOf(cases),
    totalAgainst: sumOf(against),
    unplaced: 0,
  }
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
