import type { Expression } from '../../ast.js'
import type { Row } from '../compile.js'
import type { Value } from '../value.js'
import { AtomMaker } from './atom.js'
import { KeyTree } from './key-tree.js'
import type { Leaf } from './leaf.js'
import { conjunctionsOf } from './normal-form.js'
import { placementOf } from './placement.js'
import { RowColumns } from './row-columns.js'
import { Entry, Search } from './search.js'

/** One place where a condition stands. */
interface Standing {
  readonly tree: string
  readonly key: readonly Value[]
  readonly leaf: Leaf
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
  /** By the columns of their keys. */
  readonly #trees = new Map<string, KeyTree>()
  #treeList: readonly KeyTree[] = []
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
      const placement = placementOf(conjunction)
      if (placement === undefined) continue
      const { slots, keys, atoms } = placement
      const name = slots.join()
      const tree = this.#treeOver(name, slots)
      for (const key of keys) {
        const leaf = tree.leafOf(key)
        const entry = new Entry(id, atoms)
        leaf.add(entry)
        standings.push({ tree: name, key, leaf, entry })
      }
    }
    this.#standings.set(id, standings)
  }

  /** Does nothing when the id is not in use. */
  remove(id: number): void {
    const standings = this.#standings.get(id)
    if (standings === undefined) return
    this.#standings.delete(id)
    for (const { tree: name, key, leaf, entry } of standings) {
      leaf.remove(entry)
      const tree = this.#trees.get(name)
      if (!leaf.isEmpty || tree === undefined) continue
      tree.prune(key)
      if (!tree.isEmpty) continue
      this.#trees.delete(name)
      this.#treeList = [...this.#trees.values()]
    }
  }

  /** Replaces what is in `into` by the ids whose condition is true (not unknown) for the row: ascending, each once. */
  match(row: Row, into: number[]): void {
    into.length = 0
    const search = this.#search
    search.begin(row, into)
    for (const tree of this.#treeList) tree.find(this.#columns, search)
    sortAscending(into)
  }

  #treeOver(name: string, slots: readonly number[]): KeyTree {
    const known = this.#trees.get(name)
    if (known !== undefined) return known
    const tree = new KeyTree(slots)
    this.#trees.set(name, tree)
    this.#treeList = [...this.#trees.values()]
    return tree
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
