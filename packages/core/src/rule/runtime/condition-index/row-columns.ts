import type { FeedbackRecord } from '../../../feedback/schema.js'
import { columnOf } from '../../language/columns.js'
import { columnReader, type Reader } from '../columns.js'
import type { Value } from '../value.js'
import { foldCase } from './like-witness.js'

/**
 * The columns of the one feedback that is being matched: each is read at most once, however many conditions
 * ask for it. A column is known by its slot, a small number.
 */
export class RowColumns {
  readonly #slots = new Map<string, number>()
  readonly #readers: Reader[] = []
  readonly #values: Value[] = []
  /** The round in which the slot's value was read. */
  readonly #readIn: number[] = []
  #round = 0
  #feedback: FeedbackRecord | undefined

  /** Begins with another feedback: what was read before counts no more. */
  begin(feedback: FeedbackRecord | undefined): void {
    this.#feedback = feedback
    this.#round++
  }

  slot(path: readonly string[]): number {
    return this.#slotNamed(columnOf(path)?.name ?? path.join('.'), () => columnReader(path))
  }

  /** The slot of the same text without its case, for ILIKE. */
  folded(slot: number): number {
    return this.#slotNamed(`folded ${slot}`, () => () => {
      const text = this.value(slot)
      return typeof text === 'string' ? foldCase(text) : null
    })
  }

  value(slot: number): Value {
    if (this.#readIn[slot] !== this.#round) this.#read(slot)
    return this.#values[slot] ?? null
  }

  #read(slot: number): void {
    const feedback = this.#feedback
    this.#values[slot] = feedback === undefined ? null : (this.#readers[slot]?.(feedback) ?? null)
    this.#readIn[slot] = this.#round
  }

  #slotNamed(name: string, makeReader: () => Reader): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot = this.#readers.push(makeReader()) - 1
    this.#values.push(null)
    this.#readIn.push(0)
    this.#slots.set(name, slot)
    return slot
  }
}
