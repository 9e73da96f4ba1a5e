import type { Clock } from '@andon/core/connector'

/** A clock that the data drives. */
export interface ReplayClock extends Clock {
  /**
   * Moves on to an instant (epoch ms), never back. Each timer that is due by then rings once, at the new instant:
   * between two filing dates nothing happened that a ring for every second could have told.
   */
  moveTo(instant: number): void
}

interface Timer {
  readonly due: number
  readonly ring: () => void
}

export function replayClock(start: number): ReplayClock {
  let now = start
  const timers = new Set<Timer>()
  return {
    now: () => now,
    setTimer(milliseconds, callback) {
      const timer: Timer = { due: now + Math.max(0, milliseconds), ring: callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    moveTo(instant) {
      now = Math.max(now, instant)
      const due = [...timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due)
      for (const timer of due) {
        // One that rang before may have cancelled it.
        if (timers.delete(timer)) timer.ring()
      }
    },
  }
}
