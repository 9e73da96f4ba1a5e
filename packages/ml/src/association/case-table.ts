import type { AssociationState } from './association-state.js'
import type { KindColumns } from './kind-columns.js'
import { denseStrata } from './strata.js'

/** Instead of the number of an attribute: one of too few cases, or a case that does not tell this kind. */
export const rare = -1
export const untold = -2

/** One kind of attribute: what each case has, by its place. */
export interface KindColumn {
  readonly kind: number
  readonly attributes: Int32Array
  /** Whether each case tells it. */
  readonly isToldByAll: boolean
  /** From the column's own numbers, 0 and up, to those of the state. */
  readonly names: readonly number[]
}

/** The cases in mind by their places, laid out for counting. Of rare faults and attributes nothing can be said. */
export interface CaseTable {
  readonly count: number
  readonly faults: Int32Array
  readonly faultNames: readonly number[]
  readonly strata: Int32Array
  readonly strataCount: number
  readonly columns: readonly KindColumn[]
}

/** @param least cases of a fault or an attribute that gets a number */
export function layOutCases(state: AssociationState, kinds: KindColumns, least: number): CaseTable {
  const count = Math.min(state.cases.count, state.mostCases)
  const faults = new Int32Array(state.fault)
  const faultNames = renumber(faults, new Int32Array(state.faultNames.length), least)
  const { of, count: strataCount } = denseStrata(new Int32Array(state.stratum), state.strataCodes)
  // No attribute is of two kinds, so that one array of counts serves all.
  const counts = new Int32Array(state.attributeNames.values.length)
  const columns = kinds.columns.flatMap((column, kind): KindColumn[] => {
    const attributes = new Int32Array(count).fill(untold)
    const end = Math.min(count, column.length)
    let told = 0
    for (let place = 0; place < end; place++) {
      const number = column[place] ?? 0
      if (number === 0) continue
      attributes[place] = number - 1
      told++
    }
    const names = renumber(attributes, counts, least)
    return names.length === 0 ? [] : [{ kind, attributes, isToldByAll: told === count, names }]
  })
  return { count, faults, faultNames, strata: of, strataCount, columns }
}

/**
 * Gives what occurs often enough numbers from 0, in the order of the places; what is below 0 stays.
 *
 * @param counts by value, all 0; what is left in them is of no use
 * @returns the former numbers
 */
function renumber(values: Int32Array, counts: Int32Array, least: number): number[] {
  for (const value of values) if (value >= 0) counts[value] = (counts[value] ?? 0) + 1
  const names: number[] = []
  for (let place = 0; place < values.length; place++) {
    const value = values[place] ?? rare
    if (value < 0) continue
    let number = counts[value] ?? 0
    // Counts are above 0; from here on, the new number stands there, below 0.
    if (number > 0) {
      number = number >= least ? -1 - names.push(value) : -1
      counts[value] = number
    }
    values[place] = -2 - number
  }
  return names
}
