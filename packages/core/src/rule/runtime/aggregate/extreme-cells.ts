import { compare } from '../value.js'
import { type CellAccumulator, mostLookedThrough } from './cell-accumulator.js'

/**
 * MIN and MAX of numbers in two doubles: how many there are, and which is the extreme. When that one leaves, the
 * others are looked through; windows that empty all at once never come to that.
 * @param wanted -1 for the least, 1 for the greatest
 */
function extreme(wanted: -1 | 1): CellAccumulator {
  const beats = (value: number, other: number): boolean => (compare(value, other) ?? 0) * wanted > 0
  return {
    width: 2,
    enter(arena, at, cells, column, place) {
      const value = cells.input(column, place)
      if (value === null) return true
      if (typeof value !== 'number') return false
      const present = arena.number(at)
      arena.setNumber(at, present + 1)
      if (present === 0 || beats(value, arena.number(at + 1))) arena.setNumber(at + 1, value)
      return true
    },
    leave(arena, at, cells, column, place) {
      const value = cells.input(column, place)
      if (typeof value !== 'number') return true
      const left = arena.number(at) - 1
      const isExtreme = compare(value, arena.number(at + 1)) === 0
      if (left > 0 && isExtreme && cells.size > mostLookedThrough) return false
      arena.setNumber(at, left)
      if (left === 0 || !isExtreme) return true
      let next: number | undefined
      for (let other = 0; other < cells.size; other++) {
        const rest = other === place ? null : cells.input(column, other)
        if (typeof rest === 'number' && (next === undefined || beats(rest, next))) next = rest
      }
      arena.setNumber(at + 1, next ?? 0)
      return true
    },
    value: (arena, at) => (arena.number(at) === 0 ? null : arena.number(at + 1)),
  }
}

export const least = extreme(-1)
export const greatest = extreme(1)
