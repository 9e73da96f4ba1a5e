import type { AssociationState } from './association-state.js'
import { denseStrata } from './strata.js'

/** The cases that tell one kind of attribute, oldest first: `cases[i]` has `attributes[i]`, −1 for one in too few cases. */
export interface KindColumn {
  readonly kind: number
  readonly cases: Int32Array
  readonly attributes: Int32Array
  /** From the column's own numbers, 0 and up, to those of the state. */
  readonly names: readonly number[]
}

/** The cases in mind, laid out for counting. Rare faults and attributes have no number: nothing can be said of them. */
export interface CaseTable {
  readonly count: number
  /** Where in the state the case stands. */
  readonly places: Int32Array
  /** −1 for a fault of too few cases. */
  readonly faults: Int32Array
  readonly faultNames: readonly number[]
  readonly strata: Int32Array
  readonly strataCount: number
  readonly columns: readonly KindColumn[]
}

/** @param least cases of a fault or an attribute that gets a number */
export function layOutCases(state: AssociationState, least: number): CaseTable {
  const { mostCases } = state
  const count = Math.min(state.cases.count, mostCases)
  const places = new Int32Array(count)
  const faults = new Int32Array(count)
  const strata = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    const place = (state.cases.count - count + index) % mostCases
    places[index] = place
    faults[index] = state.fault[place] ?? 0
    strata[index] = state.stratum[place] ?? 0
  }
  const faultNames = renumber(faults, state.faultNames.length, least)
  const { of, count: strataCount } = denseStrata(strata, state.strataCodes)
  const columns = columnsOf(state, places, least)
  return { count, places, faults, faultNames, strata: of, strataCount, columns }
}

/** Gives what occurs often enough numbers from 0, in its place; returns the former numbers. */
function renumber(values: Int32Array, end: number, least: number): number[] {
  const counts = new Int32Array(end)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  const names: number[] = []
  // The counts become the new numbers.
  for (let value = 0; value < end; value++)
    counts[value] = (counts[value] ?? 0) >= least ? names.push(value) - 1 : -1
  for (let index = 0; index < values.length; index++) values[index] = counts[values[index] ?? 0] ?? -1
  return names
}

function columnsOf(
  { attributes, attributeNames, mostAttributes }: AssociationState,
  places: Int32Array,
  least: number,
): KindColumn[] {
  const { kinds, kindOf } = attributeNames
  const counts = new Int32Array(kindOf.length)
  // The columns of the state are read once; what is needed twice is laid together.
  const flat = new Int32Array(places.length * mostAttributes)
  const ends = new Int32Array(places.length)
  let end = 0
  for (let index = 0; index < places.length; index++) {
    const start = (places[index] ?? 0) * mostAttributes
    for (let at = start; at < start + mostAttributes; at++) {
      const attribute = (attributes[at] ?? 0) - 1
      if (attribute < 0) break
      flat[end++] = attribute
      counts[attribute] = (counts[attribute] ?? 0) + 1
    }
    ends[index] = end
  }
  const lengths = new Int32Array(kinds.length)
  const names = kinds.map(() => [] as number[])
  const kindsOf = Int32Array.from(kindOf)
  for (let attribute = 0; attribute < counts.length; attribute++) {
    const [kind, count] = [kindsOf[attribute] ?? 0, counts[attribute] ?? 0]
    lengths[kind] = (lengths[kind] ?? 0) + count
    counts[attribute] = count >= least ? (names[kind]?.push(attribute) ?? 0) - 1 : -1
  }
  const columns = kinds.map((_, kind) => ({
    kind,
    cases: new Int32Array(lengths[kind] ?? 0),
    attributes: new Int32Array(lengths[kind] ?? 0),
    names: names[kind] ?? [],
  }))
  const next = new Int32Array(kinds.length)
  for (let index = 0, at = 0; index < places.length; index++) {
    for (const last = ends[index] ?? 0; at < last; at++) {
      const attribute = flat[at] ?? 0
      const kind = kindsOf[attribute] ?? 0
      const column = columns[kind]
      if (column === undefined) continue
      const to = next[kind] ?? 0
      column.cases[to] = index
      column.attributes[to] = counts[attribute] ?? -1
      next[kind] = to + 1
    }
  }
  return columns.filter(({ names }) => names.length > 0)
}
