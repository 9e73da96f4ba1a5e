import { upperHalf } from './key.js'

/**
 * Finds the place of a key in a column of the state. A table of numbers beside the column: a Map of as many keys, most of
 * which come once and go again, costs several times as much, most of it to clear away.
 *
 * A key has one place here, though the column may have it several times.
 */
export class KeyIndex {
  readonly #keys: readonly number[]
  /** Pairs of place + 1, or 0 where there is none, and the key's hash; linear probing. */
  #table = new Int32Array(2 * 1024)
  #mask = 1023
  /** A key is looked for from the slot on that the hash says without so many of its bits. */
  #shift = 22
  #size = 0
  /** What is found does not depend on them; they keep those who choose keys from choosing where they stand. */
  readonly #factor = randomOdd()
  readonly #otherFactor = randomOdd()

  /** @param keys the column of `keyOf`, which may change between calls as they say */
  constructor(keys: readonly number[]) {
    this.#keys = keys
  }

  /** −1 when it has none. */
  find(key: number): number {
    return (this.#table[2 * this.#slotOf(key, this.#hash(key))] ?? 0) - 1
  }

  /** The key stands at `place` of the column now; where it had another place, that one no longer counts. */
  put(place: number): void {
    const key = this.#keys[place] ?? 0
    const hash = this.#hash(key)
    const slot = this.#slotOf(key, hash)
    if (this.#table[2 * slot] === 0) this.#size++
    this.#table[2 * slot] = place + 1
    this.#table[2 * slot + 1] = hash
    if (3 * this.#size > 2 * this.#mask) this.#grow()
  }

  /** Forgets the key that stands at `place` still, unless another place of it counts by now. */
  remove(place: number): void {
    const table = this.#table
    let hole = this.#hash(this.#keys[place] ?? 0) >>> this.#shift
    while (table[2 * hole] !== place + 1) {
      if (table[2 * hole] === 0) return
      hole = (hole + 1) & this.#mask
    }
    this.#size--
    // What stands behind in the same run moves up, or it would not be found across the hole.
    for (let slot = (hole + 1) & this.#mask; table[2 * slot] !== 0; slot = (slot + 1) & this.#mask) {
      const home = (table[2 * slot + 1] ?? 0) >>> this.#shift
      if (((slot - home) & this.#mask) < ((slot - hole) & this.#mask)) continue
      table[2 * hole] = table[2 * slot] ?? 0
      table[2 * hole + 1] = table[2 * slot + 1] ?? 0
      hole = slot
    }
    table[2 * hole] = 0
  }

  /** Where the key stands, or the free slot where it would. */
  #slotOf(key: number, hash: number): number {
    const table = this.#table
    let slot = hash >>> this.#shift
    for (;;) {
      const place = (table[2 * slot] ?? 0) - 1
      if (place < 0 || (table[2 * slot + 1] === hash && this.#keys[place] === key)) return slot
      slot = (slot + 1) & this.#mask
    }
  }

  #hash(key: number): number {
    return (Math.imul(key, this.#factor) + Math.imul(upperHalf(key), this.#otherFactor)) | 0
  }

  #grow(): void {
    const before = this.#table
    this.#mask = 2 * this.#mask + 1
    this.#shift--
    this.#table = new Int32Array(2 * (this.#mask + 1))
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] === 0) continue
      let slot = (before[at + 1] ?? 0) >>> this.#shift
      while (this.#table[2 * slot] !== 0) slot = (slot + 1) & this.#mask
      this.#table[2 * slot] = before[at] ?? 0
      this.#table[2 * slot + 1] = before[at + 1] ?? 0
    }
  }
}

const randomOdd = (): number => Math.floor(Math.random() * 2 ** 32) | 1
