/** Where time comes from. The system's by default; a virtual one in tests, replays and simulations. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls back once when `milliseconds` have passed; the returned function cancels. */
  setTimer(milliseconds: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (milliseconds, callback) => {
    // A timer of ours never keeps the host process alive.
    const timer = setTimeout(callback, Math.min(milliseconds, 2_147_483_647))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
