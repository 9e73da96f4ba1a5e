/**
 * What a detector looks things up with, beside its state: maps, which are no plain JSON. Built once for each state object,
 * again after a restart, and gone with the state. Whoever changes the state changes the index with it.
 */
export function derivedFrom<State extends object, Index>(
  build: (state: State) => Index,
): (state: State) => Index {
  const built = new WeakMap<State, Index>()
  return (state) => {
    const known = built.get(state)
    if (known !== undefined) return known
    const index = build(state)
    built.set(state, index)
    return index
  }
}
