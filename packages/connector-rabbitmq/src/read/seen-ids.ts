const firstSize = 1024
const firstUnits = 16_384

/**
 * The ids of the latest additions, so many at most, told apart exactly.
 *
 * Their UTF-16 units stand in a ring, and those that fall into one bucket of a hash table are a chain from the newest to the
 * oldest, as deflate keeps the places of a text: what the ring has written over ends the chains that lead to it, so nothing
 * is ever taken out. For an id that is new, and nearly all are, mostly one number is read. A `Set` of as many texts reads
 * several of them for each, from all over the memory, makes its table of some megabytes anew every now and then, and the
 * garbage collector moves each text twice.
 */
export class SeenIds {
  readonly #limit: number
  /** Additions so far. The newest has this number. */
  #added = 0
  /** Places for numbers: a power of two, as the number of buckets, and more than the limit in the end. */
  #size = firstSize
  #hashes = new Uint32Array(firstSize)
  /** By bucket: the number of the newest; 0 where nothing ever was. */
  #newest = new Float64Array(2 * firstSize)
  /** By place: the number of the one before in the same bucket. */
  #before = new Float64Array(firstSize)
  /** By place: where the id begins, counted over all units that were ever written. */
  #starts = new Float64Array(firstSize)
  #units = new Uint16Array(firstUnits)
  #end = 0

  /** @param limit 0: nothing is remembered */
  constructor(limit: number) {
    this.#limit = limit
  }

  has(id: string, hash: number): boolean {
    const gone = Math.max(0, this.#added - this.#limit)
    let number = this.#newest[hash & (this.#newest.length - 1)] ?? 0
    while (number > gone) {
      const place = number & (this.#size - 1)
      if (this.#hashes[place] === hash && this.#isAt(number, id)) return true
      number = this.#before[place] ?? 0
    }
    return false
  }

  add(id: string, hash: number): void {
    if (this.#limit === 0) return
    if (this.#added + 1 === this.#size && this.#size <= this.#limit) this.#grow()
    this.#added += 1
    this.#write(id)
    this.#hashes[this.#added & (this.#size - 1)] = hash
    this.#enter(this.#added)
  }

  #startOf(number: number): number {
    return number > this.#added ? this.#end : (this.#starts[number & (this.#size - 1)] ?? 0)
  }

  #isAt(number: number, id: string): boolean {
    const start = this.#startOf(number)
    if (this.#startOf(number + 1) - start !== id.length) return false
    const last = this.#units.length - 1
    for (let index = 0; index < id.length; index += 1)
      if (this.#units[(start + index) & last] !== id.charCodeAt(index)) return false
    return true
  }

  #write(id: string): void {
    this.#starts[this.#added & (this.#size - 1)] = this.#end
    const oldest = this.#startOf(Math.max(1, this.#added - this.#limit + 1))
    while (this.#end + id.length - oldest > this.#units.length) {
      // Once in each half, what stood at the end of the ring and at its start is where it is looked for.
      const units = new Uint16Array(2 * this.#units.length)
      units.set(this.#units)
      units.set(this.#units, this.#units.length)
      this.#units = units
    }
    const last = this.#units.length - 1
    for (let index = 0; index < id.length; index += 1)
      this.#units[(this.#end + index) & last] = id.charCodeAt(index)
    this.#end += id.length
  }

  /** As the newest of its bucket. */
  #enter(number: number): void {
    const place = number & (this.#size - 1)
    const bucket = (this.#hashes[place] ?? 0) & (this.#newest.length - 1)
    this.#before[place] = this.#newest[bucket] ?? 0
    this.#newest[bucket] = number
  }

  /** Before the ring was ever full: so each stands at the place of its number, and stays there. */
  #grow(): void {
    this.#size *= 2
    this.#hashes = longer(this.#hashes, new Uint32Array(this.#size))
    this.#starts = longer(this.#starts, new Float64Array(this.#size))
    this.#before = new Float64Array(this.#size)
    this.#newest = new Float64Array(2 * this.#size)
    for (let number = 1; number <= this.#added; number += 1) this.#enter(number)
  }
}

function longer<Numbers extends Uint32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
