import type { Clock } from '@andon/core/connector'
import type { DigitalManufacturing } from '@andon/testkit'

/**
 * A clock on which time-outs fall due as soon as the simulator has decided never to answer, and never before: neither a
 * busy machine nor a real wait decides what a test sees.
 */
export function silenceClock(dm: DigitalManufacturing, at = Date.UTC(2026, 0, 1)): Clock {
  return {
    now: () => at,
    setTimer(_, callback) {
      const seen = dm.requests.length
      const watch = setInterval(() => {
        if (dm.requests.slice(seen).some(({ outcome }) => outcome === 'silence')) callback()
      }, 1)
      return () => clearInterval(watch)
    },
  }
}
