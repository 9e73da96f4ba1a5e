/** Numbers in order, for quantiles of what comes and goes. Entering and leaving move what lies behind: fast to some ten thousand. */
export class SortedNumbers {
  readonly #numbers: number[] = []

  get size(): number {
    return this.#numbers.length
  }

  add(value: number): void {
    this.#numbers.splice(this.#placeOf(value), 0, value)
  }

  remove(value: number): void {
    const place = this.#placeOf(value)
    if (this.#numbers[place] === value) this.#numbers.splice(place, 1)
  }

  /**
   * PostgreSQL's `percentile_cont`: interpolated between the two nearest values.
   * @param fraction 0 to 1
   * @returns null when there is no value
   */
  quantile(fraction: number): number | null {
    const last = this.#numbers.length - 1
    if (last < 0) return null
    const place = fraction * last
    const low = this.#numbers[Math.floor(place)] ?? 0
    const high = this.#numbers[Math.ceil(place)] ?? low
    return low + (place - Math.floor(place)) * (high - low)
  }

  /** The first place whose number is not below the value. */
  #placeOf(value: number): number {
    let low = 0
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#numbers[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
