import type { PairCount } from '../disproportionality/pair-count.js'
import type { CaseTable, KindColumn } from './case-table.js'

/** A fault and an attribute among the cases that tell this kind of attribute. */
export interface FaultAndAttribute extends PairCount {
  /** By the table's numbers. */
  readonly fault: number
  readonly column: KindColumn
  /** By the column's numbers. */
  readonly attribute: number
  /** How unlikely it is by chance: ln of the ratio of likelihoods, Poisson. */
  readonly surprise: number
}

export interface PairSearch {
  readonly pairs: readonly FaultAndAttribute[]
  /** All pairs that could have been found, by how often each of the two occurs. */
  readonly tests: number
}

/**
 * Counts each pair of a fault and an attribute; expected is Σ faultₖ·attributeₖ/totalₖ over the strata.
 *
 * @param aside 1 for each case that does not count
 * @param leastBoth pairs in fewer cases are left out
 * @param leastRatio pairs that are less often together than so many times as expected are left out
 */
export function searchPairs(
  table: CaseTable,
  aside: Uint8Array,
  leastBoth: number,
  leastRatio: number,
): PairSearch {
  const counts = new PairCounts(table, aside)
  const pairs: FaultAndAttribute[] = []
  let tests = 0
  for (const column of table.columns) {
    counts.begin(column)
    tests += counts.testsWith(leastBoth)
    for (let attribute = 0; attribute < column.names.length; attribute++)
      counts.pairsOf(attribute, leastBoth, leastRatio, pairs)
  }
  return { pairs, tests }
}

/** The counts of one kind of attribute at a time; its arrays serve all kinds. */
class PairCounts {
  readonly #table: CaseTable
  readonly #aside: Uint8Array
  readonly #ofStratum: Int32Array
  readonly #ofFault: Int32Array
  /** By fault, then stratum. */
  readonly #ofFaultIn: Int32Array
  readonly #both: Int32Array
  readonly #inStratum: Int32Array
  #column: KindColumn | undefined
  #total = 0
  /** Indexes into the column, attribute after attribute; where each begins. */
  #byAttribute = new Int32Array(0)
  #starts = new Int32Array(0)

  constructor(table: CaseTable, aside: Uint8Array) {
    this.#table = table
    this.#aside = aside
    const [faults, strata] = [table.faultNames.length, table.strataCount]
    this.#ofStratum = new Int32Array(strata)
    this.#ofFault = new Int32Array(faults)
    this.#ofFaultIn = new Int32Array(faults * strata)
    this.#both = new Int32Array(faults)
    this.#inStratum = new Int32Array(strata)
  }

  begin(column: KindColumn): void {
    const { faults, strata, strataCount } = this.#table
    this.#column = column
    this.#total = 0
    this.#ofStratum.fill(0)
    this.#ofFault.fill(0)
    this.#ofFaultIn.fill(0)
    const starts = new Int32Array(column.names.length + 1)
    for (let index = 0; index < column.cases.length; index++) {
      const one = column.cases[index] ?? 0
      if (this.#aside[one] === 1) continue
      const [fault, stratum, attribute] = [
        faults[one] ?? -1,
        strata[one] ?? 0,
        column.attributes[index] ?? -1,
      ]
      this.#total++
      this.#ofStratum[stratum] = (this.#ofStratum[stratum] ?? 0) + 1
      if (fault >= 0) {
        this.#ofFault[fault] = (this.#ofFault[fault] ?? 0) + 1
        const cell = fault * strataCount + stratum
        this.#ofFaultIn[cell] = (this.#ofFaultIn[cell] ?? 0) + 1
      }
      if (attribute >= 0) starts[attribute + 1] = (starts[attribute + 1] ?? 0) + 1
    }
    for (let attribute = 0; attribute < column.names.length; attribute++)
      starts[attribute + 1] = (starts[attribute + 1] ?? 0) + (starts[attribute] ?? 0)
    this.#starts = starts
    this.#sort(column, starts)
  }

  #sort({ cases, attributes }: KindColumn, starts: Int32Array): void {
    const next = starts.slice()
    this.#byAttribute = new Int32Array(starts.at(-1) ?? 0)
    for (let index = 0; index < cases.length; index++) {
      const attribute = attributes[index] ?? -1
      const one = cases[index] ?? 0
      if (attribute < 0 || this.#aside[one] === 1) continue
      const to = next[attribute] ?? 0
      this.#byAttribute[to] = one
      next[attribute] = to + 1
    }
  }

  testsWith(least: number): number {
    const attributes = this.#starts.subarray(1).reduce((sum, end, attribute) => {
      return sum + (end - (this.#starts[attribute] ?? 0) >= least ? 1 : 0)
    }, 0)
    return attributes * this.#ofFault.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0)
  }

  pairsOf(attribute: number, leastBoth: number, leastRatio: number, into: FaultAndAttribute[]): void {
    const { faults, strata } = this.#table
    const [begin, end] = [this.#starts[attribute] ?? 0, this.#starts[attribute + 1] ?? 0]
    if (this.#column === undefined || end - begin < leastBoth) return
    const faultsHere: number[] = []
    const strataHere: number[] = []
    for (let index = begin; index < end; index++) {
      const one = this.#byAttribute[index] ?? 0
      const [fault, stratum] = [faults[one] ?? -1, strata[one] ?? 0]
      if (fault >= 0) {
        const both = (this.#both[fault] ?? 0) + 1
        this.#both[fault] = both
        if (both === 1) faultsHere.push(fault)
      }
      const inStratum = (this.#inStratum[stratum] ?? 0) + 1
      this.#inStratum[stratum] = inStratum
      if (inStratum === 1) strataHere.push(stratum)
    }
    for (const fault of faultsHere) {
      const both = this.#both[fault] ?? 0
      this.#both[fault] = 0
      if (both < leastBoth || this.#isRareWithoutStrata(fault, both, end - begin, leastRatio)) continue
      const expected = this.#expected(fault, strataHere)
      if (both < leastRatio * expected) continue
      into.push({
        fault,
        column: this.#column,
        attribute,
        both,
        expected,
        first: this.#ofFault[fault] ?? 0,
        second: end - begin,
        total: this.#total,
        surprise: both * Math.log(both / expected) - (both - expected),
      })
    }
    for (const stratum of strataHere) this.#inStratum[stratum] = 0
  }

  /** What is not even half as often as asked for before strata are looked at is not worth the way through them. */
  #isRareWithoutStrata(fault: number, both: number, second: number, leastRatio: number): boolean {
    return both * this.#total < (leastRatio / 2) * (this.#ofFault[fault] ?? 0) * second
  }

  #expected(fault: number, strataHere: readonly number[]): number {
    let expected = 0
    for (const stratum of strataHere) {
      const ofFault = this.#ofFaultIn[fault * this.#table.strataCount + stratum] ?? 0
      expected += (ofFault * (this.#inStratum[stratum] ?? 0)) / (this.#ofStratum[stratum] ?? 1)
    }
    return expected
  }
}
