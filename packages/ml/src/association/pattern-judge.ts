import type { PairCount } from '../disproportionality/pair-count.js'
import { chanceOf } from './association-judge.js'
import { type CaseTable, untold } from './case-table.js'

/** A fault with several attributes. */
export interface Combination {
  readonly fault: number
  /** By number of the column, and of the attribute in it. */
  readonly attributes: readonly { readonly column: number; readonly attribute: number }[]
}

export interface JudgedPattern extends Combination {
  /** Indexes of the cases with the fault and all attributes. */
  readonly cases: readonly number[]
  /** Of the fault and the attributes taken as one. */
  readonly count: PairCount
  /** The most that is expected by all attributes but one. */
  readonly expectedByParts: number
  /** The least, over the attributes, of the fault's share with it to that without it among cases with the others. */
  readonly timesTheRest: number
  /** The largest of the p-values: by chance, and by all attributes but one. */
  readonly p: number
}

/**
 * Counts a combination among the cases that tell all its kinds, stratum by stratum: against all of them, and against those
 * with all attributes but one. A combination counts as such only when it is more than each of its parts.
 */
export function judgePattern(table: CaseTable, aside: Uint8Array, combination: Combination): JudgedPattern {
  const { fault, attributes } = combination
  // Bit i: the case has attribute i. A case that does not tell a kind is left out.
  const has = new Uint8Array(table.count)
  const tells = new Uint8Array(table.count)
  for (const [bit, { column, attribute }] of attributes.entries()) {
    const ofCases = table.columns[column]?.attributes ?? new Int32Array(0)
    for (let one = 0; one < ofCases.length; one++) {
      if (ofCases[one] === untold) continue
      tells[one] = (tells[one] ?? 0) + 1
      if (ofCases[one] === attribute) has[one] = (has[one] ?? 0) | (1 << bit)
    }
  }
  const all = (1 << attributes.length) - 1
  const told = Array.from(aside.keys()).filter((one) => aside[one] === 0 && tells[one] === attributes.length)
  const countAmong = (mask: number): PairCount =>
    count(
      table,
      told.filter((one) => ((has[one] ?? 0) & mask) === mask),
      fault,
      (one) => has[one] === all,
    )
  const whole = countAmong(0)
  const parts = attributes.map((_, bit) => countAmong(all & ~(1 << bit)))
  return {
    fault,
    attributes,
    cases: told.filter((one) => has[one] === all && table.faults[one] === fault),
    count: whole,
    expectedByParts: Math.max(...parts.map(({ expected }) => expected)),
    timesTheRest: Math.min(...parts.map(timesTheRest)),
    p: Math.max(...[whole, ...parts].map(chanceOf)),
  }
}

function count(
  { faults, strata, strataCount }: CaseTable,
  cases: readonly number[],
  fault: number,
  isSecond: (one: number) => boolean,
): PairCount {
  const totals = new Int32Array(strataCount)
  const firsts = new Int32Array(strataCount)
  const seconds = new Int32Array(strataCount)
  let [both, first, second] = [0, 0, 0]
  for (const one of cases) {
    const stratum = strata[one] ?? 0
    const [isFirst, isOther] = [faults[one] === fault, isSecond(one)]
    totals[stratum] = (totals[stratum] ?? 0) + 1
    if (isFirst) firsts[stratum] = (firsts[stratum] ?? 0) + 1
    if (isOther) seconds[stratum] = (seconds[stratum] ?? 0) + 1
    first += Number(isFirst)
    second += Number(isOther)
    both += Number(isFirst && isOther)
  }
  let expected = 0
  for (let stratum = 0; stratum < strataCount; stratum++)
    expected += ((firsts[stratum] ?? 0) * (seconds[stratum] ?? 0)) / Math.max(1, totals[stratum] ?? 0)
  return { both, first, second, total: cases.length, expected }
}

/** Infinite when the fault never comes without. */
function timesTheRest({ both, first, second, total }: PairCount): number {
  const rest = (first - both) / Math.max(1, total - second)
  return both / second / rest
}
