import type { Value } from '../value.js'
import { Leaf } from './leaf.js'
import type { RowColumns } from './row-columns.js'

class Node {
  children: Map<Value, Node> | undefined
  leaf: Leaf | undefined
}

/** Leaves by the values of the same columns: one look-up a column, whatever the number of keys. */
export class KeyTree {
  readonly #slots: readonly number[]
  readonly #root = new Node()

  constructor(slots: readonly number[]) {
    this.#slots = slots
  }

  get isEmpty(): boolean {
    return this.#root.children === undefined && this.#root.leaf === undefined
  }

  /** The leaf of a key, new if need be. */
  leafOf(key: readonly Value[]): Leaf {
    let node = this.#root
    for (const value of key) {
      node.children ??= new Map()
      const child = node.children.get(value) ?? new Node()
      node.children.set(value, child)
      node = child
    }
    node.leaf ??= new Leaf()
    return node.leaf
  }

  /** Lets go of a key whose leaf is empty. */
  prune(key: readonly Value[]): void {
    prune(this.#root, key, 0)
  }

  find(columns: RowColumns): Leaf | undefined {
    let node: Node | undefined = this.#root
    for (const slot of this.#slots) {
      node = node.children?.get(columns.value(slot))
      if (node === undefined) return undefined
    }
    return node.leaf
  }
}

function prune(node: Node, key: readonly Value[], depth: number): void {
  if (depth === key.length) {
    if (node.leaf?.isEmpty) node.leaf = undefined
    return
  }
  const value = key[depth] ?? null
  const child = node.children?.get(value)
  if (child === undefined) return
  prune(child, key, depth + 1)
  if (child.leaf !== undefined || child.children !== undefined) return
  node.children?.delete(value)
  if (node.children?.size === 0) node.children = undefined
}
