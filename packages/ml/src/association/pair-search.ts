import type { PairCount } from '../disproportionality/pair-count.js'
import { type CaseTable, type KindColumn, rare, untold } from './case-table.js'

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

/** The counts of one kind of attribute at a time; its arrays serve all kinds. They are read by local names in loops: quicker. */
class PairCounts {
  readonly #table: CaseTable
  readonly #aside: Uint8Array
  readonly #ofStratum: Int32Array
  readonly #ofFault: Int32Array
  /** By fault, then stratum: the fault's share of the cases there. */
  readonly #shareIn: Float64Array
  readonly #both: Int32Array
  readonly #inStratum: Int32Array
  #column: KindColumn | undefined
  /** Faults and strata of the attribute at hand: the first ones of these. */
  readonly #faultsHere: Int32Array
  readonly #strataHere: Int32Array
  #total = 0
  /** Fault and stratum of each case in one number, (fault + 1)·2^bits + stratum: taken apart without a division. */
  readonly #cellOf: Int32Array
  readonly #bits: number
  /** The same of the cases, attribute after attribute; where each attribute's begin. */
  #cells = new Int32Array(0)
  #starts = new Int32Array(0)

  constructor(table: CaseTable, aside: Uint8Array) {
    this.#table = table
    this.#aside = aside
    const [faults, strata] = [table.faultNames.length, table.strataCount]
    this.#ofStratum = new Int32Array(strata)
    this.#ofFault = new Int32Array(faults)
    this.#shareIn = new Float64Array(faults * strata)
    this.#both = new Int32Array(faults)
    this.#inStratum = new Int32Array(strata)
    this.#faultsHere = new Int32Array(faults)
    this.#strataHere = new Int32Array(strata)
    this.#bits = 32 - Math.clz32(strata)
    this.#cellOf = table.faults.map((fault, one) => ((fault + 1) << this.#bits) | (table.strata[one] ?? 0))
  }

  begin(column: KindColumn): void {
    // What all cases tell has the same totals.
    if (!(column.isToldByAll && this.#column?.isToldByAll)) this.#count(column)
    this.#column = column
    this.#sort(column)
  }

  #count({ attributes }: KindColumn): void {
    const { faults, strata, strataCount } = this.#table
    const [aside, ofStratum, ofFault, shareIn] = [
      this.#aside,
      this.#ofStratum.fill(0),
      this.#ofFault.fill(0),
      this.#shareIn.fill(0),
    ]
    let total = 0
    for (let one = 0; one < attributes.length; one++) {
      if (attributes[one] === untold || aside[one] === 1) continue
      const [fault, stratum] = [faults[one] ?? rare, strata[one] ?? 0]
      total++
      ofStratum[stratum] = (ofStratum[stratum] ?? 0) + 1
      if (fault < 0) continue
      ofFault[fault] = (ofFault[fault] ?? 0) + 1
      const cell = fault * strataCount + stratum
      shareIn[cell] = (shareIn[cell] ?? 0) + 1
    }
    this.#total = total
    for (let row = 0; row < shareIn.length; row += strataCount)
      for (let stratum = 0; stratum < strataCount; stratum++)
        shareIn[row + stratum] = (shareIn[row + stratum] ?? 0) / Math.max(1, ofStratum[stratum] ?? 0)
  }

  #sort({ attributes, names }: KindColumn): void {
    const [aside, cellOf] = [this.#aside, this.#cellOf]
    const starts = new Int32Array(names.length + 1)
    for (let one = 0; one < attributes.length; one++) {
      const attribute = attributes[one] ?? rare
      if (attribute >= 0 && aside[one] === 0) starts[attribute + 1] = (starts[attribute + 1] ?? 0) + 1
    }
    for (let attribute = 0; attribute < names.length; attribute++)
      starts[attribute + 1] = (starts[attribute + 1] ?? 0) + (starts[attribute] ?? 0)
    const next = starts.slice()
    const cells = new Int32Array(starts[names.length] ?? 0)
    for (let one = 0; one < attributes.length; one++) {
      const attribute = attributes[one] ?? rare
      if (attribute < 0 || aside[one] === 1) continue
      const to = next[attribute] ?? 0
      cells[to] = cellOf[one] ?? 0
      next[attribute] = to + 1
    }
    this.#starts = starts
    this.#cells = cells
  }

  testsWith(least: number): number {
    const starts = this.#starts
    let attributes = 0
    for (let attribute = 0; attribute + 1 < starts.length; attribute++)
      if ((starts[attribute + 1] ?? 0) - (starts[attribute] ?? 0) >= least) attributes++
    return attributes * this.#ofFault.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0)
  }

  pairsOf(attribute: number, leastBoth: number, leastRatio: number, into: FaultAndAttribute[]): void {
    const [begin, end] = [this.#starts[attribute] ?? 0, this.#starts[attribute + 1] ?? 0]
    const column = this.#column
    if (column === undefined || end - begin < leastBoth) return
    const [cells, bothOf, inStratum] = [this.#cells, this.#both, this.#inStratum]
    const [bits, mask] = [this.#bits, (1 << this.#bits) - 1]
    const [faultsHere, strataHere] = [this.#faultsHere, this.#strataHere]
    let [faults, strata] = [0, 0]
    for (let index = begin; index < end; index++) {
      const cell = cells[index] ?? 0
      const fault = (cell >> bits) - 1
      const stratum = cell & mask
      const of = inStratum[stratum] ?? 0
      inStratum[stratum] = of + 1
      if (of === 0) strataHere[strata++] = stratum
      if (fault < 0) continue
      const both = bothOf[fault] ?? 0
      bothOf[fault] = both + 1
      if (both === 0) faultsHere[faults++] = fault
    }
    for (let here = 0; here < faults; here++) {
      const fault = faultsHere[here] ?? 0
      const both = bothOf[fault] ?? 0
      bothOf[fault] = 0
      if (both < leastBoth) continue
      const expected = this.#expected(fault, strata)
      if (both < leastRatio * expected) continue
      const [first, second, total] = [this.#ofFault[fault] ?? 0, end - begin, this.#total]
      const surprise = both * Math.log(both / expected) - (both - expected)
      into.push({ fault, column, attribute, both, expected, first, second, total, surprise })
    }
    for (let here = 0; here < strata; here++) inStratum[strataHere[here] ?? 0] = 0
  }

  /** Σ of the fault's share in each stratum times the attribute's cases there, which are in so many strata. */
  #expected(fault: number, strata: number): number {
    const [inStratum, shareIn, row] = [this.#inStratum, this.#shareIn, fault * this.#table.strataCount]
    const strataHere = this.#strataHere
    let expected = 0
    // In order is quicker than in hops, even over some for nothing.
    if (2 * strata > inStratum.length)
      for (let stratum = 0; stratum < inStratum.length; stratum++)
        expected += (inStratum[stratum] ?? 0) * (shareIn[row + stratum] ?? 0)
    else
      for (let here = 0; here < strata; here++) {
        const stratum = strataHere[here] ?? 0
        expected += (inStratum[stratum] ?? 0) * (shareIn[row + stratum] ?? 0)
      }
    return expected
  }
}
