import { type CellAccumulator, mostLookedThrough } from './cell-accumulator.js'

export const count: CellAccumulator = {
  width: 1,
  enter(arena, at, cells, column, place) {
    if (!cells.isNull(column, place)) arena.setNumber(at, arena.number(at) + 1)
    return true
  },
  leave(arena, at, cells, column, place) {
    if (!cells.isNull(column, place)) arena.setNumber(at, arena.number(at) - 1)
    return true
  },
  value: (arena, at) => arena.number(at),
}

export const countDistinct: CellAccumulator = {
  width: 1,
  enter(arena, at, cells, column, place) {
    if (cells.size > mostLookedThrough) return false
    if (cells.isAlone(column, place)) arena.setNumber(at, arena.number(at) + 1)
    return true
  },
  leave(arena, at, cells, column, place) {
    if (cells.isAlone(column, place)) arena.setNumber(at, arena.number(at) - 1)
    return true
  },
  value: (arena, at) => arena.number(at),
}
