import type { Clock } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** A clock that stands still until it is told to move. */
export interface VirtualClock extends Clock {
  /**
   * Moves on by `milliseconds` (0 or more), firing the timers that fall due on the way in the order of
   * their due times, each at its own instant; promises settle between two timers.
   */
  advance(milliseconds: number): Promise<void>
  /** Moves on to an instant (epoch ms or RFC 3339), never back. */
  advanceTo(instant: number | string): Promise<void>
  /** How many timers are set and not yet due. */
  pending(): number
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly callback: () => void
}

// Taken at import, so that a test runner's fake timers cannot stop this clock.
const nextTurn = setImmediate

/** Lets everything that waits only for promises go as far as it can. */
const settle = (): Promise<void> => new Promise((resolve) => nextTurn(resolve))

function instantOf(option: string, instant: number | string): number {
  const milliseconds = typeof instant === 'number' ? instant : Date.parse(instant)
  if (Number.isFinite(milliseconds)) return milliseconds
  throw new AndonError('OPTIONS_INVALID', { details: { option, problem: `"${instant}" is not an instant` } })
}

/**
 * A clock for tests, replays and simulations. Nothing ever waits for real time.
 *
 * @param start epoch ms or RFC 3339; 2026-01-01T00:00:00Z when absent, so that runs are alike
 * @throws AndonError OPTIONS_INVALID for what is not an instant, or one that lies behind
 * @example
 * const clock = virtualClock('2026-03-01T08:00:00Z')
 * clock.setTimer(1000, () => console.log('rings at', clock.now()))
 * await clock.advance(5000)
 */
export function virtualClock(start: number | string = '2026-01-01T00:00:00Z'): VirtualClock {
  let now = instantOf('start', start)
  let made = 0
  let moving: Promise<void> = Promise.resolve()
  const timers = new Set<Timer>()

  const earliest = (until: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) {
      if (timer.due > until) continue
      if (
        first === undefined ||
        timer.due < first.due ||
        (timer.due === first.due && timer.order < first.order)
      ) {
        first = timer
      }
    }
    return first
  }

  const move = async (target: () => number): Promise<void> => {
    await settle()
    const until = target()
    if (!(until >= now)) {
      throw new AndonError('OPTIONS_INVALID', {
        details: { option: 'instant', problem: 'time does not run backwards' },
      })
    }
    for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
      timers.delete(timer)
      now = Math.max(now, timer.due)
      timer.callback()
      await settle()
    }
    now = until
  }

  // Two moves asked for at once happen one after the other.
  const enqueue = (target: () => number): Promise<void> => {
    const moved = moving.then(() => move(target))
    moving = moved.catch(() => undefined)
    return moved
  }

  return {
    now: () => now,
    setTimer(milliseconds, callback) {
      made += 1
      const timer: Timer = { due: now + Math.max(0, milliseconds), order: made, callback }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    advance: (milliseconds) => enqueue(() => now + milliseconds),
    advanceTo: (instant) => enqueue(() => instantOf('instant', instant)),
    pending: () => timers.size,
  }
}
