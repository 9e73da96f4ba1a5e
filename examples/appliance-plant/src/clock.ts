import type { Clock } from '@andon/core/connector'

/** Time that leaps, as for a machine that was asleep: what fell due on the way rings on arrival, once. */
export interface LeapClock extends Clock {
  /** Moves on to an instant (epoch ms), never back. */
  leapTo(instant: number): void
}

interface Timer {
  readonly due: number
  readonly callback: () => void
}

/**
 * The clock of the simulation. Twelve days hold a million of the engine's one-second ticks; leaping from
 * step to step spares them. It must stand still while an action is under way, for its deadline runs on it too.
 */
export function leapClock(from: number): LeapClock {
  let now = from
  const timers = new Set<Timer>()
  return {
    now: () => now,
    setTimer(milliseconds, callback) {
      const timer = { due: now + Math.max(0, milliseconds), callback }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    leapTo(instant) {
      now = Math.max(now, instant)
      const due = [...timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due)
      for (const timer of due) {
        if (timers.delete(timer)) timer.callback()
      }
    },
  }
}
