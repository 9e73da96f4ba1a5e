import { frozen } from '../contract/frozen.js'

/** A map's face inside a transaction: reads see its own writes, and nobody else does before `commit`. */
export interface StagedMap<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
  values(): V[]
  /** How many keys were written or deleted. */
  readonly size: number
  commit(): void
}

/** Values go in as frozen copies, so that nobody can change a stored one from outside. */
export function stagedMap<V>(committed: Map<string, V>): StagedMap<V> {
  const staged = new Map<string, { readonly value: V } | undefined>()
  return {
    get(key) {
      return staged.has(key) ? staged.get(key)?.value : committed.get(key)
    },
    set(key, value) {
      staged.set(key, { value: frozen(structuredClone(value)) })
    },
    delete(key) {
      staged.set(key, undefined)
    },
    values() {
      const untouched = [...committed].filter(([key]) => !staged.has(key)).map(([, value]) => value)
      return [...untouched, ...[...staged.values()].flatMap((entry) => (entry ? [entry.value] : []))]
    },
    get size() {
      return staged.size
    },
    commit() {
      for (const [key, entry] of staged) {
        if (entry === undefined) committed.delete(key)
        else committed.set(key, entry.value)
      }
    },
  }
}
