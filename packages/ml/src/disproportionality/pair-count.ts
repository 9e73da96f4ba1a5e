import { must, mustCount, mustCountOf, mustNotBeNegative } from '../check.js'

/** How often two things were reported, each and together: numbers of different reports, never of rows. */
export interface PairCount {
  /** Reports with both. */
  readonly both: number
  /** Reports with the first (a fault), whatever else. */
  readonly first: number
  /** Reports with the second (a batch), whatever else. */
  readonly second: number
  readonly total: number
  /** Reports with both if they had nothing to do with each other; first·second/total, or the sum of that over strata. */
  readonly expected: number
}

/** What one report names on either side: its faults, and the batches of its parts. */
export interface Report {
  readonly id: string
  /** May be empty, as `seconds`: the report then counts for the other side and the total. */
  readonly firsts: readonly string[]
  readonly seconds: readonly string[]
  /** A report is compared only with others of its stratum: batch and age go together, so do model and fault. */
  readonly stratum?: string
}

export interface NamedPairCount extends PairCount {
  readonly firstName: string
  readonly secondName: string
}

interface Merged {
  readonly firsts: Set<string>
  readonly seconds: Set<string>
  readonly stratum: string
}

type Tally = Map<string, number>

/**
 * Counts the pairs that occur, each report once however often it is told: reports with one id are one, with the names of all
 * of them and the stratum of the first. A report has every pair of one of its firsts and one of its seconds.
 *
 * Expected over strata: Σ firstₖ·secondₖ/totalₖ.
 */
export function countPairs(reports: Iterable<Report>): NamedPairCount[] {
  const merged = [...mergedById(reports).values()]
  const totals: Tally = new Map()
  const firsts = new Map<string, Tally>()
  const seconds = new Map<string, Tally>()
  const pairs = new Map<string, Tally>()
  for (const report of merged) {
    add(totals, report.stratum)
    for (const second of report.seconds) add(within(seconds, second), report.stratum)
    for (const first of report.firsts) {
      add(within(firsts, first), report.stratum)
      const ofFirst = within(pairs, first)
      for (const second of report.seconds) add(ofFirst, second)
    }
  }
  return [...pairs].flatMap(([first, bySecond]) =>
    [...bySecond].map(([second, both]) => {
      const ofFirst = within(firsts, first)
      const ofSecond = within(seconds, second)
      return {
        firstName: first,
        secondName: second,
        both,
        first: sum(ofFirst),
        second: sum(ofSecond),
        total: merged.length,
        expected: expectedOver(totals, ofFirst, ofSecond),
      }
    }),
  )
}

function mergedById(reports: Iterable<Report>): ReadonlyMap<string, Merged> {
  const byId = new Map<string, Merged>()
  for (const { id, firsts, seconds, stratum = '' } of reports) {
    const known = byId.get(id) ?? { firsts: new Set(), seconds: new Set(), stratum }
    for (const first of firsts) known.firsts.add(first)
    for (const second of seconds) known.seconds.add(second)
    byId.set(id, known)
  }
  return byId
}

function within(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? new Map<string, number>()
  tallies.set(name, tally)
  return tally
}

function add(tally: Tally, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1)
}

function sum(tally: Tally): number {
  let all = 0
  for (const count of tally.values()) all += count
  return all
}

function expectedOver(totals: Tally, first: Tally, second: Tally): number {
  let expected = 0
  for (const [stratum, count] of first)
    expected += (count * (second.get(stratum) ?? 0)) / (totals.get(stratum) ?? 1)
  return expected
}

/** @throws AndonError OPTIONS_INVALID for counts that contradict each other */
export function mustBePairCount(pair: PairCount, argument: string): void {
  mustCount(pair.total, `${argument}.total`)
  mustCountOf(pair.first, pair.total, `${argument}.first`)
  mustCountOf(pair.second, pair.total, `${argument}.second`)
  mustCountOf(pair.both, Math.min(pair.first, pair.second), `${argument}.both`)
  mustNotBeNegative(pair.expected, `${argument}.expected`)
  const least = pair.first + pair.second - pair.total
  must(pair.both >= least, `${argument}.both`, {
    en: `must be at least ${least}: the two together are more than the total`,
    zh: `不得小于 ${least}：两者之和超过总数`,
  })
}
