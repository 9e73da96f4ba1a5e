const slotMs = 20
const slots = 1000 / slotMs

/** At most so many starts within any second, counted in slots of 20 ms. */
export class RateLimit {
  readonly #perSecond: number
  readonly #starts = new Map<number, number>()
  #count = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** How many may start now. */
  room(now: number): number {
    const oldest = Math.floor(now / slotMs) - slots
    for (const [slot, count] of this.#starts) {
      // A second back from any instant of this slot reaches into the slot that is 50 before it.
      if (slot >= oldest && slot <= oldest + slots) break
      this.#starts.delete(slot)
      this.#count -= count
    }
    return Math.max(0, Math.floor(this.#perSecond) - this.#count)
  }

  take(count: number, now: number): void {
    const slot = Math.floor(now / slotMs)
    this.#starts.set(slot, (this.#starts.get(slot) ?? 0) + count)
    this.#count += count
  }

  /** When there may be room again (epoch ms). */
  nextRoom(now: number): number {
    const [first] = this.#starts.keys()
    return first === undefined ? now : (first + slots + 1) * slotMs
  }
}
