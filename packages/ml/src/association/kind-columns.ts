import type { AssociationState } from './association-state.js'

/**
 * The attributes of the state kind by kind: which one the case at each place has, as its number + 1, and 0 for none. Derived
 * from the state, and written with it: a look reads them in one go, where the lists of the cases lie all over the memory.
 */
export class KindColumns {
  readonly #state: AssociationState
  readonly #columns: Int32Array[] = []

  constructor(state: AssociationState) {
    this.#state = state
    const { attributes, attributeNames, mostAttributes } = state
    for (const [at, number] of attributes.entries())
      if (number > 0)
        this.put(attributeNames.kindOf[number - 1] ?? 0, Math.floor(at / mostAttributes), number)
  }

  /** By number of the kind; one that is shorter has nothing behind its end. */
  get columns(): readonly Int32Array[] {
    return this.#columns
  }

  /** The case at the place has this attribute, which is of this kind. */
  put(kind: number, place: number, number: number): void {
    const column = this.#columns[kind]
    if (column !== undefined && place < column.length) column[place] = number
    else this.#lengthen(kind, place)[place] = number
  }

  /** Forgets the attributes of the case at the place. */
  clear(place: number): void {
    for (const column of this.#columns) if (place < column.length) column[place] = 0
  }

  #lengthen(kind: number, place: number): Int32Array {
    while (this.#columns.length <= kind) this.#columns.push(new Int32Array(0))
    const longer = new Int32Array(Math.min(this.#state.mostCases, Math.max(512, 2 * place)))
    longer.set(this.#columns[kind] ?? [])
    this.#columns[kind] = longer
    return longer
  }
}
