/** What waits for each signal, behind one listener: a listener for each of many calls is looked for one by one. */
const waiting = new WeakMap<AbortSignal, Waiting[]>()

interface Waiting {
  readonly callback: () => void
  place: number
}

/** Calls back once when the signal aborts; the returned function takes that back. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const all = waiting.get(signal) ?? listening(signal)
  const mine: Waiting = { callback, place: all.length }
  all.push(mine)
  return () => {
    if (all[mine.place] !== mine) return
    // The last one takes its place. A set would do, but all that passes through one lives till a full collection.
    const last = all.pop()
    if (last === undefined || last === mine) return
    all[mine.place] = last
    last.place = mine.place
  }
}

function listening(signal: AbortSignal): Waiting[] {
  const all: Waiting[] = []
  const tell = (): void => {
    for (const { callback } of [...all]) callback()
  }
  signal.addEventListener('abort', tell, { once: true })
  waiting.set(signal, all)
  return all
}
