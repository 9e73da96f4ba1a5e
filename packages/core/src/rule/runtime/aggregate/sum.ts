import type { Value } from '../value.js'
import { ValueAccumulator } from './value-accumulator.js'

/**
 * A sum without rounding errors: the parts are kept apart that one double cannot hold together, so a sum
 * that numbers came into and left again is the same, to the last bit, as one made afresh from those that
 * are left. Replay and restart depend on that. Shewchuk, "Adaptive Precision Floating-Point Arithmetic"
 * (1997), with the correctly rounded end of Python's `math.fsum`. Finite numbers only.
 */
export class Sum extends ValueAccumulator {
  readonly inOrder = false
  readonly #name: 'SUM' | 'AVG'
  #present = 0
  /** They do not overlap; smallest first. Only the first `#count` of them are in use: shortening an array is slow. */
  readonly #parts: number[] = [0, 0]
  #count = 0

  constructor(name: 'SUM' | 'AVG') {
    super()
    this.#name = name
  }

  addValue(value: Value): void {
    if (typeof value !== 'number') return
    this.#add(value)
    this.#present++
  }

  removeValue(value: Value): void {
    if (typeof value !== 'number') return
    this.#present--
    if (this.#present === 0) this.#count = 0
    else this.#add(-value)
  }

  value(): Value {
    if (this.#present === 0) return null
    return this.#name === 'SUM' ? this.#total() : this.#total() / this.#present
  }

  #add(value: number): void {
    const parts = this.#parts
    let carried = value
    let kept = 0
    for (let i = 0; i < this.#count; i++) {
      const part = parts[i] ?? 0
      const isLarger = Math.abs(carried) >= Math.abs(part)
      const large = isLarger ? carried : part
      const small = isLarger ? part : carried
      carried = large + small
      const lost = small - (carried - large)
      if (lost !== 0) parts[kept++] = lost
    }
    if (carried !== 0) parts[kept++] = carried
    this.#count = kept
  }

  /** The double nearest to the exact sum. */
  #total(): number {
    const parts = this.#parts
    let next = this.#count - 1
    if (next < 0) return 0
    let sum = parts[next] ?? 0
    let lost = 0
    while (lost === 0 && next > 0) {
      const before = sum
      const part = parts[--next] ?? 0
      sum = before + part
      lost = part - (sum - before)
    }
    // Half way between two doubles: what is left below decides.
    const below = next > 0 ? (parts[next - 1] ?? 0) : 0
    if (lost !== 0 && Math.sign(lost) === Math.sign(below)) {
      const twice = lost * 2
      const rounded = sum + twice
      if (rounded - sum === twice) sum = rounded
    }
    return sum
  }
}
