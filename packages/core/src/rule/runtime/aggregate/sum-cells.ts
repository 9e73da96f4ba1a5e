import type { RingArena } from '../memory/ring-arena.js'
import type { CellAccumulator } from './cell-accumulator.js'

/** State: how many numbers, how many parts, and the parts of `Sum`; three hold what reports contain many times over. */
const mostParts = 3
const sumWidth = 2 + mostParts

function addTo(arena: RingArena, at: number, value: number): boolean {
  const parts = arena.number(at + 1)
  let carried = value
  let kept = 0
  for (let i = 0; i < parts; i++) {
    const part = arena.number(at + 2 + i)
    const isLarger = Math.abs(carried) >= Math.abs(part)
    const large = isLarger ? carried : part
    const small = isLarger ? part : carried
    carried = large + small
    const lost = small - (carried - large)
    if (lost !== 0) arena.setNumber(at + 2 + kept++, lost)
  }
  if (carried !== 0) {
    if (kept === mostParts) return false
    arena.setNumber(at + 2 + kept++, carried)
  }
  arena.setNumber(at + 1, kept)
  return true
}

/** The double nearest to the exact sum of the parts, smallest first (the end of Python's `math.fsum`). */
function total(arena: RingArena, at: number): number {
  let next = arena.number(at + 1) - 1
  if (next < 0) return 0
  let sum = arena.number(at + 2 + next)
  let lost = 0
  while (lost === 0 && next > 0) {
    const before = sum
    const part = arena.number(at + 2 + --next)
    sum = before + part
    lost = part - (sum - before)
  }
  // Half way between two doubles: what is left below decides.
  const below = next > 0 ? arena.number(at + 1 + next) : 0
  if (lost !== 0 && Math.sign(lost) === Math.sign(below)) {
    const twice = lost * 2
    const rounded = sum + twice
    if (rounded - sum === twice) sum = rounded
  }
  return sum
}

export const sum: CellAccumulator = {
  width: sumWidth,
  enter(arena, at, cells, column, place) {
    const value = cells.input(column, place)
    if (typeof value !== 'number') return true
    arena.setNumber(at, arena.number(at) + 1)
    return addTo(arena, at, value)
  },
  leave(arena, at, cells, column, place) {
    const value = cells.input(column, place)
    if (typeof value !== 'number') return true
    const left = arena.number(at) - 1
    arena.setNumber(at, left)
    if (left > 0) return addTo(arena, at, -value)
    arena.setNumber(at + 1, 0)
    return true
  },
  value: (arena, at) => (arena.number(at) === 0 ? null : total(arena, at)),
}

export const average: CellAccumulator = {
  ...sum,
  value: (arena, at) => (arena.number(at) === 0 ? null : total(arena, at) / arena.number(at)),
}
