import type { Value } from '../value.js'
import { hashOfText } from './hash.js'
import { TextTable } from './text-table.js'

const firstRoom = 1 << 12
/** Which half of a double holds its sign, seen as two whole numbers. */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0
const low = 1 - high
/**
 * Upper halves of doubles that stand for what is no number: quiet NaNs that no calculation gives (IEEE 754). The
 * lower half says which: of a text its hash, the text itself stands beside.
 */
const textMark = 0xfff80001
const otherMark = 0xfff80002
const others: readonly Value[] = [null, false, true]

/**
 * The memory of all windows of an engine: one array of doubles, given out in blocks. What is kept of a feedback must
 * be small and stand together: with ten thousand windows the time goes into reaching their memory, not into
 * calculating.
 */
export class RingArena {
  #doubles = new Float64Array(firstRoom)
  #words = new Uint32Array(this.#doubles.buffer)
  readonly #texts = new TextTable()
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
    const mark = this.#words[2 * index + high]
    if (mark === textMark) return this.#texts.get(index)
    if (mark === otherMark) return others[this.#words[2 * index + low] ?? 0] ?? null
    return this.#doubles[index] ?? null
  }

  isNull(index: number): boolean {
    return this.#words[2 * index + high] === otherMark && this.#words[2 * index + low] === 0
  }

  /** Whether two values are the same; what differs mostly is told apart without reaching for the texts. */
  isSame(one: number, other: number): boolean {
    const words = this.#words
    const mark = words[2 * one + high]
    if (mark !== textMark && mark !== otherMark) return this.#doubles[one] === this.#doubles[other]
    return (
      words[2 * other + high] === mark &&
      words[2 * other + low] === words[2 * one + low] &&
      (mark === otherMark || this.#texts.get(one) === this.#texts.get(other))
    )
  }

  setValue(index: number, value: Value): void {
    if (typeof value === 'number') {
      this.#doubles[index] = value
      return
    }
    const isText = typeof value === 'string'
    this.#words[2 * index + high] = isText ? textMark : otherMark
    this.#words[2 * index + low] = isText ? hashOfText(value) : others.indexOf(value)
    if (isText) this.#texts.set(index, value)
  }

  /** A value that was set is needed no more. */
  dropValue(index: number): void {
    if (this.#words[2 * index + high] === textMark) this.#texts.set(index, null)
  }

  /** Moves doubles, values among them, to a place where they do not overlap with where they were. */
  move(from: number, to: number, length: number): void {
    for (let i = 0; i < length; i++) {
      if (this.#words[2 * (from + i) + high] !== textMark) continue
      this.#texts.set(to + i, this.#texts.get(from + i))
      this.#texts.set(from + i, null)
    }
    this.#doubles.copyWithin(to, from, from + length)
  }

  /** Lets two stretches of doubles, values among them, change places. */
  swap(one: number, other: number, length: number): void {
    const words = this.#words
    for (let i = 0; i < length; i++) {
      const [here, there] = [one + i, other + i]
      const [text, otherText] = [this.#texts.get(here), this.#texts.get(there)]
      if (text !== otherText) {
        this.#texts.set(here, otherText)
        this.#texts.set(there, text)
      }
      for (const half of [0, 1]) {
        const word = words[2 * here + half] ?? 0
        words[2 * here + half] = words[2 * there + half] ?? 0
        words[2 * there + half] = word
      }
    }
  }

  #grow(): void {
    const wider = new Float64Array(this.#doubles.length * 2)
    wider.set(this.#doubles)
    this.#doubles = wider
    this.#words = new Uint32Array(wider.buffer)
  }
}
