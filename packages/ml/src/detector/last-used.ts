/** Keys with a place each, in the order of their last use. All plain: neighbours by place, −1 at the ends. */
export type LastUsedState = {
  readonly keys: string[]
  readonly newer: number[]
  readonly older: number[]
  newest: number
  oldest: number
}

export const emptyLastUsed = (): LastUsedState => ({
  keys: [],
  newer: [],
  older: [],
  newest: -1,
  oldest: -1,
})

/**
 * Places for a limited number of keys: when there are more, the key that was used longest ago gives its place to the new
 * one. Deleting a property and putting it back, which also keeps an order, costs ten times as much.
 */
export class LastUsed {
  readonly #state: LastUsedState
  readonly #most: number
  readonly #places: Map<string, number>

  constructor(state: LastUsedState, most: number) {
    this.#state = state
    this.#most = most
    this.#places = new Map(state.keys.map((key, place) => [key, place]))
  }

  /** The key's place, which is now the one used last; −1 when it has none. */
  use(key: string): number {
    const place = this.#places.get(key) ?? -1
    if (place >= 0 && place !== this.#state.newest) {
      this.#unlink(place)
      this.#append(place)
    }
    return place
  }

  /** A place for a key that has none: a new one, or that of the key used longest ago, which is forgotten. */
  take(key: string): number {
    const { keys, oldest } = this.#state
    const isFull = keys.length >= this.#most
    const place = isFull ? oldest : keys.length
    if (isFull) {
      this.#places.delete(keys[place] ?? '')
      this.#unlink(place)
    }
    keys[place] = key
    this.#places.set(key, place)
    this.#append(place)
    return place
  }

  #unlink(place: number): void {
    const { newer, older } = this.#state
    const [next, previous] = [newer[place] ?? -1, older[place] ?? -1]
    if (next < 0) this.#state.newest = previous
    else older[next] = previous
    if (previous < 0) this.#state.oldest = next
    else newer[previous] = next
  }

  #append(place: number): void {
    const { newer, older, newest } = this.#state
    older[place] = newest
    newer[place] = -1
    if (newest < 0) this.#state.oldest = place
    else newer[newest] = place
    this.#state.newest = place
  }
}
