import type { Detector, JsonValue } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** Of the columns in the states of all detectors; the next when one of them is laid out otherwise. */
export const layout = 3

/**
 * What a detector looks things up with, beside its state: maps, which are no plain JSON. Built once for each state object,
 * again after a restart, and gone with the state. Whoever changes the state changes the index with it.
 *
 * A state that another release has saved is emptied: what stands in its columns would be taken for something else.
 *
 * @throws AndonError MEMORY_INCOMPATIBLE for such a state, once: it can be used from then on
 */
export function derivedFrom<State extends JsonValue & { readonly layout: number }, Index>(
  { name, init }: Pick<Detector<State>, 'name' | 'init'>,
  build: (state: State) => Index,
): (state: State) => Index {
  const built = new WeakMap<State, Index>()
  return (state) => {
    const known = built.get(state)
    if (known !== undefined) return known
    const { layout: found = 1 }: { readonly layout?: number } = state
    if (found !== layout) {
      Object.assign(state, init())
      throw new AndonError('MEMORY_INCOMPATIBLE', { details: { detector: name, found, expected: layout } })
    }
    const index = build(state)
    built.set(state, index)
    return index
  }
}
