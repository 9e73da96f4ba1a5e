import type { Baskets } from '../item-sets/baskets.js'
import { type CaseTable, rare } from './case-table.js'

/** An attribute that nearly all cases have says nothing. */
const nearlyAll = 0.9

/**
 * Each case as a basket, laid out for mining: faults have the lowest numbers, so that a set with a fault begins with it.
 * Named are faults f3, and attributes 2:17 for number 17 of column 2.
 *
 * @param aside 1 for each case that is left out
 * @param least cases of an item that counts
 * @returns the baskets, and how many of the items are faults
 */
export function casesAsBaskets(
  { count, faults, columns, faultNames }: CaseTable,
  aside: Uint8Array,
  least: number,
): { readonly baskets: Baskets; readonly faults: number } {
  const names: string[] = []
  const counts: number[] = []
  /** Gives those that count their item's number; −1 to others. */
  const numbered = (values: Int32Array, end: number, name: string): Int32Array => {
    const items = new Int32Array(end)
    for (let one = 0; one < values.length; one++) {
      const value = values[one] ?? rare
      if (value >= 0 && aside[one] === 0) items[value] = (items[value] ?? 0) + 1
    }
    for (let value = 0; value < end; value++) {
      const cases = items[value] ?? 0
      const isItem = cases >= least && cases <= nearlyAll * count
      items[value] = isItem ? counts.push(cases) - 1 : -1
      if (isItem) names.push(`${name}${value}`)
    }
    return items
  }
  const ofFault = numbered(faults, faultNames.length, 'f')
  const faultItems = names.length
  const flat = new Int32Array(count * (columns.length + 2)).fill(-1)
  const lengths = new Int32Array(count)
  const put = (one: number, item: number): void => {
    if (item < 0) return
    const length = lengths[one] ?? 0
    flat[one * (columns.length + 2) + length] = item
    lengths[one] = length + 1
  }
  for (let one = 0; one < count; one++) put(one, ofFault[faults[one] ?? -1] ?? -1)
  for (const [number, { attributes, names: ofColumn }] of columns.entries()) {
    const items = numbered(attributes, ofColumn.length, `${number}:`)
    for (let one = 0; one < count; one++) put(one, items[attributes[one] ?? rare] ?? -1)
  }
  const starts: number[] = []
  for (let one = 0; one < count; one++) if (aside[one] === 0) starts.push(one * (columns.length + 2))
  return { baskets: { names, counts, flat, starts: Int32Array.from(starts) }, faults: faultItems }
}
