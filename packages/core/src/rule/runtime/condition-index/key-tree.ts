import type { Value } from '../value.js'
import { Leaf } from './leaf.js'
import type { RowColumns } from './row-columns.js'
import type { Search } from './search.js'

type Branch = Map<Value, Branch | Leaf>

/** Leaves by the values of the same columns: one look-up a column, whatever the number of keys. */
export class KeyTree {
  /** The columns of the key, ascending. */
  readonly slots: readonly number[]
  #root: Branch | Leaf | undefined

  constructor(slots: readonly number[]) {
    this.slots = slots
  }

  get isEmpty(): boolean {
    return this.#root === undefined
  }

  /** The leaf of a key, new if need be. */
  leafOf(key: readonly Value[]): Leaf {
    this.#root ??= emptyNode(key, 0)
    return leafBelow(this.#root, key, 0)
  }

  /** Lets go of a key whose leaf is empty. */
  prune(key: readonly Value[]): void {
    if (this.#root !== undefined && prune(this.#root, key, 0)) this.#root = undefined
  }

  find(columns: RowColumns, search: Search): void {
    let node = this.#root
    for (let depth = 0; depth < this.slots.length; depth++) {
      if (!(node instanceof Map)) return
      node = node.get(columns.value(this.slots[depth] ?? 0))
    }
    if (node instanceof Leaf) node.find(search)
  }
}

const emptyNode = (key: readonly Value[], depth: number): Branch | Leaf =>
  depth < key.length ? new Map() : new Leaf()

function leafBelow(node: Branch | Leaf, key: readonly Value[], depth: number): Leaf {
  if (node instanceof Leaf) return node
  const value = key[depth] ?? null
  const child = node.get(value) ?? emptyNode(key, depth + 1)
  node.set(value, child)
  return leafBelow(child, key, depth + 1)
}

/** @returns whether nothing is left below */
function prune(node: Branch | Leaf, key: readonly Value[], depth: number): boolean {
  if (node instanceof Leaf) return node.isEmpty
  const value = key[depth] ?? null
  const child = node.get(value)
  if (child !== undefined && prune(child, key, depth + 1)) node.delete(value)
  return node.size === 0
}
