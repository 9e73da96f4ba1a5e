import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel'

const backoff = new ExponentialBackoff({
  generator: fullJitterGenerator,
  initialDelay: 250,
  maxDelay: 60_000,
})
/** From here on the delay has reached its longest. */
const longest = 12

/** How long to wait after try `attempt` (ms): exponential with full jitter, so that not all retries meet a recovering target at once. */
export function retryDelay(attempt: number): number {
  let next = backoff.next()
  for (let step = 1; step < Math.min(attempt, longest); step++) next = next.next(undefined)
  return Math.max(1, Math.ceil(next.duration))
}
