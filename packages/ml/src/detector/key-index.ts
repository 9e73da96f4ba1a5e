/**
 * Finds the place of a key in a column of the state. A table of numbers beside the column: a Map of as many strings, most of
 * which come once and go again, costs five times as much, most of it to clear away.
 *
 * A key has one place here, though the column may have it several times.
 */
export class KeyIndex {
  readonly #keys: readonly string[]
  /** Pairs of place + 1, or 0 where there is none, and the key's hash; linear probing. */
  #table = new Int32Array(2 * 1024)
  #mask = 1023
  #size = 0
  /** By place: what is forgotten is not read again for it. */
  #hashes = new Int32Array(1024)
  /** What was asked for last is mostly put next. */
  #lastKey = ''
  #lastHash: number
  /** What is found does not depend on it; it keeps those who choose keys from choosing where they stand. */
  readonly #seed = Math.floor(Math.random() * 2 ** 31)

  /** @param keys the column, which may change between calls as they say */
  constructor(keys: readonly string[]) {
    this.#keys = keys
    this.#lastHash = this.#hash('')
  }

  /** −1 when it has none. */
  find(key: string): number {
    this.#lastKey = key
    this.#lastHash = this.#hash(key)
    return (this.#table[2 * this.#slotOf(key, this.#lastHash)] ?? 0) - 1
  }

  /** The key stands at `place` of the column now; where it had another place, that one no longer counts. */
  put(place: number): void {
    const key = this.#keys[place] ?? ''
    const hash = key === this.#lastKey ? this.#lastHash : this.#hash(key)
    const slot = this.#slotOf(key, hash)
    this.#keep(place, hash)
    if (this.#table[2 * slot] === 0) this.#size++
    this.#table[2 * slot] = place + 1
    this.#table[2 * slot + 1] = hash
    if (2 * this.#size > this.#mask) this.#grow()
  }

  /** Forgets the key that was put at `place`, unless another place of it counts by now. */
  remove(place: number): void {
    let hole = (this.#hashes[place] ?? 0) & this.#mask
    while (this.#table[2 * hole] !== place + 1) {
      if (this.#table[2 * hole] === 0) return
      hole = (hole + 1) & this.#mask
    }
    this.#size--
    // What stands behind in the same run moves up, or it would not be found across the hole.
    for (let slot = (hole + 1) & this.#mask; this.#table[2 * slot] !== 0; slot = (slot + 1) & this.#mask) {
      const home = (this.#table[2 * slot + 1] ?? 0) & this.#mask
      if (((slot - home) & this.#mask) < ((slot - hole) & this.#mask)) continue
      this.#table[2 * hole] = this.#table[2 * slot] ?? 0
      this.#table[2 * hole + 1] = this.#table[2 * slot + 1] ?? 0
      hole = slot
    }
    this.#table[2 * hole] = 0
  }

  #keep(place: number, hash: number): void {
    if (place >= this.#hashes.length) {
      const longer = new Int32Array(2 * Math.max(place, this.#hashes.length))
      longer.set(this.#hashes)
      this.#hashes = longer
    }
    this.#hashes[place] = hash
  }

  /** Where the key stands, or the free slot where it would. */
  #slotOf(key: string, hash: number): number {
    let slot = hash & this.#mask
    for (;;) {
      const place = (this.#table[2 * slot] ?? 0) - 1
      if (place < 0 || (this.#table[2 * slot + 1] === hash && this.#keys[place] === key)) return slot
      slot = (slot + 1) & this.#mask
    }
  }

  #grow(): void {
    const before = this.#table
    this.#mask = 2 * this.#mask + 1
    this.#table = new Int32Array(2 * (this.#mask + 1))
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] === 0) continue
      let slot = (before[at + 1] ?? 0) & this.#mask
      while (this.#table[2 * slot] !== 0) slot = (slot + 1) & this.#mask
      this.#table[2 * slot] = before[at] ?? 0
      this.#table[2 * slot + 1] = before[at + 1] ?? 0
    }
  }

  /** FNV-1a, and a last stir: serial numbers differ in their last digits only. */
  #hash(key: string): number {
    let hash = this.#seed
    for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return hash ^ (hash >>> 13)
  }
}
