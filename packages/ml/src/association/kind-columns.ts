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
    for (let place = 0; place < state.ids.length; place++) this.put(place)
  }

  /** By number of the kind; one that is shorter has nothing behind its end. */
  get columns(): readonly Int32Array[] {
    return this.#columns
  }

  /** Takes over the attributes of the case at the place. */
  put(place: number): void {
    const { attributes, attributeNames, mostAttributes } = this.#state
    for (let at = place * mostAttributes; at < (place + 1) * mostAttributes; at++) {
      const number = attributes[at] ?? 0
      if (number === 0) return
      const kind = attributeNames.kindOf[number - 1] ?? 0
      this.#columnOf(kind, place)[place] = number
    }
  }

  /** Forgets them, while they still stand in the state. */
  remove(place: number): void {
    const { attributes, attributeNames, mostAttributes } = this.#state
    for (let at = place * mostAttributes; at < (place + 1) * mostAttributes; at++) {
      const number = attributes[at] ?? 0
      if (number === 0) return
      const column = this.#columns[attributeNames.kindOf[number - 1] ?? -1]
      if (column !== undefined) column[place] = 0
    }
  }

  #columnOf(kind: number, place: number): Int32Array {
    while (this.#columns.length <= kind) this.#columns.push(new Int32Array(0))
    const column = this.#columns[kind] ?? new Int32Array(0)
    if (place < column.length) return column
    const longer = new Int32Array(Math.min(this.#state.mostCases, Math.max(512, 2 * place)))
    longer.set(column)
    this.#columns[kind] = longer
    return longer
  }
}
