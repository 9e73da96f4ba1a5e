/** A name that could have been meant. A lower rank wins between equally near ones. */
export interface Candidate {
  readonly text: string
  readonly rank: number
}

/** Keywords valid here, then fields, functions, targets, action kinds and their parameters. */
export const candidateRank = { keyword: 0, field: 1, function: 2, target: 3, kind: 4, parameter: 5 } as const

/** Longer words are not typing slips of anything we know; they would only cost time. */
const longestWord = 64

/**
 * The least number of insertions, deletions, substitutions and swaps of neighbours that turn one word
 * into the other (optimal string alignment; Damerau 1964), or Infinity once it must exceed `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  const a = [...left]
  const b = [...right]
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  let leastBefore = 0
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1)
      }
      current.push(best)
    }
    // Nothing gets nearer again once two rows are beyond the limit: a swap reaches back that far.
    const least = Math.min(...current)
    if (least > limit && leastBefore > limit) return Number.POSITIVE_INFINITY
    leastBefore = least
    beforePrevious = previous
    previous = current
  }
  const distance = previous[b.length] ?? 0
  return distance > limit ? Number.POSITIVE_INFINITY : distance
}

/** One slip in a short word, two in a usual one, three in a long one. */
const slipsAllowed = (length: number): number => (length < 3 ? 0 : length < 5 ? 1 : length < 10 ? 2 : 3)

/** The candidate that was most likely meant by `word`, ignoring case; undefined when none is near. */
export function suggest(word: string, candidates: Iterable<Candidate>): string | undefined {
  if (word.length > longestWord) return undefined
  const wanted = word.toLowerCase()
  const limit = slipsAllowed([...wanted].length)
  let best: { text: string; rank: number; distance: number } | undefined
  for (const { text, rank } of candidates) {
    const distance = editDistance(wanted, text.toLowerCase(), limit)
    if (distance > limit) continue
    if (best === undefined || distance < best.distance || (distance === best.distance && rank < best.rank)) {
      best = { text, rank, distance }
    }
  }
  return best?.text
}

/** Candidates of one rank. */
export function candidates(texts: Iterable<string>, rank: number): readonly Candidate[] {
  return Array.from(texts, (text) => ({ text, rank }))
}
