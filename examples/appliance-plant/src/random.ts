import { seededRandom } from '@andon/testkit'

/** A list that cannot be empty. */
export type Some<T> = readonly [T, ...T[]]

/** Seeded chance: the same seed and label give the same draws, whatever others draw. */
export interface Draw {
  /** In [0, 1). */
  next(): number
  chance(probability: number): boolean
  /** In [low, high). */
  between(low: number, high: number): number
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number
  pick<T>(items: Some<T>): T
  /** The items in an order of chance. */
  shuffled<T>(items: readonly T[]): readonly T[]
  /** One of the items, each as likely as its weight says. */
  weighted<T>(items: Some<readonly [item: T, weight: number]>): T
  /** How often something happens that happens `mean` times on average (Knuth, 1969). */
  poisson(mean: number): number
}

export function drawFrom(seed: number, label: string): Draw {
  const next = seededRandom(hashOf(`${seed}/${label}`))
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    weighted(items) {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0)
      let left = next() * total
      for (const [item, weight] of items) {
        left -= weight
        if (left < 0) return item
      }
      return items[0][0]
    },
    poisson(mean) {
      const limit = Math.exp(-mean)
      let count = -1
      for (let product = 1; product > limit; product *= next()) count += 1
      return count
    },
  }
}

/** FNV-1a, 32 bit. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
