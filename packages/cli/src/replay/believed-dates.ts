import { ChainLengths } from './chain-lengths.js'

const dayMs = 86_400_000

/** A date that lies no further before one in front of it is as good as in order: reports are entered in no exact order. */
export const toleratedDays = 7

/** An outermost row this far from all others (days) that nobody confirms is a slip of the pen … */
const lonelyDays = 366
/** … unless the other rows lie about as far from each other: so many times their widest gap. */
const lonelyGaps = 10

/**
 * Which dates of rows in their order can be right together: as many as possible of which none lies more than a week before
 * any in front of it. The fewest rows are taken to be wrong, by how much does not matter, so neither a date far ahead nor
 * one far back moves the others. Where two sets are as large, that which begins later and ends earlier: it leaps less.
 *
 * This is the longest non-decreasing subsequence, with tolerance: of all chains of rows whose latest date is d, only the
 * longest matters to the rows after it. A row of day x makes each chain with d from x to x + 7 one longer, and may begin
 * d = x on the longest chain with d < x. O(n log days).
 *
 * @param dates epoch ms in the order of the rows; NaN where there is none, which is never believed
 */
export function believedDates(dates: readonly number[]): Uint8Array {
  const days = dates.map((date) => Math.floor(date / dayMs))
  const places = [...new Set(days.filter((day) => !Number.isNaN(day)))].sort((a, b) => a - b)
  const placeOf = new Map(places.map((day, place) => [day, place]))
  /** The last place within the tolerance of each. */
  const reaches = reachesOf(places)
  const chains = new ChainLengths(places.length)
  /** Of each place, the row that last made its day the latest of its chain; of each such row, the one before it. */
  const leaders = new Int32Array(places.length).fill(-1)
  const before = new Int32Array(dates.length).fill(-1)
  for (const [row, day] of days.entries()) {
    const place = placeOf.get(day)
    if (place === undefined) continue
    const from = chains.longestBelow(place)
    const length = from < 0 ? 1 : chains.at(from) + 1
    chains.lengthen(place, reaches[place] ?? place)
    if (chains.at(place) >= length) continue
    chains.set(place, length)
    before[row] = from < 0 ? -1 : (leaders[from] ?? -1)
    leaders[place] = row
  }
  const believed = new Uint8Array(dates.length)
  let end = dates.length
  for (
    let leader = leaders[firstOfLongest(chains, places.length)] ?? -1;
    leader >= 0;
    leader = before[leader] ?? -1
  ) {
    const latest = days[leader] ?? Number.NaN
    for (let row = leader; row < end; row++) {
      const day = days[row] ?? Number.NaN
      if (day <= latest && day >= latest - toleratedDays) believed[row] = 1
    }
    end = leader
  }
  doubtLonelyEnds(believed, days)
  return believed
}

function firstOfLongest(chains: ChainLengths, places: number): number {
  let [best, length] = [-1, 0]
  for (let place = 0; place < places; place++) {
    const one = chains.at(place)
    if (one > length) [best, length] = [place, one]
  }
  return best
}

function reachesOf(places: readonly number[]): Int32Array {
  const reaches = new Int32Array(places.length)
  let last = 0
  for (const [place, day] of places.entries()) {
    while (last + 1 < places.length && (places[last + 1] ?? Number.POSITIVE_INFINITY) <= day + toleratedDays)
      last += 1
    reaches[place] = last
  }
  return reaches
}

/** What begins or ends the line contradicts nobody on its outer side: only how far it lies from all others can tell. */
function doubtLonelyEnds(believed: Uint8Array, days: readonly number[]): void {
  const rows = [...believed.keys()].filter((row) => believed[row] === 1)
  if (rows.length < 3) return
  const gaps = rows.slice(1).map((row, index) => (days[row] ?? 0) - (days[rows[index] ?? 0] ?? 0))
  const widest = (inner: readonly number[]): number => inner.reduce((most, gap) => Math.max(most, gap), 1)
  const isLonely = (gap: number | undefined, others: readonly number[]): boolean =>
    gap !== undefined && gap > Math.max(lonelyDays, lonelyGaps * widest(others))
  // Where there are gaps between others, the other end may be a slip as well.
  const inner = gaps.slice(1, -1)
  const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0]
  if (isLonely(gaps[0], inner.length > 0 ? inner : gaps.slice(1))) believed[first] = 0
  if (isLonely(gaps.at(-1), inner.length > 0 ? inner : gaps.slice(0, 1))) believed[last] = 0
}
