import type { Row } from '../compile.js'
import type { Atom, Test } from './atom.js'
import { placeOf } from './number-line.js'
import type { RowColumns } from './row-columns.js'

/** One way in which a condition can be true, as it stands in one leaf. */
export class Entry {
  readonly id: number
  /** What the leaf's key has not proved. */
  readonly atoms: readonly Atom[]
  /** What is still to be asked where the leaf's index finds the entry; empty when that proves everything. */
  rest: readonly Test[] = noTests
  /** False once it was removed: structures that are not yet rebuilt may still hold it. */
  live = true

  constructor(id: number, atoms: readonly Atom[]) {
    this.id = id
    this.atoms = atoms
  }
}

/** Shared, so that entries that need none have none of their own. */
export const noTests: readonly Test[] = []

/** One question to the index, and the answers so far. The same object serves one question after another. */
export class Search {
  readonly columns: RowColumns
  #row: Row = { feedback: undefined, now: 0, group: [], aggregates: [] }
  #into: number[] = []
  /** By id: the round in which it was found last, so that each is told once. */
  readonly #foundIn: number[] = []
  #round = 0

  constructor(columns: RowColumns) {
    this.columns = columns
  }

  begin(row: Row, into: number[]): void {
    this.columns.begin(row.feedback)
    this.#row = row
    this.#into = into
    this.#round++
  }

  /** Makes room, so that every id has its place. */
  know(id: number): void {
    while (this.#foundIn.length <= id) this.#foundIn.push(0)
  }

  /** Where the column's value stands among numbers; NaN, which is in no range, when it is none. */
  place(slot: number): number {
    return placeOf(this.columns.value(slot)) ?? Number.NaN
  }

  /** An entry whose witness is true. */
  offer(entry: Entry): void {
    if (entry.live && this.holds(entry.rest)) this.tell(entry.id)
  }

  holds(tests: readonly Test[]): boolean {
    for (let i = 0; i < tests.length; i++) if (tests[i]?.(this.#row) !== true) return false
    return true
  }

  /** The condition is true. */
  tell(id: number): void {
    if (this.#foundIn[id] === this.#round) return
    this.#foundIn[id] = this.#round
    this.#into.push(id)
  }
}

/** Something that finds entries by one column. */
export interface Finder {
  find(search: Search): void
}
