/** In periods: what comes later is not counted among the delays. */
export const longestDelay = 104

/** What is known of the time between what happens and its report. */
export type DelayState = {
  /** Cases by delay, of periods so old that every delay would have been seen. */
  readonly settled: number[]
  /** The period of the first row. */
  from: number
  /** One row for each later period, by delay: a triangle, since long delays are still to come. */
  readonly rows: number[][]
}

export const noDelays = (): DelayState => ({ settled: [], from: 0, rows: [] })

/** Adds a case. What happened before the first row can only have come late and would make delays look long: left out. */
export function countDelay(state: DelayState, period: number, delay: number): void {
  const row = period - state.from
  if (row < 0 || delay > longestDelay) return
  while (state.rows.length <= row) state.rows.push([])
  addAt(state.rows[row] ?? [], delay, 1)
}

function addAt(row: number[], place: number, cases: number): void {
  while (row.length <= place) row.push(0)
  row[place] = (row[place] ?? 0) + cases
}

/** Puts rows that are complete together. */
export function settleDelays(state: DelayState, now: number): void {
  while (state.rows.length > 0 && now - state.from > longestDelay) {
    for (const [delay, cases] of (state.rows.shift() ?? []).entries()) addAt(state.settled, delay, cases)
    state.from++
  }
}

/** So many cases besides are taken not to have come so late: a delay that two of three old cases had is no rule yet. */
const few = 20

/**
 * G(d), the share of cases that are reported within d periods, from the reverse hazard:
 *
 * g(d) = n(delay = d) / n(delay ≤ d), of periods at least d old; G(d) = ∏ (1 − g(j)) over j > d
 *
 * @param now the latest period that has ended
 * @returns by d, 0 to the longest delay
 * @see J. D. Kalbfleisch, J. F. Lawless, J. Am. Stat. Assoc. 84 (1989) 360–372
 */
export function reportedShares(state: DelayState, now: number): Float64Array {
  // Of delay d, and up to delay d among the periods where d can be seen; that by its steps from one d to the next.
  const exactly = new Float64Array(longestDelay + 1)
  const steps = new Float64Array(longestDelay + 2)
  const addRow = (row: readonly number[], longestSeen: number): void => {
    let sum = 0
    for (let delay = 0; delay <= longestSeen && delay < row.length; delay++) {
      const cases = row[delay] ?? 0
      sum += cases
      exactly[delay] = (exactly[delay] ?? 0) + cases
      steps[delay] = (steps[delay] ?? 0) + cases
    }
    steps[longestSeen + 1] = (steps[longestSeen + 1] ?? 0) - sum
  }
  addRow(state.settled, longestDelay)
  for (const [index, row] of state.rows.entries())
    addRow(row, Math.min(longestDelay, now - state.from - index))
  const within = Float64Array.from(steps)
  for (let delay = 1; delay <= longestDelay; delay++)
    within[delay] = (within[delay] ?? 0) + (within[delay - 1] ?? 0)
  const shares = new Float64Array(longestDelay + 1)
  let share = 1
  for (let delay = longestDelay; delay >= 0; delay--) {
    shares[delay] = share
    const upTo = within[delay] ?? 0
    share *= 1 - (exactly[delay] ?? 0) / (upTo + few)
  }
  return shares
}
