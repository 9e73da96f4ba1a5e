/** What waits for each signal, behind one listener: a listener for each of many calls is looked for one by one. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back once when the signal aborts; the returned function takes that back. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = waiting.get(signal)
  if (callbacks === undefined) {
    const all = new Set<() => void>()
    signal.addEventListener(
      'abort',
      () => {
        for (const each of [...all]) each()
      },
      { once: true },
    )
    waiting.set(signal, all)
    callbacks = all
  }
  const known = callbacks
  known.add(callback)
  return () => known.delete(callback)
}
