/** Baskets of numbers, laid out for mining: item 0 is the rarest of those that are frequent. */
export interface Baskets {
  /** Names by number. */
  readonly names: readonly string[]
  readonly counts: readonly number[]
  /** One basket after another, each in ascending order and ended by −1. */
  readonly flat: Int32Array
  /** Where each basket begins. */
  readonly starts: Int32Array
}

/** Leaves out items in fewer than `least` baskets; an item that is twice in a basket counts once. */
export function layOut(baskets: readonly (readonly string[])[], least: number): Baskets {
  const idOf = new Map<string, number>()
  const seenIn: number[] = []
  const count: number[] = []
  // Raw ids first: each name is looked up once.
  const raw = baskets.map((basket, index) => {
    const ids: number[] = []
    for (const name of basket) {
      let id = idOf.get(name)
      if (id === undefined) {
        id = idOf.size
        idOf.set(name, id)
      }
      if (seenIn[id] === index) continue
      seenIn[id] = index
      count[id] = (count[id] ?? 0) + 1
      ids.push(id)
    }
    return ids
  })
  const frequent = [...idOf]
    .map(([name, id]) => ({ name, id, count: count[id] ?? 0 }))
    .filter((item) => item.count >= least)
    // Names decide between equals, so that the order of the baskets does not.
    .sort((a, b) => a.count - b.count || (a.name < b.name ? -1 : 1))
  const rankOf = new Int32Array(idOf.size).fill(-1)
  for (const [rank, { id }] of frequent.entries()) rankOf[id] = rank
  const ranked = raw.map((ids) => sorted(ids.map((id) => rankOf[id] ?? -1).filter((rank) => rank >= 0)))
  const flat = new Int32Array(ranked.reduce((sum, { length }) => sum + length + 1, 0)).fill(-1)
  const starts = new Int32Array(ranked.length)
  let position = 0
  for (const [index, basket] of ranked.entries()) {
    starts[index] = position
    flat.set(basket, position)
    position += basket.length + 1
  }
  return { names: frequent.map(({ name }) => name), counts: frequent.map((item) => item.count), flat, starts }
}

/** By insertion: baskets are short. */
function sorted(ranks: number[]): number[] {
  for (let index = 1; index < ranks.length; index++) {
    const rank = ranks[index] ?? 0
    let place = index
    for (; place > 0 && (ranks[place - 1] ?? 0) > rank; place--) ranks[place] = ranks[place - 1] ?? 0
    ranks[place] = rank
  }
  return ranks
}
