import type { Value } from '../value.js'
import { SortedNumbers } from './sorted-numbers.js'
import { ValueAccumulator } from './value-accumulator.js'

export class Percentile extends ValueAccumulator {
  readonly inOrder = false
  readonly #fraction: number
  readonly #sorted = new SortedNumbers()

  /** @param fraction 0 to 1 */
  constructor(fraction: number) {
    super()
    this.#fraction = fraction
  }

  addValue(value: Value): void {
    if (typeof value === 'number') this.#sorted.add(value)
  }

  removeValue(value: Value): void {
    if (typeof value === 'number') this.#sorted.remove(value)
  }

  value(): Value {
    return this.#sorted.quantile(this.#fraction)
  }
}
