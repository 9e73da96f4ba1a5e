import type { Value } from '../value.js'
import type { Atom, EqualAtom, RangeAtom } from './atom.js'
import type { Conjunction } from './normal-form.js'

/** Where a conjunction stands: under each of the keys over these columns, with what the keys do not prove. */
export interface Placement {
  /** Ascending. */
  readonly slots: readonly number[]
  /** Values in the order of the slots. */
  readonly keys: readonly (readonly Value[])[]
  readonly atoms: readonly Atom[]
}

/** More columns would make more trees to ask and hardly fewer candidates. */
const maxColumns = 4
/** Keys of several IN lists multiply. */
const maxKeys = 64
/** One long list (serial numbers of a recall) is worth its keys when nothing else narrows the rule down. */
const maxKeysOfOne = 4096

/**
 * Every column that must equal something goes into the key, short lists first, as long as the keys stay few.
 * Undefined when the conjunction can never be true.
 * @param allowed the columns that may be in the key; all when absent
 */
export function placementOf(conjunction: Conjunction, allowed?: readonly number[]): Placement | undefined {
  const merged = mergeRanges(conjunction)
  if (merged === undefined) return undefined
  const chosen = chooseKeys(merged, allowed)
  const ordered = chosen.toSorted((a, b) => a.slot - b.slot)
  return {
    slots: ordered.map(({ slot }) => slot),
    keys: ordered.reduce<readonly (readonly Value[])[]>(
      (keys, { values }) => keys.flatMap((key) => values.map((value) => [...key, value])),
      [[]],
    ),
    atoms: merged.filter((atom) => atom.kind !== 'equal' || !chosen.includes(atom)),
  }
}

function chooseKeys(conjunction: Conjunction, allowed?: readonly number[]): readonly EqualAtom[] {
  const offered = conjunction
    .filter((atom) => atom.kind === 'equal')
    .filter(({ slot }) => allowed?.includes(slot) ?? true)
    .toSorted((a, b) => a.values.length - b.values.length)
  const chosen: EqualAtom[] = []
  let keys = 1
  for (const atom of offered) {
    const limit = chosen.length === 0 ? maxKeysOfOne : maxKeys
    if (chosen.length === maxColumns || keys * atom.values.length > limit) break
    if (chosen.some(({ slot }) => slot === atom.slot)) continue
    chosen.push(atom)
    keys *= atom.values.length
  }
  return chosen
}

/** `x > 3 AND x < 7` is one range; undefined when nothing can be in it. */
function mergeRanges(conjunction: Conjunction): Conjunction | undefined {
  const ranges = new Map<number, RangeAtom[]>()
  for (const atom of conjunction) {
    if (atom.kind !== 'range') continue
    const same = ranges.get(atom.slot)
    if (same === undefined) ranges.set(atom.slot, [atom])
    else same.push(atom)
  }
  if (ranges.size === 0) return conjunction
  const merged: Atom[] = conjunction.filter((atom) => atom.kind !== 'range')
  for (const same of ranges.values()) {
    const range = intersection(same)
    if (range === undefined) continue
    if (range.low >= range.end) return undefined
    merged.push(range)
  }
  return merged
}

function intersection(ranges: readonly RangeAtom[]): RangeAtom | undefined {
  const [first, ...others] = ranges
  if (first === undefined || others.length === 0) return first
  return {
    ...first,
    low: Math.max(...ranges.map(({ low }) => low)),
    end: Math.min(...ranges.map(({ end }) => end)),
    test: (row) => ranges.every(({ test }) => test(row)),
  }
}
