import { KeyIndex } from './key-index.js'

/** Places in the order of their last use. All plain numbers: neighbours by place, −1 at the ends. */
export type RecencyState = {
  readonly newer: number[]
  readonly older: number[]
  newest: number
  oldest: number
}

export const emptyRecency = (): RecencyState => ({ newer: [], older: [], newest: -1, oldest: -1 })

/** The place is now the one used last. */
export function useAgain(state: RecencyState, place: number): void {
  if (place === state.newest) return
  unlink(state, place)
  append(state, place)
}

/** A place for something new: a further one, or when there are `most` the one used longest ago. */
export function takePlace(state: RecencyState, most: number): number {
  const isFull = state.newer.length >= most
  const place = isFull ? state.oldest : state.newer.length
  if (isFull) unlink(state, place)
  append(state, place)
  return place
}

function unlink(state: RecencyState, place: number): void {
  const { newer, older } = state
  const [next, previous] = [newer[place] ?? -1, older[place] ?? -1]
  if (next < 0) state.newest = previous
  else older[next] = previous
  if (previous < 0) state.oldest = next
  else newer[previous] = next
}

function append(state: RecencyState, place: number): void {
  state.older[place] = state.newest
  state.newer[place] = -1
  if (state.newest < 0) state.oldest = place
  else state.newer[state.newest] = place
  state.newest = place
}

/** Keys with a place each, in the order of their last use. */
export type LastUsedState = RecencyState & { readonly keys: string[] }

export const emptyLastUsed = (): LastUsedState => ({ keys: [], ...emptyRecency() })

/**
 * Places for a limited number of keys: when there are more, the key that was used longest ago gives its place to the new
 * one. Deleting a property and putting it back, which also keeps an order, costs ten times as much.
 */
export class LastUsed {
  readonly #state: LastUsedState
  readonly #most: number
  readonly #places: KeyIndex

  constructor(state: LastUsedState, most: number) {
    this.#state = state
    this.#most = most
    this.#places = new KeyIndex(state.keys)
    for (const place of state.keys.keys()) this.#places.put(place)
  }

  /** The key's place, which is now the one used last; −1 when it has none. */
  use(key: string): number {
    const place = this.#places.find(key)
    if (place >= 0) useAgain(this.#state, place)
    return place
  }

  /** A place for a key that has none: a new one, or that of the key used longest ago, which is forgotten. */
  take(key: string): number {
    const place = takePlace(this.#state, this.#most)
    if (place < this.#state.keys.length) this.#places.remove(place)
    this.#state.keys[place] = key
    this.#places.put(place)
    return place
  }
}
