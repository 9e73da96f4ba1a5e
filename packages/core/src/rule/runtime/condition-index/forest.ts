import type { Value } from '../value.js'
import type { Atom } from './atom.js'
import { KeyTree } from './key-tree.js'
import type { Leaf } from './leaf.js'
import type { Conjunction } from './normal-form.js'
import { type Placement, placementOf } from './placement.js'
import type { RowColumns } from './row-columns.js'
import type { Search } from './search.js'

/** Every tree is asked about every feedback: with more of them, keys are made of columns that have a tree already. */
const manyTrees = 48

/** A leaf, and how to find back to it. */
export interface Spot {
  readonly tree: KeyTree
  readonly key: readonly Value[]
  readonly leaf: Leaf
}

/** Conjunctions by the columns of their keys: one tree for all that have the same. */
export class Forest {
  readonly #columns: RowColumns
  /** By the columns of their keys. */
  readonly #trees = new Map<string, KeyTree>()
  #list: readonly KeyTree[] = []

  constructor(columns: RowColumns) {
    this.#columns = columns
  }

  /** The leaves where a conjunction belongs, and what is still to be asked there; none when it is never true. */
  spots(conjunction: Conjunction): { readonly spots: readonly Spot[]; readonly atoms: readonly Atom[] } {
    const placement = this.#placement(conjunction)
    if (placement === undefined) return { spots: [], atoms: [] }
    const tree = this.#treeOver(placement.slots)
    return {
      spots: placement.keys.map((key) => ({ tree, key, leaf: tree.leafOf(key) })),
      atoms: placement.atoms,
    }
  }

  /** Lets go of a leaf that has become empty, and of its tree with the last one. */
  leave({ tree, key, leaf }: Spot): void {
    if (!leaf.isEmpty) return
    tree.prune(key)
    if (tree.isEmpty && this.#trees.delete(tree.slots.join())) this.#list = [...this.#trees.values()]
  }

  find(search: Search): void {
    for (const tree of this.#list) tree.find(this.#columns, search)
  }

  #placement(conjunction: Conjunction): Placement | undefined {
    const placement = placementOf(conjunction)
    if (placement === undefined || this.#list.length < manyTrees) return placement
    const { slots } = placement
    if (slots.length <= 1 || this.#trees.has(slots.join())) return placement
    const known = this.#list
      .filter((tree) => tree.slots.length > 0 && tree.slots.every((slot) => slots.includes(slot)))
      .reduce<readonly number[]>((most, tree) => (tree.slots.length > most.length ? tree.slots : most), [])
    return placementOf(conjunction, known.length > 0 ? known : slots.slice(0, 1))
  }

  #treeOver(slots: readonly number[]): KeyTree {
    const name = slots.join()
    const known = this.#trees.get(name)
    if (known !== undefined) return known
    const tree = new KeyTree(slots)
    this.#trees.set(name, tree)
    this.#list = [...this.#trees.values()]
    return tree
  }
}
