/** So many questions to DM at the same time: its gateway answers more with 429. */
const atOnce = 4

/** Works on all, a few at a time, and gives the results in order. After the first failure nothing more is begun. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>()
  const waiting = [...items.entries()]
  let failed = false
  const hand = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !failed; next = waiting.shift()) {
      const [index, item] = next
      try {
        results.set(index, await work(item))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, hand))
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result)
}

/** Pieces of at most `size`. */
export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

export const inChunks = <T, R>(
  items: readonly T[],
  size: number,
  work: (few: readonly T[]) => Promise<R>,
): Promise<readonly R[]> => inParallel(chunksOf(items, size), work)
