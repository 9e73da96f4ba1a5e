/** As long as there are no more, looking through all of them is faster than a Map, which stands all over memory. */
const mostInLine = 48

/** How many entries have each of some whole numbers; one leaves when its last entry leaves. */
export class References {
  #keys: number[] = []
  #uses: number[] = []
  #map: Map<number, number> | undefined

  get size(): number {
    return this.#map?.size ?? this.#keys.length
  }

  add(key: number): void {
    if (this.#map !== undefined) {
      this.#map.set(key, (this.#map.get(key) ?? 0) + 1)
      return
    }
    const place = this.#keys.indexOf(key)
    if (place >= 0) this.#uses[place] = (this.#uses[place] ?? 0) + 1
    else {
      this.#keys.push(key)
      this.#uses.push(1)
      if (this.#keys.length > mostInLine) this.#spread()
    }
  }

  remove(key: number): void {
    if (this.#map !== undefined) {
      const left = (this.#map.get(key) ?? 0) - 1
      if (left > 0) this.#map.set(key, left)
      else this.#map.delete(key)
      return
    }
    const place = this.#keys.indexOf(key)
    const left = (this.#uses[place] ?? 0) - 1
    if (left > 0) {
      this.#uses[place] = left
      return
    }
    // The last one takes the place of the one that goes.
    const lastKey = this.#keys.pop()
    const lastUses = this.#uses.pop()
    if (lastKey === undefined || lastUses === undefined || place === this.#keys.length) return
    this.#keys[place] = lastKey
    this.#uses[place] = lastUses
  }

  #spread(): void {
    this.#map = new Map(this.#keys.map((key, place) => [key, this.#uses[place] ?? 0]))
    this.#keys = []
    this.#uses = []
  }
}
