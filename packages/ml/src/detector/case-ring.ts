import { KeyIndex } from './key-index.js'

/** The cases that are kept in mind, column by column: the one with the sequence number n stands at n modulo their most. */
export type CaseRingState = {
  /** Cases ever opened; the next has this number. */
  count: number
  readonly units: string[]
  readonly faults: string[]
  /** When each began, in milliseconds. */
  readonly at: number[]
  /** The unit's case before it, by sequence number; −1 for none. One that is forgotten is below `count − most`. */
  readonly before: number[]
}

export const emptyCaseRing = (): CaseRingState => ({ count: 0, units: [], faults: [], at: [], before: [] })

/**
 * Tells new cases from those that are told again: a unit's reports of one fault within `window` of the first are one case.
 * The case opened first is forgotten first. Costs one look-up a feedback.
 */
export class CaseRing {
  readonly #state: CaseRingState
  readonly #most: number
  readonly #window: number
  /** The place of a unit's latest case. */
  readonly #latest: KeyIndex

  /**
   * @param most cases kept in mind
   * @param window in milliseconds
   */
  constructor(state: CaseRingState, most: number, window: number) {
    this.#state = state
    this.#most = most
    this.#window = window
    this.#latest = new KeyIndex(state.units)
    for (let number = Math.max(0, state.count - most); number < state.count; number++)
      this.#latest.put(number % most)
  }

  /**
   * Opens a case, unless it is one already.
   *
   * @param unit the serial number; the feedback's id where none is known, so that the same feedback counts once
   * @param at when it happened, in milliseconds; later and earlier than the case's beginning alike
   * @returns the place of the new case, whose former one is forgotten; −1 when the case is known
   */
  open(unit: string, fault: string, at: number): number {
    const { units, faults, before, count } = this.#state
    const latest = this.#numberAt(this.#latest.find(unit))
    const first = count - this.#most
    for (let number = latest; number >= 0 && number >= first; number = before[number % this.#most] ?? -1) {
      const place = number % this.#most
      if (faults[place] === fault && Math.abs(at - (this.#state.at[place] ?? 0)) <= this.#window) return -1
    }
    const place = count % this.#most
    if (place < units.length) this.#latest.remove(place)
    units[place] = unit
    faults[place] = fault
    this.#state.at[place] = at
    before[place] = latest
    this.#state.count++
    this.#latest.put(place)
    return place
  }

  /** The sequence number of the case that stands there; −1 for no place. */
  #numberAt(place: number): number {
    if (place < 0) return -1
    const last = this.#state.count - 1
    return last - ((last - place) % this.#most)
  }
}
