import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of chance that a seed repeats. */
export interface Random {
  /** 0 or more, below 1. */
  next(): number
  /** 0 or more, below `end`. */
  below(end: number): number
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return {
    next: () => uniformFloat64(generator),
    below: (end) => uniformInt(generator, 0, end - 1),
  }
}

/**
 * Draws an index with probability proportional to its weight, in constant time.
 *
 * @see M. D. Vose, IEEE Trans. Softw. Eng. 17 (1991) 972–975
 */
export function aliasTable(weights: ArrayLike<number>): (random: Random) => number {
  const size = weights.length
  const all = Array.from(weights)
  const mean = all.reduce((sum, weight) => sum + weight, 0) / size
  const keep = Float64Array.from(all, (weight) => weight / mean)
  const alias = Int32Array.from(all, (_, index) => index)
  const small = all.flatMap((_, index) => ((keep[index] ?? 0) < 1 ? [index] : []))
  const large = all.flatMap((_, index) => ((keep[index] ?? 0) >= 1 ? [index] : []))
  for (
    let low = small.pop(), high = large.pop();
    low !== undefined && high !== undefined;
    low = small.pop()
  ) {
    alias[low] = high
    const rest = (keep[high] ?? 0) + (keep[low] ?? 0) - 1
    keep[high] = rest
    if (rest < 1) {
      small.push(high)
      high = large.pop()
    }
  }
  return (random) => {
    const index = random.below(size)
    return random.next() < (keep[index] ?? 0) ? index : (alias[index] ?? index)
  }
}

/** Puts a random choice of `chosen` of the values first, in place: the beginning of Fisher and Yates' shuffle. */
export function shuffle(values: Int32Array, random: Random, chosen: number): void {
  for (let index = 0; index < chosen; index++) {
    const other = index + random.below(values.length - index)
    const value = values[index] ?? 0
    values[index] = values[other] ?? 0
    values[other] = value
  }
}
