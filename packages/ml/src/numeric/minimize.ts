import { dot } from './dot.js'

/** A function's value and its slope in each direction. */
export interface Valued {
  readonly value: number
  readonly slope: readonly number[]
}

export interface Minimum {
  readonly at: readonly number[]
  readonly value: number
  /** false when the steps ran out before the slope was flat. */
  readonly converged: boolean
  readonly steps: number
}

/**
 * The lowest point near `start` of a smooth function: BFGS with halving of steps that do not go down enough (Armijo).
 *
 * Where the function is not finite it counts as high, so that a step never ends there.
 *
 * @see J. Nocedal, S. J. Wright, Numerical Optimization, 6.1
 */
export function minimize(
  of: (at: readonly number[]) => Valued,
  start: readonly number[],
  { maxSteps = 500, flat = 1e-10 } = {},
): Minimum {
  let at = start
  let here = of(at)
  let inverse = identity(start.length)
  for (let step = 0; step < maxSteps; step++) {
    if (isFlat(here, flat)) return { at, value: here.value, converged: true, steps: step }
    let direction = inverse.map((row) => -dot(row, here.slope))
    if (dot(direction, here.slope) >= 0) {
      inverse = identity(start.length)
      direction = here.slope.map((slope) => -slope)
    }
    const found = descend(of, at, here, direction)
    // No shorter step goes down: as low as rounding lets it.
    if (found === undefined)
      return { at, value: here.value, converged: isFlat(here, flat * 1e4), steps: step }
    const moved = found.at.map((x, index) => x - (at[index] ?? 0))
    const bent = found.there.slope.map((slope, index) => slope - (here.slope[index] ?? 0))
    inverse = updated(inverse, moved, bent)
    at = found.at
    here = found.there
  }
  return { at, value: here.value, converged: false, steps: maxSteps }
}

const isFlat = ({ value, slope }: Valued, flat: number): boolean =>
  Math.max(...slope.map(Math.abs)) <= flat * Math.max(1, Math.abs(value))

function descend(
  of: (at: readonly number[]) => Valued,
  at: readonly number[],
  here: Valued,
  direction: readonly number[],
): { at: readonly number[]; there: Valued } | undefined {
  const fall = dot(direction, here.slope)
  // The first directions are slopes and may be long: no more than 1 at once, in logarithms already a factor of e.
  const longest = Math.max(...direction.map(Math.abs))
  for (let length = Math.min(1, 1 / longest), tries = 0; tries < 50; tries++, length /= 2) {
    const next = at.map((x, index) => x + length * (direction[index] ?? 0))
    const there = of(next)
    if (Number.isFinite(there.value) && there.value <= here.value + 1e-4 * length * fall)
      return there.value < here.value ? { at: next, there } : undefined
  }
  return undefined
}

function updated(
  inverse: readonly number[][],
  moved: readonly number[],
  bent: readonly number[],
): number[][] {
  const curvature = dot(moved, bent)
  // Without positive curvature the update would lose the descent.
  if (curvature <= 1e-12) return inverse.map((row) => [...row])
  const bentInverse = inverse.map((row) => dot(row, bent))
  const factor = (1 + dot(bent, bentInverse) / curvature) / curvature
  return inverse.map((row, i) =>
    row.map((x, j) => {
      const [si, sj, hi, hj] = [moved[i] ?? 0, moved[j] ?? 0, bentInverse[i] ?? 0, bentInverse[j] ?? 0]
      return x + factor * si * sj - (hi * sj + si * hj) / curvature
    }),
  )
}

const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)))
