import { compare, type Value } from '../value.js'
import { ValueAccumulator } from './value-accumulator.js'

/** A monotonic queue: a value that a later one beats can never be the extreme again and is forgotten at once. */
export class Extreme extends ValueAccumulator {
  readonly inOrder = true
  readonly #wanted: -1 | 1
  #queue: Value[] = []
  #head = 0

  /** @param wanted -1 for the least, 1 for the greatest */
  constructor(wanted: -1 | 1) {
    super()
    this.#wanted = wanted
  }

  addValue(value: Value): void {
    if (value === null) return
    const queue = this.#queue
    while (queue.length > this.#head && (compare(value, queue.at(-1) ?? null) ?? 0) * this.#wanted > 0) {
      queue.pop()
    }
    queue.push(value)
  }

  removeValue(value: Value): void {
    if (value === null || this.#head >= this.#queue.length) return
    if (compare(this.#queue[this.#head] ?? null, value) !== 0) return
    this.#head++
    if (this.#head * 2 <= this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }

  value(): Value {
    return this.#queue[this.#head] ?? null
  }
}
