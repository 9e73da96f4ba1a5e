import type { Action } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { subjectKey } from '../../connector/subject.js'

/** What no two actions may change at once: the machine of a parameter, else the thing itself. */
export function lockKeysOf({ target, params }: Action, kind: ActionKind | undefined): readonly string[] {
  const subjects = effectsOf(kind, params) ?? []
  const keys = subjects.map(({ subject }) =>
    subject.kind === 'parameter' ? `equipment:${subject.equipment}` : subjectKey(subject),
  )
  return [...new Set(keys)].map((key) => `${prefixOf(target)}${key}`)
}

/** No name has that character in it. */
const prefixOf = (target: string): string => `${target}\u0000`

/** Mutual exclusion by key. An action keeps its locks from before its first try until it is settled. */
export class Locks {
  readonly #owners = new Map<string, string>()

  isFree(keys: readonly string[], id: string): boolean {
    return keys.every((key) => (this.#owners.get(key) ?? id) === id)
  }

  /** Takes all or none. */
  take(keys: readonly string[], id: string): boolean {
    if (!this.isFree(keys, id)) return false
    for (const key of keys) this.#owners.set(key, id)
    return true
  }

  /** Whoever has locks of a target loses them. */
  releaseTarget(target: string): void {
    const prefix = prefixOf(target)
    for (const key of this.#owners.keys()) if (key.startsWith(prefix)) this.#owners.delete(key)
  }

  release(keys: readonly string[], id: string): void {
    for (const key of keys) if (this.#owners.get(key) === id) this.#owners.delete(key)
  }
}
