import type { AccumulatorSpec } from './accumulator.js'
import type { CellAccumulator } from './cell-accumulator.js'
import { count, countDistinct } from './count-cells.js'
import { greatest, least } from './extreme-cells.js'
import { average, sum } from './sum-cells.js'

/** Undefined for aggregates that need more than a few doubles. */
export function cellAccumulator({ name, distinct }: AccumulatorSpec): CellAccumulator | undefined {
  switch (name) {
    case 'COUNT':
      return distinct ? countDistinct : count
    case 'SUM':
      return distinct ? undefined : sum
    case 'AVG':
      return distinct ? undefined : average
    case 'MIN':
      return least
    case 'MAX':
      return greatest
    case 'PERCENTILE':
      return undefined
  }
}
