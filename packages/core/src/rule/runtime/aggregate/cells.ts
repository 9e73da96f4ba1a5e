import type { Value } from '../value.js'

/** The values of a window's entries. */
export interface Cells {
  input(column: number, place: number): Value
  isNull(column: number, place: number): boolean
}

/**
 * One aggregate kept up to date while values come and go. SQL's rules: NULL is skipped, and everything but COUNT
 * over no values is NULL. Classes, not closures: there is one for every group, and groups come and go.
 */
export interface Accumulator {
  /** True when values must leave in the order in which they came. */
  readonly inOrder: boolean
  add(cells: Cells, column: number, place: number): void
  remove(cells: Cells, column: number, place: number): void
  value(): Value
}
