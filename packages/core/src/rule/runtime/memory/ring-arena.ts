import type { Value } from '../value.js'
import { ValueCodes } from './value-codes.js'

const firstRoom = 1 << 12
/** Which half of a double holds its sign, seen as two whole numbers. */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0
const low = 1 - high
/** The upper half of doubles that stand for a code: numbers that are none, and that no calculation gives (IEEE 754). */
const codeMark = 0xfff80001

/**
 * The memory of all windows of an engine: one array of doubles, given out in blocks. What is kept of a feedback must
 * be small and stand together: with ten thousand windows the time goes into reaching their memory, not into
 * calculating.
 */
export class RingArena {
  /** For everything but numbers. */
  readonly codes = new ValueCodes()
  #doubles = new Float64Array(firstRoom)
  #words = new Uint32Array(this.#doubles.buffer)
  #end = 0
  /** Blocks that were given back, by the power of two that is their length. */
  readonly #free: number[][] = []

  /** A block of 2^`power` doubles; gives its first index. */
  take(power: number): number {
    const known = this.#free[power]?.pop()
    if (known !== undefined) return known
    const first = this.#end
    this.#end += 1 << power
    while (this.#end > this.#doubles.length) this.#grow()
    return first
  }

  giveBack(first: number, power: number): void {
    const blocks = this.#free[power] ?? []
    this.#free[power] = blocks
    blocks.push(first)
  }

  number(index: number): number {
    return this.#doubles[index] ?? Number.NaN
  }

  setNumber(index: number, value: number): void {
    this.#doubles[index] = value
  }

  value(index: number): Value {
    return this.#words[2 * index + high] === codeMark
      ? this.codes.valueOf(this.#words[2 * index + low] ?? 0)
      : (this.#doubles[index] ?? null)
  }

  /** The code of what is no number: 0 for NULL; -1 for numbers. */
  code(index: number): number {
    return this.#words[2 * index + high] === codeMark ? (this.#words[2 * index + low] ?? 0) : -1
  }

  setValue(index: number, value: Value): void {
    if (typeof value === 'number') {
      this.#doubles[index] = value
      return
    }
    this.#words[2 * index + high] = codeMark
    this.#words[2 * index + low] = this.codes.take(value)
  }

  /** A value that was set is needed no more. */
  dropValue(index: number): void {
    if (this.#words[2 * index + high] === codeMark) this.codes.release(this.#words[2 * index + low] ?? 0)
  }

  /** Moves doubles, values among them, to another place. */
  move(from: number, to: number, length: number): void {
    this.#doubles.copyWithin(to, from, from + length)
  }

  /** Lets two stretches of doubles, values among them, change places. */
  swap(one: number, other: number, length: number): void {
    const words = this.#words
    for (let i = 0; i < 2 * length; i++) {
      const word = words[2 * one + i] ?? 0
      words[2 * one + i] = words[2 * other + i] ?? 0
      words[2 * other + i] = word
    }
  }

  #grow(): void {
    const wider = new Float64Array(this.#doubles.length * 2)
    wider.set(this.#doubles)
    this.#doubles = wider
    this.#words = new Uint32Array(wider.buffer)
  }
}
