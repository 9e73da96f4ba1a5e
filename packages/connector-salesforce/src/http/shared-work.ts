import type { Clock } from '@andon/core/connector'
import { type Speaker, timedOut } from '../failures.js'

/**
 * Work that is done once for all who ask while it goes on. Whoever gives up leaves the others waiting: the work ends
 * by its own time limit, or when nobody waits for it any more.
 *
 * @param speaker whose error it is when a caller gives up
 */
export function sharedWork<T>(
  speaker: Speaker,
  work: (clock: Clock, signal: AbortSignal) => Promise<T>,
): (clock: Clock, signal: AbortSignal) => Promise<T> {
  let running: { readonly result: Promise<T>; readonly stopper: AbortController; waiting: number } | undefined
  return async (clock, signal) => {
    const started = clock.now()
    if (running === undefined) {
      const stopper = new AbortController()
      const result = work(clock, stopper.signal)
      const mine = { result, stopper, waiting: 0 }
      running = mine
      const settle = (): void => {
        if (running === mine) running = undefined
      }
      result.then(settle, settle)
    }
    const joined = running
    joined.waiting += 1
    let giveUp: () => void = () => undefined
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = () => reject(timedOut(speaker, clock.now() - started, new Error('aborted')))
      if (signal.aborted) giveUp()
      else signal.addEventListener('abort', giveUp, { once: true })
    })
    try {
      return await Promise.race([joined.result, givenUp])
    } finally {
      signal.removeEventListener('abort', giveUp)
      joined.waiting -= 1
      if (joined.waiting === 0) {
        // Whoever comes now begins anew instead of joining what is being stopped.
        if (running === joined) running = undefined
        joined.stopper.abort()
      }
    }
  }
}
