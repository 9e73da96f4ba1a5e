import type { Value } from './value.js'

/** Finds what belongs to a tenant and some values, value by value: nothing is put together to be looked up. */
export class GroupIndex<T> {
  readonly #tenants = new Map<string, Branch<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(tenant: string, values: readonly Value[]): T | undefined {
    let branch = this.#tenants.get(tenant)
    for (let i = 0; i < values.length && branch !== undefined; i++) {
      branch = branch.under?.get(values[i] ?? null)
    }
    return branch?.leaf
  }

  set(tenant: string, values: readonly Value[], leaf: T): void {
    let branch = childOf(this.#tenants, tenant)
    for (const value of values) {
      branch.under ??= new Map()
      branch = childOf(branch.under, value)
    }
    if (branch.leaf === undefined) this.#size++
    branch.leaf = leaf
  }

  delete(tenant: string, values: readonly Value[]): void {
    const root = this.#tenants.get(tenant)
    if (root === undefined || !this.#prune(root, values, 0)) return
    this.#size--
    if (isBare(root)) this.#tenants.delete(tenant)
  }

  /** True when the leaf was there; branches that lead nowhere any more go with it. */
  #prune(branch: Branch<T>, values: readonly Value[], depth: number): boolean {
    if (depth === values.length) {
      const wasThere = branch.leaf !== undefined
      branch.leaf = undefined
      return wasThere
    }
    const value = values[depth] ?? null
    const next = branch.under?.get(value)
    if (next === undefined || !this.#prune(next, values, depth + 1)) return false
    if (isBare(next)) branch.under?.delete(value)
    return true
  }
}

interface Branch<T> {
  leaf: T | undefined
  under: Map<Value, Branch<T>> | undefined
}

function childOf<K, T>(branches: Map<K, Branch<T>>, key: K): Branch<T> {
  const known = branches.get(key)
  if (known !== undefined) return known
  const made: Branch<T> = { leaf: undefined, under: undefined }
  branches.set(key, made)
  return made
}

const isBare = <T>({ leaf, under }: Branch<T>): boolean => leaf === undefined && (under?.size ?? 0) === 0
