import type { RingArena } from '../memory/ring-arena.js'
import type { Value } from '../value.js'
import type { Cells } from './cells.js'

/** The entries of one window. */
export interface WindowCells extends Cells {
  /** How many there are. */
  readonly size: number
  /** True when the value at a place is there and no other entry has it. */
  isAlone(column: number, place: number): boolean
}

/**
 * An aggregate whose state is a few doubles in front of the entries themselves: nothing of its own has to be reached.
 * One object serves all windows. `enter` and `leave` are called while the entry is among the others, and give false
 * when the doubles do not suffice any more: an `Accumulator` has to take over.
 */
export interface CellAccumulator {
  /** Doubles of state; all zero over no entries. */
  readonly width: number
  enter(arena: RingArena, at: number, cells: WindowCells, column: number, place: number): boolean
  leave(arena: RingArena, at: number, cells: WindowCells, column: number, place: number): boolean
  value(arena: RingArena, at: number): Value
}

/** Looking through so many entries, which stand side by side, is faster than a table beside them. */
export const mostLookedThrough = 64
