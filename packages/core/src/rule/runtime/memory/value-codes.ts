import type { Value } from '../value.js'

/**
 * Small whole numbers for values, so that they can be kept among numbers and compared at a glance. Uses are counted,
 * and a code is forgotten with its last one; NULL is always 0.
 */
export class ValueCodes {
  readonly #codes = new Map<Value, number>([[null, 0]])
  readonly #values: Value[] = [null]
  readonly #uses: number[] = [1]
  readonly #free: number[] = []

  /** The code of a value that is in use; undefined when it is not. */
  find(value: Value): number | undefined {
    return this.#codes.get(value)
  }

  /** The code of a value, used once more. */
  take(value: Value): number {
    let code = this.#codes.get(value)
    if (code === undefined) {
      code = this.#free.pop() ?? this.#values.length
      this.#codes.set(value, code)
      this.#values[code] = value
      this.#uses[code] = 0
    }
    this.#uses[code] = (this.#uses[code] ?? 0) + 1
    return code
  }

  valueOf(code: number): Value {
    return this.#values[code] ?? null
  }

  /** One use less. */
  release(code: number): void {
    if (code === 0) return
    const left = (this.#uses[code] ?? 0) - 1
    this.#uses[code] = left
    if (left > 0) return
    this.#codes.delete(this.#values[code] ?? null)
    this.#values[code] = null
    this.#free.push(code)
  }
}
