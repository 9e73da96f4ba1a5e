import type { Value } from '../value.js'
import type { Accumulator, Cells } from './cells.js'

/** An accumulator that wants to know the values themselves. */
export abstract class ValueAccumulator implements Accumulator {
  abstract readonly inOrder: boolean
  abstract addValue(value: Value): void
  abstract removeValue(value: Value): void
  abstract value(): Value

  add(cells: Cells, column: number, place: number): void {
    this.addValue(cells.input(column, place))
  }

  remove(cells: Cells, column: number, place: number): void {
    this.removeValue(cells.input(column, place))
  }
}
