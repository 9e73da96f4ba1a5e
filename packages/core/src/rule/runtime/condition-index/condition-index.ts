import type { Expression } from '../../ast.js'
import type { Row } from '../compile.js'
import { AtomMaker } from './atom.js'
import { Forest, type Spot } from './forest.js'
import { conjunctionsOf } from './normal-form.js'
import { RowColumns } from './row-columns.js'
import { Entry, Search } from './search.js'

/** One place where a condition stands. */
interface Standing {
  readonly spot: Spot
  readonly entry: Entry
}

/**
 * Finds which of many conditions hold for one feedback, without asking each of them. A condition is taken
 * apart into an OR of ANDs, and every AND stands under the values that its columns must have; below one key,
 * ranges are sorted and texts are found by what they must contain. What that has not proved is asked of the
 * candidates that are left, by the same closures as everywhere.
 */
export class ConditionIndex {
  readonly #columns = new RowColumns()
  readonly #atoms = new AtomMaker(this.#columns)
  readonly #search = new Search(this.#columns)
  readonly #forest = new Forest(this.#columns)
  readonly #standings = new Map<number, readonly Standing[]>()

  /**
   * @param id a small whole number that is not in use; free again after `remove`
   * @param condition true or not for one feedback; undefined is always true
   */
  add(id: number, condition: Expression | undefined): void {
    this.#search.know(id)
    const conjunctions = condition === undefined ? [[]] : conjunctionsOf(condition, this.#atoms)
    const standings: Standing[] = []
    for (const conjunction of conjunctions) {
      const { spots, atoms } = this.#forest.spots(conjunction)
      for (const spot of spots) {
        const entry = new Entry(id, atoms)
        spot.leaf.add(entry)
        standings.push({ spot, entry })
      }
    }
    this.#standings.set(id, standings)
  }

  /** Does nothing when the id is not in use. */
  remove(id: number): void {
    const standings = this.#standings.get(id)
    if (standings === undefined) return
    this.#standings.delete(id)
    for (const { spot, entry } of standings) {
      spot.leaf.remove(entry)
      this.#forest.leave(spot)
    }
  }

  /** Replaces what is in `into` by the ids whose condition is true (not unknown) for the row: ascending, each once. */
  match(row: Row, into: number[]): void {
    into.length = 0
    const search = this.#search
    search.begin(row, into)
    this.#forest.find(search)
    sortAscending(into)
  }
}

/** A feedback meets few conditions as a rule: insertion is the fastest order for a handful. */
function sortAscending(ids: number[]): void {
  if (ids.length > 24) {
    ids.sort((a, b) => a - b)
    return
  }
  for (let i = 1; i < ids.length; i++) {
    const id = ids[i] ?? 0
    let at = i
    for (; at > 0 && (ids[at - 1] ?? 0) > id; at--) ids[at] = ids[at - 1] ?? 0
    ids[at] = id
  }
}
