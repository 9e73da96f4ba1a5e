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

/** One row: this report has both. */
export interface PairRow {
  readonly report: string
  readonly first: string
  readonly second: string
  /** A report is compared only with others of its stratum: batch and age go together, so do model and fault. */
  readonly stratum?: string
}

export interface NamedPairCount extends PairCount {
  readonly firstName: string
  readonly secondName: string
}

interface Pair {
  readonly first: string
  readonly second: string
  readonly reports: Set<string>
}

/** Reports per name, and per stratum of those who have one. */
class Margin {
  readonly #byName = new Map<
    string,
    { readonly reports: Set<string>; readonly strata: Map<string, number> }
  >()

  add(name: string, report: string, stratum: string): void {
    const of = this.#byName.get(name) ?? { reports: new Set(), strata: new Map() }
    this.#byName.set(name, of)
    if (of.reports.has(report)) return
    of.reports.add(report)
    of.strata.set(stratum, (of.strata.get(stratum) ?? 0) + 1)
  }

  count(name: string): number {
    return this.#byName.get(name)?.reports.size ?? 0
  }

  strata(name: string): ReadonlyMap<string, number> {
    return this.#byName.get(name)?.strata ?? new Map()
  }
}

/**
 * Counts the pairs that occur, each report once however often it repeats itself.
 *
 * Expected over strata: Σ firstₖ·secondₖ/totalₖ. A report counts in the stratum of its first row.
 */
export function countPairs(rows: Iterable<PairRow>): NamedPairCount[] {
  const strataOf = new Map<string, string>()
  const totals = new Map<string, number>()
  const firsts = new Margin()
  const seconds = new Margin()
  const pairs = new Map<string, Pair>()
  for (const { report, first, second, stratum: said = '' } of rows) {
    let stratum = strataOf.get(report)
    if (stratum === undefined) {
      stratum = said
      strataOf.set(report, stratum)
      totals.set(stratum, (totals.get(stratum) ?? 0) + 1)
    }
    firsts.add(first, report, stratum)
    seconds.add(second, report, stratum)
    const key = JSON.stringify([first, second])
    const pair = pairs.get(key) ?? { first, second, reports: new Set() }
    pair.reports.add(report)
    pairs.set(key, pair)
  }
  return [...pairs.values()].map(({ first, second, reports }) => ({
    firstName: first,
    secondName: second,
    both: reports.size,
    first: firsts.count(first),
    second: seconds.count(second),
    total: strataOf.size,
    expected: expectedOver(totals, firsts.strata(first), seconds.strata(second)),
  }))
}

function expectedOver(
  totals: ReadonlyMap<string, number>,
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
): number {
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
