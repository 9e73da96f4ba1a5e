import { KeyIndex } from './key-index.js'

/** The cases that are kept in mind, column by column: the one with the sequence number n stands at n modulo their most. */
export type CaseRingState = {
  /** Cases ever opened; the next has this number. */
  count: number
  /** `keyOfPair` of the unit and the fault. */
  readonly keys: number[]
  /** When each began, in milliseconds. */
  readonly at: number[]
  /** The case before it of the same unit and fault, by sequence number; −1 for none. One that is forgotten is below `count − most`. */
  readonly before: number[]
}

export const emptyCaseRing = (): CaseRingState => ({ count: 0, keys: [], at: [], before: [] })

/**
 * Tells new cases from those that are told again: a unit's reports of one fault within `window` of the first are one case.
 * The case opened first is forgotten first. Costs one look-up a feedback.
 */
export class CaseRing {
  readonly #state: CaseRingState
  readonly #most: number
  readonly #window: number
  /** The place of the latest case. */
  readonly #latest: KeyIndex

  /**
   * @param most cases kept in mind
   * @param window in milliseconds
   */
  constructor(state: CaseRingState, most: number, window: number) {
    this.#state = state
    this.#most = most
    this.#window = window
    this.#latest = new KeyIndex(state.keys)
    for (let number = Math.max(0, state.count - most); number < state.count; number++)
      this.#latest.put(number % most)
  }

  /**
   * Opens a case, unless it is one already.
   *
   * @param key `keyOfPair` of the unit and the fault; the unit is the serial number, or the feedback's id where none is known,
   *   so that the same feedback counts once
   * @param at when it happened, in milliseconds; later and earlier than the case's beginning alike
   * @returns the place of the new case, whose former one is forgotten; −1 when the case is known
   */
  open(key: number, at: number): number {
    const { keys, before, count } = this.#state
    const latest = this.#numberAt(this.#latest.find(key))
    const first = count - this.#most
    for (let number = latest; number >= 0 && number >= first; number = before[number % this.#most] ?? -1)
      if (Math.abs(at - (this.#state.at[number % this.#most] ?? 0)) <= this.#window) return -1
    const place = count % this.#most
    if (place < keys.length) this.#latest.remove(place)
    keys[place] = key
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
