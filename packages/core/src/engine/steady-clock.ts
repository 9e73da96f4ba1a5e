import type { Clock } from '../connector/clock.js'

/** A clock that never goes back. */
export interface SteadyClock extends Clock {
  /** It shows `instant` (epoch ms) at least: time that was written down before has passed. */
  notBefore(instant: number): void
}

/**
 * Makes a clock steady. A clock that is set back would leave retries, graces and expiries waiting for the time that it
 * lost, and write instants that lie before what they follow. While the given clock is behind what was shown before, time
 * goes on at half its pace, as `adjtime` does it, until the given clock has caught up.
 */
export function steadyClock(clock: Clock): SteadyClock {
  let seen = clock.now()
  let shown = seen
  return {
    now() {
      const now = clock.now()
      shown = Math.max(now, shown + Math.max(0, now - seen) / 2)
      seen = now
      return Math.floor(shown)
    },
    setTimer: (milliseconds, callback) => clock.setTimer(milliseconds, callback),
    notBefore(instant) {
      shown = Math.max(shown, instant)
    },
  }
}
